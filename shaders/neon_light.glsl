// Neon: a dark room lit by glowing tubes along the outline, at half size. rgb: display-linear light; a: distance to the
// outline in picture heights, reflected at the floor, from which neon.glsl draws the echoes sharply.
in vec2 v_uv;
out vec4 o_lit;

void main() {
  vec2 p = screen_of(v_uv);
  float below = max(u_floor - p.y, 0.0) * u_room;
  vec2 q = vec2(p.x, p.y + 2.0 * below);
  vec2 quv = uv_of(q);
  float d = distance_at(quv);
  vec2 wide = texture(u_wide, quv).rg;
  float away = mix(d, max(d, wide.g), smoothstep(0.6 * kGrown, 1.2 * kGrown, d)), outside = max(away, 0.0);
  vec3 warm = u_light.rgb, cold = partner(u_light.rgb);

  vec2 from = (q - vec2(0.0, u_floor + 0.45 * u_figure)) * vec2(0.6, 1.0);
  float room = exp(-dot(from, from) / 0.16);
  vec3 light = u_room * u_backdrop.rgb * (0.06 + 0.40 * room) * (0.7 + 0.6 * u_swell);

  float pulse = u_glow * (0.35 + 1.1 * u_throb);
  light += warm * (0.75 * exp(-outside / 0.007) + 0.16 * exp(-outside / 0.030)) * (0.35 + pulse);
  light += mix(warm, cold, 0.55) * wide.r * wide.r * 0.10 * (0.3 + pulse);

  // a flash runs outwards along the contours
  float ripple = 0.0;
  for (int i = 0; i < 4; ++i) {
    float late = outside - 0.55 * u_ripple_age[i];
    ripple += u_ripple_strength[i] * exp(-late * late / 0.0006 - 3.5 * u_ripple_age[i]);
  }
  light += mix(warm, cold, smoothstep(0.03, 0.16, outside)) * ripple * 0.34 * smoothstep(0.0, 0.012, outside) *
           smoothstep(2e-4, 4e-3, wide.r);

  float ember = texture(u_trail, quv).r * smoothstep(-0.002, 0.008, d);
  light += mix(cold, warm, ember * ember) * ember * ember * 0.55;

  if (below > 0.0) {
    light *= (0.06 + 0.42 * exp(-below / 0.055)) * (0.75 + 0.25 * textureLod(u_noise, p * vec2(0.6, 5.0), 0.0).g);
  }
  light += u_room * warm * 0.06 * exp(-abs(p.y - u_floor) / 0.002) * room;
  vec2 corner = (v_uv - 0.5) * vec2(1.5, 1.0);
  light *= 1.0 - u_room * 0.7 * smoothstep(0.3, 1.1, length(corner));
  o_lit = vec4(filmic(light * 1.1), away);
}
