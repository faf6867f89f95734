// Paper: all that lies on the sheet besides ink, at half size. r, g: distance to the outlines of the two coloured prints,
// picture heights (distances stay sharp when enlarged, coverage would not); b: wash of colour where bodies have been;
// a: how much light the sheet gives back.
in vec2 v_uv;
out vec4 o_lit;

void main() {
  vec2 p = screen_of(v_uv);
  float d = distance_at(v_uv);
  vec2 aside = vec2(0.010 + 0.022 * u_throb, 0.004 + 0.006 * u_throb) * u_figure;
  float left = distance_at(uv_of(p + aside)), right = distance_at(uv_of(p - aside * vec2(1.0, -0.6)));

  float wash = texture(u_trail, v_uv).r * smoothstep(-0.004, 0.004, d) * 0.7;
  wash += texture(u_wide, v_uv).r * 0.16 * u_glow * u_throb;
  for (int i = 0; i < 4; ++i) {
    float away = max(d, 0.0) - 0.16 * u_ripple_age[i];
    wash += 0.5 * u_ripple_strength[i] * exp(-away * away / 0.00003 - 4.0 * u_ripple_age[i]) *
            smoothstep(0.0, 0.006, d) * (1.0 - smoothstep(0.8 * kFar, 0.95 * kFar, d));
  }

  // a low sun from the left throws the figure's shade over the floor, the softer the further
  float below = max(u_floor - p.y, 0.0);
  float blur = 0.003 + 0.25 * below;
  float thrown = 1.0 - smoothstep(-blur, blur, distance_at(uv_of(vec2(p.x - 0.6 * below, u_floor + 1.6 * below))));
  float sheet = 1.0 - thrown * 0.34 * exp(-below / 0.10) * step(p.y, u_floor);
  sheet -= 0.05 * smoothstep(-0.004, 0.03, u_floor - p.y);
  vec2 corner = (v_uv - 0.5) * vec2(1.5, 1.0);
  sheet -= 0.16 * smoothstep(0.35, 1.0, length(corner));
  sheet *= 1.0 + 0.06 * (textureLod(u_noise, p * 0.9, 0.0).g - 0.5);
  o_lit = vec4(left, right, wash, sheet);
}
