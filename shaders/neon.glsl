// Neon: dark bodies with a bright tube just inside their outline, and echoes of it that travel outwards with the beat.
void main() {
  vec4 lit = texture(u_lit, v_uv);
  vec4 mask = mask_here();

  // echoes: contours of equal distance, one spacing further out with every beat, bright where the room is bright
  const float kSpacing = 0.036;
  float outside = max(lit.a, 0.0);
  float across = (abs(fract(outside / kSpacing - u_beat_phase) - 0.5) * kSpacing) * u_figure * u_resolution.y;
  float wide_px = max(0.0013 * u_resolution.y, 0.7);
  // Beyond 0.31 wide_y.glsl knows no distance: with an echo there, the whole room would light up once a beat.
  float fade = exp2(-outside * 12.0) * smoothstep(0.008, 0.03, outside) * (1.0 - smoothstep(0.21, 0.29, outside));
  float line = clamp(1.5 - across / wide_px, 0.0, 1.0) * fade * (0.35 + 0.65 * u_swell);
  float below = step(v_uv.y, u_floor);
  vec3 hue = mix(u_light.rgb, partner(u_light.rgb), smoothstep(0.02, 0.15, outside));
  vec3 room = lit.rgb + hue * line * (0.50 + 3.0 * luminance(lit.rgb)) * (1.0 - 0.7 * below * u_room);

  float rim = mask.g / max(mask.a, 1e-3), haze = mask.r / max(mask.a, 1e-3);
  float tube = smoothstep(0.42, 0.62, rim) * mask.a;
  float core = smoothstep(0.56, 0.72, rim) * (1.0 - smoothstep(0.86, 0.97, rim)) * mask.a;
  vec3 colour = room * (1.0 - mask.a) + u_ink.rgb * 0.5 * mask.a + u_light.rgb * mask.g * mask.g * (0.10 + 0.2 * u_throb);
  colour = mix(colour, mix(u_light.rgb, vec3(1.0), 0.15) * (1.0 - haze), tube * 0.9);
  finish(mix(colour, vec3(1.0, 0.96, 0.90) * (1.0 - haze), core * (0.5 + 0.45 * u_flash)), mask.a, room);
}
