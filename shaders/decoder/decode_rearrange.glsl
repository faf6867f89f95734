// Layers that only move numbers about, and an activation that stands alone. One thread an output pixel and group.
// Defined: OPERATION, one of these
#define COPY 0
#define MAX_POOL 1
#define BILINEAR 2
#define PIXEL_SHUFFLE 3
#define REORDER 4

layout(local_size_x = 64) in;
layout(std430, binding = 0) restrict readonly buffer In { float b_in[]; };
layout(std430, binding = 1) restrict writeonly buffer Out { vec4 b_out[]; };
uniform int u_in_channels, u_stored_h, u_stored_w, u_up, u_in_h, u_in_w;  // as in decode_conv.glsl
uniform int u_out_channels, u_out_h, u_out_w, u_dancers;
uniform int u_factor;
uniform int u_in_last, u_out_last;  // REORDER: 1 = numbers run pixel by pixel through all channels

int g_dancer;

float at(int c, int y, int x) {
  int groups = (u_in_channels + 3) / 4;
  return b_in[(((g_dancer * groups + c / 4) * u_stored_h + y / u_up) * u_stored_w + x / u_up) * 4 + c % 4];
}

float value(int c, int y, int x) {
#if OPERATION == MAX_POOL
  float largest = at(c, y * u_factor, x * u_factor);
  for (int i = 0; i < u_factor * u_factor; ++i) {
    largest = max(largest, at(c, min(y * u_factor + i / u_factor, u_in_h - 1), min(x * u_factor + i % u_factor, u_in_w - 1)));
  }
  return largest;
#elif OPERATION == BILINEAR
  vec2 p = max((vec2(x, y) + 0.5) / float(u_factor) - 0.5, 0.0);
  ivec2 a = ivec2(p), b = min(a + 1, ivec2(u_in_w, u_in_h) - 1);
  vec2 t = p - vec2(a);
  return mix(mix(at(c, a.y, a.x), at(c, a.y, b.x), t.x), mix(at(c, b.y, a.x), at(c, b.y, b.x), t.x), t.y);
#elif OPERATION == PIXEL_SHUFFLE
  return at((c * u_factor + y % u_factor) * u_factor + x % u_factor, y / u_factor, x / u_factor);
#elif OPERATION == REORDER
  int n = u_out_last == 1 ? (y * u_out_w + x) * u_out_channels + c : (c * u_out_h + y) * u_out_w + x;
  if (u_in_last == 1) return at(n % u_in_channels, n / u_in_channels / u_in_w, n / u_in_channels % u_in_w);
  return at(n / (u_in_h * u_in_w), n / u_in_w % u_in_h, n % u_in_w);
#else
  return at(c, y, x);
#endif
}

void main() {
  int groups = (u_out_channels + 3) / 4, pixels = u_out_h * u_out_w;
  int i = int(gl_GlobalInvocationID.x);
  g_dancer = int(gl_WorkGroupID.z);
  if (i >= groups * pixels) return;
  int c = i / pixels * 4, y = i / u_out_w % u_out_h, x = i % u_out_w;
  vec4 v = vec4(0.0);
  for (int j = 0; j < 4; ++j) {
    if (c + j < u_out_channels) v[j] = value(c + j, y, x);
  }
  b_out[g_dancer * groups * pixels + i] = activate(v);
}
