// The end of every look; put behind common.glsl where the output is drawn, with figures.glsl or no_figures.glsl after it.
uniform int u_measuring;  // 1: drawing the small picture for the flash guard, linear and without grain
in vec2 v_uv;             // of the picture: already turned round by the mirror
flat in float v_gain;     // of the flash guard
out vec4 o_colour;

// White noise with a triangular spread, -1..1, new in every frame: an integer hash of the pixel, two halves added.
float bell_noise() {
  uvec2 at = uvec2(gl_FragCoord.xy);
  uint h = at.x * 0x9E3779B1u ^ (at.y * 0x85EBCA77u + uint(u_seed) * 0xC2B2AE3Du);
  h = (h ^ (h >> 15)) * 0x2C1B3C6Du;
  h ^= h >> 13;
  return float(h & 0xFFFFu) * (1.0 / 65535.0) + float(h >> 16) * (1.0 / 65535.0) - 1.0;
}

float largest(vec3 c) { return max(c.r, max(c.g, c.b)); }

// Straight alpha: colour is what stands over black, and alpha is at least as much as that needs.
vec4 straight(vec3 over_black, float alpha) { return vec4(alpha > 0.0 ? over_black / alpha : vec3(0.0), alpha); }

// light: of this pixel, display-linear, 0..1; cover: how much of the pixel is body; beside: light of what is no body.
// Without a room a body hides what lies behind it, and light hides as much of it as it shines, so that over black all
// looks as it does in a dark room.
void finish(vec3 light, float cover, vec3 beside) {
  if (u_measuring == 1) {
    o_colour = vec4(clamp(light, 0.0, 1.0), 1.0);
    return;
  }
  vec3 s = to_srgb(clamp(light * v_gain, 0.0, 1.0));
  // grain is strongest in the middle tones; one 8-bit step of it stays everywhere and hides all banding
  float grain = u_grain * 0.06 * (0.2 + s.g * (1.0 - 0.75 * s.g));
  vec3 grainy = s + bell_noise() * (grain + 1.0 / 255.0);
  if (u_room > 0.5) {
    o_colour = vec4(grainy, 1.0);
    return;
  }
  float shine = largest(to_srgb(clamp(beside * v_gain, 0.0, 1.0)));
  float alpha = max(cover + (1.0 - cover) * shine, largest(s));
  o_colour = straight(mix(s, clamp(grainy, 0.0, alpha), min(alpha * 8.0, 1.0)), alpha);
}

// The same for ink on white: where there is no room, inks hide as much of what lies behind as they take from white.
void finish_ink(vec3 light, float cover) {
  if (u_room > 0.5 || u_measuring == 1) {
    finish(light, cover, light);
    return;
  }
  vec3 s = to_srgb(clamp(light, 0.0, 1.0));
  float alpha = max(cover, largest(1.0 - s));
  o_colour = straight(clamp(s - (1.0 - alpha), 0.0, alpha), alpha);
}
