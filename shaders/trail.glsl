// What moving outlines leave behind, in linear light. r: embers, the outline's own light dying away; g: smoke, the
// body's shade dying away more slowly. Both rise and drift a little. The decay is exact for any step:
// value(t + step) = value(t) exp(-step / tau).
in vec2 v_uv;
out vec4 o_trail;

void main() {
  float tau = mix(0.04, 1.6, u_trails * u_trails);
  vec2 p = screen_of(v_uv);
  vec2 curl = texture(u_noise, p * 0.35 + vec2(0.013, -0.021) * u_time).gr - 0.5;
  vec2 wind = vec2(0.05 * curl.x, 0.035 + 0.03 * curl.x) * (0.5 + u_level);
  vec2 before = texture(u_trail, uv_of(p - wind * u_step)).rg;
  float d = distance_at(v_uv);
  float ember = exp(-abs(d) / 0.007);
  float shade = smoothstep(0.004, -0.004, d);
  vec2 now = before * exp(-u_step / vec2(tau, 1.5 * tau));
  o_trail = vec4(max(now, vec2(ember, shade)), 0.0, 1.0);
}
