// Neon: dark room, glowing tubes along the outline, echoes of it that travel outwards with the beat. Half size.
in vec2 v_uv;
out vec4 o_lit;

// Screen heights to the outline, going on beyond where the field ends: there the blurred silhouette says how far.
float far_distance(vec2 uv) {
  float d = distance_at(uv);
  float blurred = 0.062 * sqrt(max(-2.0 * log(max(texture(u_wide, uv).r * 1.6, 1e-4)), 0.0));
  return mix(d, max(blurred, 0.75 * u_far), smoothstep(0.5 * u_far, 0.92 * u_far, d));
}

void main() {
  vec2 p = screen_of(v_uv);
  float below = max(u_floor - p.y, 0.0);
  vec2 q = vec2(p.x, p.y < u_floor ? u_floor + below : p.y);
  vec2 quv = uv_of(q);
  float d = far_distance(quv);
  float outside = max(d, 0.0);
  vec3 warm = u_light.rgb, cold = opposite(u_light.rgb);

  float r = length((q - vec2(0.0, u_floor + 0.45 * u_figure)) * vec2(0.7, 1.0));
  vec3 light = u_backdrop.rgb * (0.10 + 0.55 * exp(-r * r / 0.16)) * (0.7 + 0.6 * u_level);

  float pulse = u_glow * (0.6 + 0.9 * u_bass);
  light += warm * (0.9 * exp(-outside / 0.008) + 0.28 * exp(-outside / 0.035)) * (0.35 + pulse);

  // echoes: contours of equal distance, one spacing further out with every beat
  float spacing = 0.034;
  float phase = outside / spacing - u_beat_phase;
  float line = abs(fract(phase) - 0.5) * spacing;
  float ring = floor(phase) - floor(u_beat) + u_beat;
  float thin = 0.0011 + 0.0004 * u_treble;
  float reach = 0.05 + 0.11 * u_level;
  float echo = exp(-line * line / (thin * thin)) * exp(-outside / reach) * smoothstep(0.006, 0.02, outside);
  float ripple = 0.0;
  for (int i = 0; i < 4; ++i) {
    float away = outside - 0.42 * u_ripple_age[i];
    ripple += u_ripple_strength[i] * exp(-away * away / 0.0005) * exp(-2.6 * u_ripple_age[i]);
  }
  vec3 hue = mix(warm, cold, smoothstep(0.0, 0.16, outside));
  light += hue * echo * (0.55 + 3.0 * ripple);
  light += mix(cold, warm, 0.3) * ripple * 0.22 * smoothstep(0.0, 0.01, outside);

  vec2 trail = texture(u_trail, quv).rg;
  float ember = max(trail.r - exp(-abs(d) / 0.007), 0.0);
  light += mix(cold, warm, ember) * ember * 0.8;

  if (p.y < u_floor) {
    light *= (0.10 + 0.40 * exp(-below / 0.06)) * (0.8 + 0.2 * texture(u_noise, p * vec2(0.6, 5.0)).g);
  }
  light += warm * 0.05 * exp(-abs(p.y - u_floor) / 0.002) * exp(-r * r / 0.3);
  vec2 corner = (v_uv - 0.5) * vec2(min(u_aspect, 1.6), 1.0);
  light *= 1.0 - 0.7 * smoothstep(0.3, 1.1, length(corner));
  o_lit = vec4(filmic(light * 1.1), 1.0);
}
