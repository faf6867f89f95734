// Paper: what lies on the sheet besides ink: washes of colour where bodies have been, and a soft floor. Half size.
// r, g: strength of the two washes 0..1; b: shade of the sheet 0..1; a: 1.
in vec2 v_uv;
out vec4 o_lit;

void main() {
  vec2 p = screen_of(v_uv);
  float d = distance_at(v_uv);
  vec2 trail = texture(u_trail, v_uv).rg;
  float smoke = trail.g * smoothstep(-0.004, 0.004, d);
  float wide = texture(u_wide, v_uv).r;
  float ripple = 0.0;
  for (int i = 0; i < 4; ++i) {
    float away = max(d, 0.0) - 0.16 * u_ripple_age[i];
    ripple += u_ripple_strength[i] * exp(-away * away / 0.00003) * exp(-4.0 * u_ripple_age[i]);
  }
  ripple *= step(d, 0.95 * u_far) * smoothstep(0.0, 0.006, d);

  float below = u_floor - p.y;
  float blur = 0.003 + 0.25 * max(below, 0.0);
  float thrown = below > 0.0 ? (1.0 - smoothstep(-blur, blur, distance_at(uv_of(vec2(p.x - 0.6 * below, u_floor + 1.6 * below))))) : 0.0;
  float shade = thrown * 0.30 * exp(-max(below, 0.0) / 0.10);
  shade += 0.05 * smoothstep(-0.004, 0.03, below);
  vec2 corner = (v_uv - 0.5) * vec2(min(u_aspect, 1.6), 1.0);
  shade += 0.16 * smoothstep(0.35, 1.0, length(corner));
  o_lit = vec4(clamp(smoke * 0.8 + ripple * 0.5, 0.0, 1.0), wide * (0.25 + 0.4 * u_glow * u_bass), shade, 1.0);
}
