// Lantern: the silhouettes in front of their light.
void main() {
  vec2 uv = picture_uv();
  vec3 light = texture(u_lit, uv).rgb;
  vec4 mask = texture(u_mask, uv);
  // light creeps round the body's edge, and what stands further back has more lit air before it
  vec3 body = u_ink.rgb * mask.a + light * (mask.g * (0.10 + 0.25 * u_glow * u_bass) + 0.35 * mask.r);
  finish(light * (1.0 - mask.a) + body);
}
