// A picture of light, first half of the way to its distance field: for every pixel of the show's square the outline near
// it, as the straight line through the crossings towards its neighbours (near_outline in model/figure/distance.cpp).
// Writes [dancer][row][column]: to the outline point nearest to the pixel's centre; 1 where there is one; -1 in the
// figure, else 1.
layout(local_size_x = 8, local_size_y = 8) in;
layout(std430, binding = 0) restrict readonly buffer In { vec4 b_in[]; };
layout(std430, binding = 1) restrict writeonly buffer Out { vec4 b_out[]; };
uniform int u_channels, u_picture_h, u_picture_w;
uniform int u_side, u_shift_x, u_shift_y;  // of the square; pixel of the picture = pixel of the square + shift

int g_dancer;

// Ink less a half: how much of the figure is there. Beside the picture: none.
float ink_at(ivec2 p) {
  ivec2 at = p + ivec2(u_shift_x, u_shift_y);
  if (any(lessThan(at, ivec2(0))) || at.x >= u_picture_w || at.y >= u_picture_h) return -0.5;
  float sum = 0.0;
  for (int c = 0; c < u_channels; ++c) {
    int group = (g_dancer * ((u_channels + 3) / 4) + c / 4) * u_picture_h + at.y;
    sum += b_in[group * u_picture_w + at.x][c % 4];
  }
  return 0.5 - clamp(sum / float(u_channels), 0.0, 1.0);
}

const float kNone = 1e9;
// How far along from a value to its neighbour's the outline is crossed, 0..1.
float crossing(float v, ivec2 p) {
  if (any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, ivec2(u_side)))) return kNone;
  float next = ink_at(p);
  return (v >= 0.0) != (next >= 0.0) ? v / (v - next) : kNone;
}

vec4 outline_near(ivec2 p) {
  float v = ink_at(p), side = v >= 0.0 ? -1.0 : 1.0;
  float left = crossing(v, p - ivec2(1, 0)), right = crossing(v, p + ivec2(1, 0));
  float up = crossing(v, p - ivec2(0, 1)), down = crossing(v, p + ivec2(0, 1));
  float dx = left < right ? -left : right, dy = up < down ? -up : down;
  if (abs(dx) >= kNone && abs(dy) >= kNone) return vec4(0.0, 0.0, 0.0, side);
  if (abs(dx) < 1e-6 || abs(dy) < 1e-6) return vec4(0.0, 0.0, 1.0, side);
  if (abs(dy) >= kNone) return vec4(dx, 0.0, 1.0, side);
  if (abs(dx) >= kNone) return vec4(0.0, dy, 1.0, side);
  float square = 1.0 / (1.0 / (dx * dx) + 1.0 / (dy * dy));
  return vec4(square / dx, square / dy, 1.0, side);
}

void main() {
  ivec2 p = ivec2(gl_GlobalInvocationID.xy);
  g_dancer = int(gl_WorkGroupID.z);
  if (all(lessThan(p, ivec2(u_side)))) b_out[(g_dancer * u_side + p.y) * u_side + p.x] = outline_near(p);
}
