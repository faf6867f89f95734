// Paper: ink on a bright sheet, with two coloured prints that are never quite in register. For bright rooms.
void main() {
  vec2 uv = picture_uv();
  vec2 p = screen_of(uv);
  vec3 sheet = mix(vec3(0.90, 0.87, 0.80), u_light.rgb, 0.06);
  vec4 coarse = texture(u_noise, p * 0.9), fine = texture(u_noise, p * 3.1 + 0.37);
  float tooth = (coarse.g - 0.5) * 0.06 + (fine.b - 0.5) * 0.07;
  vec4 lit = texture(u_lit, uv);

  // prints are inks: they take light away, and where they overlap they take away more
  vec3 first = mix(vec3(1.0), u_light.rgb, 0.85), second = mix(vec3(1.0), opposite(u_light.rgb), 0.75);
  vec2 step_aside = vec2(0.010 + 0.022 * u_bass, 0.004 + 0.006 * u_bass) * u_figure;
  float left = texture(u_mask, uv_of(p + step_aside)).a, right = texture(u_mask, uv_of(p - step_aside * vec2(1.0, -0.6))).a;
  float dry = 0.82 + 0.5 * tooth + 0.18 * coarse.g;
  vec3 colour = sheet * (1.0 + tooth) * (1.0 - lit.b);
  colour *= mix(vec3(1.0), first, clamp(max(left * 0.9, lit.r) * dry, 0.0, 1.0));
  colour *= mix(vec3(1.0), second, clamp(max(right * 0.9, lit.g) * dry, 0.0, 1.0));

  vec4 mask = texture(u_mask, uv);
  float pool = 0.75 + 0.25 * mask.g / max(mask.a, 1e-3);  // ink gathers at the edge of the stroke
  vec3 ink = mix(u_ink.rgb, sheet * 0.35, (1.0 - pool) * 0.3 * coarse.g + 0.5 * mask.r / max(mask.a, 1e-3));
  finish(mix(colour, ink * (1.0 + tooth), mask.a));
}
