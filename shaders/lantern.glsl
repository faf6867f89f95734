// Lantern: the silhouettes in front of their light.
void main() {
  vec3 light = texture(u_lit, v_uv).rgb;
  vec4 mask = mask_here();
  // light creeps round the body's edge, and what stands further back has more lit air before it
  float creep = mask.g * mask.g / max(mask.a, 1e-3);
  vec3 body = u_ink.rgb * mask.a + light * (creep * (0.08 + 0.30 * u_glow * u_throb) + 0.32 * mask.r);
  finish(light * (1.0 - mask.a) + body, mask.a, light);
}
