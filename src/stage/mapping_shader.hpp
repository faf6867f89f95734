#pragma once
// The shaders of the mapping. They are part of the program, not of the folder of shaders: a file that somebody broke
// there must not darken an output.

namespace ombra::stage {

inline constexpr const char* kMappingCorners = R"(layout(location = 0) in vec4 position;
layout(location = 1) in vec2 place;
uniform vec4 u_across;  // picture's place for a step of the surface to the right, and down
uniform vec2 u_origin;
out vec2 v_place;    // of the surface, y down
out vec2 v_picture;  // of the texture, whose rows come from below
void main() {
  gl_Position = position;
  v_place = place;
  vec2 picture = u_origin + place.x * u_across.xy + place.y * u_across.zw;
  v_picture = vec2(picture.x, 1.0 - picture.y);
}
)";

// Before it stand the switches, uniforms or constants: REDUCES, ENLARGES, RIMMED, MASKED, COLOURED, BLENDED. Constants
// are for software renderers, which run both sides of a branch.
inline constexpr const char* kMappingFilter = R"(uniform sampler2D u_picture;
uniform vec2 u_size;  // of the picture, pixels

vec3 texel(ivec2 at) { return texelFetch(u_picture, clamp(at, ivec2(0), ivec2(u_size) - 1), 0).rgb; }

// Catmull-Rom without the four corners, whose shares are under 0.4 %, and without a halo: the value stays between the
// four texels around it. Where these are the same, more or less, they are enough. at: pixels.
vec3 enlarged(vec2 at) {
  vec2 low = floor(at - 0.5), f = at - 0.5 - low;
  ivec2 here = ivec2(low);
  vec2 w0 = f * (-0.5 + f * (1.0 - 0.5 * f)), w1 = 1.0 + f * f * (-2.5 + 1.5 * f);
  vec2 w2 = f * (0.5 + f * (2.0 - 1.5 * f)), w3 = f * f * (-0.5 + 0.5 * f);
  vec3 sum, least, most;
  vec4 weights = vec4(w1.x * w1.y, w2.x * w1.y, w1.x * w2.y, w2.x * w2.y);
  float weight = 0.0;
  int rounds = 1;
  for (int i = 0; i < rounds; ++i) {  // a loop, for software renderers leave one when no pixel needs more of it
    // the four in the middle; those at left and right; those below and above
    ivec4 x = i == 1 ? ivec4(-1, 2, -1, 2) : ivec4(0, 1, 0, 1);
    ivec4 y = i == 2 ? ivec4(-1, -1, 2, 2) : ivec4(0, 0, 1, 1);
    if (i == 1) weights = vec4(w0.x * w1.y, w3.x * w1.y, w0.x * w2.y, w3.x * w2.y);
    if (i == 2) weights = vec4(w1.x * w0.y, w2.x * w0.y, w1.x * w3.y, w2.x * w3.y);
    vec3 a = texel(here + ivec2(x.x, y.x)), b = texel(here + ivec2(x.y, y.y));
    vec3 c = texel(here + ivec2(x.z, y.z)), d = texel(here + ivec2(x.w, y.w));
    if (i == 0) {
      least = min(min(a, b), min(c, d)), most = max(max(a, b), max(c, d));
      vec3 range = most - least;
      if (max(range.r, max(range.g, range.b)) > 2.5 / 255.0) {
        rounds = 3;
      } else {
        weights = vec4((1.0 - f.x) * (1.0 - f.y), f.x * (1.0 - f.y), (1.0 - f.x) * f.y, f.x * f.y);
      }
      sum = vec3(0.0);
    }
    sum += a * weights.x + b * weights.y + c * weights.z + d * weights.w;
    weight += weights.x + weights.y + weights.z + weights.w;
  }
  return clamp(sum / weight, least, most);
}

// The mean of what one pixel of the output covers. right, up: its sides, in pixels of the picture.
vec3 reduced(vec2 at, vec2 right, vec2 up) {
  int columns = clamp(int(ceil(length(right))), 1, 8), rows = clamp(int(ceil(length(up))), 1, 8);
  vec3 sum = vec3(0.0);
  for (int i = 0; i < rows * columns; ++i) {
    vec2 step = (vec2(float(i % columns), float(i / columns)) + 0.5) / vec2(columns, rows) - 0.5;
    sum += textureLod(u_picture, (at + right * step.x + up * step.y) / u_size, 0.0).rgb;
  }
  return sum / float(rows * columns);
}

vec3 picture_at(vec2 place) {
  vec2 at = place * u_size;
  if (REDUCES) {
    vec2 right = dFdx(at), up = dFdy(at);
    if (!ENLARGES || max(dot(right, right), dot(up, up)) > 2.25) return reduced(at, right, up);  // 1.5 pixels
  }
  return enlarged(at);
}
)";

inline constexpr const char* kMappingColours = R"(in vec2 v_place;
in vec2 v_picture;
out vec4 colour;
uniform vec4 u_slice;  // place of the slice = place of the surface * xy + zw
uniform vec4 u_curve;  // contrast, what is added, exponent
uniform vec4 u_gains;
uniform vec4 u_blend_widths, u_blend_curves;  // left, right, upper, lower; a width below 0: none
uniform float u_light;                        // exponent from light to values
uniform sampler2D u_mask;
uniform vec2 u_output;  // pixels

// How much of the pixel lies within 0..1.
float inside(vec2 place) {
  vec2 step = vec2(length(vec2(dFdx(place.x), dFdy(place.x))), length(vec2(dFdx(place.y), dFdy(place.y))));
  vec2 low = clamp(0.5 + place / step, 0.0, 1.0), high = clamp(0.5 + (1.0 - place) / step, 0.0, 1.0);
  return low.x * low.y * high.x * high.y;
}

float blend(vec2 slice) {
  vec4 t = clamp(vec4(slice.x, 1.0 - slice.x, slice.y, 1.0 - slice.y) / u_blend_widths, 0.0, 1.0);
  t = mix(t, vec4(1.0), lessThan(u_blend_widths, vec4(0.0)));
  vec4 part = 0.5 * pow(2.0 * min(t, 1.0 - t), u_blend_curves), w = mix(part, 1.0 - part, greaterThan(t, vec4(0.5)));
  return pow(w.x * w.y * w.z * w.w, u_light);
}

void main() {
  vec2 slice = v_place * u_slice.xy + u_slice.zw;
  float light = 1.0;
  if (RIMMED) light = inside(v_place) * inside(slice);
  if (MASKED) light *= textureLod(u_mask, gl_FragCoord.xy / u_output, 0.0).r;
  vec3 seen = picture_at(v_picture);
  if (COLOURED) seen = clamp(pow(clamp(seen * u_curve.x + u_curve.y, 0.0, 1.0), vec3(u_curve.z)) * u_gains.rgb, 0.0, 1.0);
  if (BLENDED) light *= blend(slice);
  colour = vec4(seen * light, 1.0);
}
)";

}  // namespace ombra::stage
