// Neon: dark bodies with a bright tube just inside their outline.
void main() {
  vec2 uv = picture_uv();
  vec3 light = texture(u_lit, uv).rgb;
  vec4 mask = texture(u_mask, uv);
  float rim = mask.g / max(mask.a, 1e-3);
  float tube = smoothstep(0.42, 0.62, rim) * mask.a;
  float core = smoothstep(0.56, 0.72, rim) * (1.0 - smoothstep(0.86, 0.97, rim)) * mask.a;
  vec3 bright = mix(u_light.rgb, vec3(1.0), 0.25) * (1.0 - 0.6 * mask.r / max(mask.a, 1e-3));
  vec3 body = u_ink.rgb * mask.a + u_light.rgb * mask.g * mask.g * (0.18 + 0.2 * u_bass);
  vec3 colour = light * (1.0 - mask.a) + body;
  colour = mix(colour, bright, tube * 0.85);
  finish(mix(colour, vec3(1.0, 0.97, 0.92), core * (0.55 + 0.4 * u_onset)));
}
