// Put before every shader file: the two uniform blocks, the samplers, and functions that several looks use.
// README.md says what each value means. Screen coordinates p: in screen heights, x from the middle, y up from the
// lower edge. Picture coordinates of a dancer: 0..1, y down.

layout(std140, binding = 0) uniform Frame {
  vec4 u_ink;
  vec4 u_light;
  vec4 u_backdrop;
  vec4 u_ripple_age;
  vec4 u_ripple_strength;
  vec2 u_resolution;
  float u_aspect;
  float u_time;
  float u_step;
  float u_beat;
  float u_beat_phase;
  float u_swell;
  float u_throb;
  float u_flash;
  float u_glow;
  float u_trails;
  float u_softness;
  float u_grain;
  float u_mirror;
  float u_floor;
  float u_figure;
  float u_far;
  float u_seed;
  float u_room;
};

layout(std140, binding = 1) uniform Figures {
  vec4 u_place[MAX_DANCERS];
  vec4 u_near_box[MAX_DANCERS];
  vec4 u_far_box[MAX_DANCERS];
  vec4 u_tint[MAX_DANCERS];
};

layout(binding = 0) uniform sampler2DArray u_field;
layout(binding = 1) uniform sampler2D u_mask;
layout(binding = 2) uniform sampler2D u_distance;
layout(binding = 3) uniform sampler2D u_trail;
layout(binding = 4) uniform sampler2D u_wide_x;
layout(binding = 5) uniform sampler2D u_wide;
layout(binding = 6) uniform sampler2D u_rays;
layout(binding = 7) uniform sampler2D u_lit;
layout(binding = 8) uniform sampler2D u_measured;
layout(binding = 9) uniform sampler2D u_guard;
layout(binding = 10) uniform sampler2D u_noise;

// picture heights; the field says nothing beyond (field_textures.hpp)
const float kFar = 8.0 / 96.0;
const float kSoft = 0.035;
// The wide blur: silhouettes grown by kGrown, so that no limb is too thin for it, then a Gaussian of kSpread.
const float kGrown = 0.055, kSpread = 0.06;

vec2 screen_of(vec2 uv) { return vec2((uv.x - 0.5) * u_aspect, uv.y); }
vec2 uv_of(vec2 p) { return vec2(p.x / u_aspect + 0.5, p.y); }

float luminance(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// Distance to the nearest outline in picture heights, negative inside; from the half-size picture.
float distance_at(vec2 uv) { return texture(u_distance, uv).r; }

// Coverage of a blurred silhouette: the edge is `width` picture heights wide to each side.
float shade_at(vec2 uv, float width) { return 1.0 - smoothstep(-width, width, distance_at(uv)); }

// Filmic curve for display-linear light (Narkowicz 2015, "ACES filmic tone mapping curve").
vec3 filmic(vec3 x) {
  x = max(x, 0.0);
  return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

// Linear light to sRGB (IEC 61966-2-1). The power 1/2.4 is fitted by square roots, which cost a third of it in software:
// off by at most 0.00036, a tenth of an 8-bit step.
vec3 to_srgb(vec3 c) {
  vec3 root = sqrt(c), fourth = sqrt(root);
  vec3 power = 0.833755 * root + 0.298107 * fourth - 0.055318 * c - 0.076903;
  return mix(12.92 * c, power, step(0.0031308, c));
}

// A second colour of tubes: the light's own numbers passed round, so that orange goes with violet, red with blue. Between
// the two lie clear colours, where opposite ones would give gray.
vec3 partner(vec3 c) { return c.gbr * 1.6; }

// What light lies opposite on the colour circle, equally bright: for echoes and shadows that must differ from u_light.
vec3 opposite(vec3 c) {
  vec3 turned = vec3(max(c.r, max(c.g, c.b)) + min(c.r, min(c.g, c.b))) - c;
  return turned * (luminance(c) / max(luminance(turned), 1e-3));
}
