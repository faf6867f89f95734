// The end of every look; put behind common.glsl where the output is drawn.
uniform int u_measuring;  // 1: drawing the small picture for the flash guard, linear and without grain
in vec2 v_uv;             // of the picture: already turned round by the mirror
flat in float v_gain;     // of the flash guard
out vec4 o_colour;

// The silhouettes' mask at this pixel: one texel, as the mask is as large as the output.
vec4 mask_here() { return texelFetch(u_mask, ivec2(v_uv * u_resolution), 0); }

// White noise with a triangular spread, -1..1, new in every frame: an integer hash of the pixel, two halves added.
float bell_noise() {
  uvec2 at = uvec2(gl_FragCoord.xy);
  uint h = at.x * 0x9E3779B1u ^ (at.y * 0x85EBCA77u + uint(u_seed) * 0xC2B2AE3Du);
  h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
  h ^= h >> 13;
  return float(h & 0xFFFFu) * (1.0 / 65535.0) + float(h >> 16) * (1.0 / 65535.0) - 1.0;
}

// light: display-linear, 0..1
void finish(vec3 light) {
  if (u_measuring == 1) {
    o_colour = vec4(clamp(light, 0.0, 1.0), 1.0);
    return;
  }
  vec3 s = to_srgb(clamp(light * v_gain, 0.0, 1.0));
  // grain is strongest in the middle tones; one 8-bit step of it stays everywhere and hides all banding
  float grain = u_grain * 0.06 * (0.2 + s.g * (1.0 - 0.75 * s.g));
  o_colour = vec4(s + bell_noise() * (grain + 1.0 / 255.0), 1.0);
}
