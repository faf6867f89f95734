// The end of every look; put behind common.glsl where the output is drawn.
uniform int u_measuring;  // 1: drawing the small picture for the flash guard, linear and without grain
in vec2 v_uv;
out vec4 o_colour;

// The picture's own coordinates: the whole picture is turned round by the mirror.
vec2 picture_uv() { return vec2(mix(v_uv.x, 1.0 - v_uv.x, u_mirror), v_uv.y); }

// light: display-linear, 0..1
void finish(vec3 light) {
  if (u_measuring == 1) {
    o_colour = vec4(clamp(light, 0.0, 1.0), 1.0);
    return;
  }
  light = clamp(light * texelFetch(u_guard, ivec2(0), 0).r, 0.0, 1.0);
  ivec2 jump = ivec2(fract(u_seed * vec2(0.7548777, 0.5698403)) * 256.0);
  vec4 noise = texelFetch(u_noise, (ivec2(gl_FragCoord.xy) + jump) & 255, 0);
  float bell = noise.r + noise.a - 1.0;  // triangular, -1..1: as dither one step wide it hides all banding
  float grain = u_grain * 0.055 * sqrt(sqrt(max(luminance(light), 0.0)) + 0.02);
  o_colour = vec4(to_srgb(light) + bell * (grain + 1.0 / 255.0), 1.0);
}
