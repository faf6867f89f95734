// What moving outlines leave behind, in linear light. r: embers, 1 where an outline passes, dying away, rising and
// drifting a little; g: this frame's distance, for the next frame. The decay is exact for any step:
// value(t + step) = value(t) exp(-step / tau).
in vec2 v_uv;
out vec2 o_trail;

void main() {
  float tau = mix(0.03, 1.5, u_trails * u_trails);
  vec2 p = screen_of(v_uv);
  float curl = sin(9.0 * p.y - 1.1 * u_time) + sin(7.0 * p.x + 5.0 * p.y + 0.7 * u_time);
  vec2 wind = vec2(0.012 * curl, 0.030 + 0.008 * curl) * (0.4 + u_swell);
  float ember = texture(u_trail, uv_of(p - wind * u_step)).r * exp(-u_step / tau);

  // an outline that jumped over this place within the step did pass it: how long ago follows from the two distances
  float d = distance_at(v_uv), before = texture(u_trail, v_uv).g;
  float since = d * before < 0.0 ? abs(d) / (abs(d) + abs(before)) * u_step : 1e3;
  o_trail = vec2(max(ember, max(exp(-since / tau), exp(-abs(d) / 0.006))), d);
}
