// Paper: ink on a bright sheet, with two coloured prints that are never quite in register. For bright rooms.
void main() {
  vec4 lit = texture(u_lit, v_uv);
  vec4 mask = mask_here();
  float fibre = textureLod(u_noise, screen_of(v_uv) * 3.1, 0.0).b - 0.5;
  vec3 colour = mix(vec3(1.0), mix(vec3(0.90, 0.87, 0.80), u_light.rgb, 0.06) * lit.a * (1.0 + 0.07 * fibre), u_room);

  // prints are inks: they take light away, and where they overlap they take away more
  vec2 prints = clamp(0.5 - lit.rg * u_figure * u_resolution.y, 0.0, 1.0) * (0.78 + 0.25 * fibre);
  colour *= mix(vec3(1.0), mix(vec3(1.0), u_light.rgb, 0.85), max(prints.x, clamp(lit.b, 0.0, 1.0)));
  colour *= mix(vec3(1.0), mix(vec3(1.0), opposite(u_light.rgb), 0.75), prints.y);

  // the black ink gathers at the edge of the stroke and lets a little fibre through inside
  float inside = 1.0 - mask.g / max(mask.a, 1e-3), haze = mask.r / max(mask.a, 1e-3);
  vec3 ink = u_ink.rgb + vec3(0.30, 0.29, 0.27) * (inside * (0.05 + 0.05 * fibre) + 0.5 * haze);
  finish_ink(mix(colour, ink, mask.a), mask.a);
}
