// A convolution. A workgroup makes one tile of one dancer's picture in OUT_GROUPS groups of channels, so that every
// thread of it wants the same weights at the same time (one load for all); what they share of the picture is fetched once,
// into shared memory, a few groups of channels at a time. A thread makes ROWS pixels that lie below each other: of
// KERNEL_H + ROWS - 1 numbers it uses each up to KERNEL_H times from registers, and neighbours in a row are neighbours
// in memory.
// PHASES 2 and more: the output is so many times finer than the input. A nearest upsampling in front of a convolution
// and a transposed convolution are both this: each of the PHASES x PHASES output pixels over an input pixel is a small
// convolution with weights of its own.
// Defined: TILE_X, TILE_Y (threads), ROWS, OUT_GROUPS, CHUNK, KERNEL_H, KERNEL_W, STRIDE, PHASES; ONE_OUTPUT where there is
// but one channel.
layout(local_size_x = TILE_X, local_size_y = TILE_Y) in;
layout(std430, binding = 0) restrict readonly buffer In { vec4 b_in[]; };
layout(std430, binding = 1) restrict writeonly buffer Out { vec4 b_out[]; };

uniform int u_in_groups, u_out_groups;
uniform int u_stored_h, u_stored_w;  // the input as it lies in memory,
uniform int u_up;                    // seen so many times larger,
uniform int u_in_h, u_in_w;          // of which so much counts: beyond it is 0
uniform int u_out_h, u_out_w;
uniform int u_top, u_left;

const int kTileH = (TILE_Y * ROWS - 1) * STRIDE + KERNEL_H;
const int kTileW = (TILE_X - 1) * STRIDE + KERNEL_W;
const int kColumn = (ROWS - 1) * STRIDE + KERNEL_H;
shared vec4 s_tile[CHUNK * kTileH * kTileW];

int floor_div(int a, int b) { return (a + 65536 * b) / b - 65536; }

void main() {
  // z counts [dancer][block of outputs][phase]
  int z = int(gl_WorkGroupID.z);
  int phase = z % (PHASES * PHASES);
  z /= PHASES * PHASES;
  int blocks = (u_out_groups + OUT_GROUPS - 1) / OUT_GROUPS;
  int first_out = z % blocks * OUT_GROUPS, dancer = z / blocks;
  int phase_y = phase / PHASES, phase_x = phase % PHASES;
  int thread = int(gl_LocalInvocationIndex);
  ivec2 local = ivec2(gl_LocalInvocationID.xy);
  ivec2 corner = ivec2(gl_WorkGroupID.xy) * ivec2(TILE_X, TILE_Y * ROWS);  // of the tile, in pixels of this phase
#if PHASES > 1
  int from_y = corner.y + floor_div(phase_y - u_top, PHASES), from_x = corner.x + floor_div(phase_x - u_left, PHASES);
#else
  int from_y = corner.y * STRIDE - u_top, from_x = corner.x * STRIDE - u_left;
#endif

#ifdef ONE_OUTPUT
  float sums[ROWS];
  for (int r = 0; r < ROWS; ++r) sums[r] = b_biases[u_biases].x;
#else
  vec4 sums[OUT_GROUPS * ROWS];
  for (int o = 0; o < OUT_GROUPS; ++o) {
    for (int r = 0; r < ROWS; ++r) sums[o * ROWS + r] = b_biases[u_biases + min(first_out + o, u_out_groups - 1)];
  }
#endif

  for (int chunk = 0; chunk < u_in_groups; chunk += CHUNK) {
    barrier();
    for (int i = thread; i < CHUNK * kTileH * kTileW; i += TILE_X * TILE_Y) {
      int g = i / (kTileH * kTileW), y = from_y + i / kTileW % kTileH, x = from_x + i % kTileW;
      bool there = chunk + g < u_in_groups && y >= 0 && y < u_in_h && x >= 0 && x < u_in_w;
      vec4 value = vec4(0.0);
      if (there) {
        value = b_in[((dancer * u_in_groups + chunk + g) * u_stored_h + y / u_up) * u_stored_w + x / u_up];
      }
      s_tile[i] = value;
    }
    barrier();
    int groups = min(CHUNK, u_in_groups - chunk);
    for (int g = 0; g < groups; ++g) {
      for (int kx = 0; kx < KERNEL_W; ++kx) {
        vec4 column[kColumn];
        for (int i = 0; i < kColumn; ++i)
          column[i] = s_tile[(g * kTileH + local.y * ROWS * STRIDE + i) * kTileW + local.x * STRIDE + kx];
        for (int ky = 0; ky < KERNEL_H; ++ky) {
#ifdef ONE_OUTPUT
          vec4 w = uintBitsToFloat(b_weights[u_weights + ((phase * u_in_groups + chunk + g) * KERNEL_H + ky) * KERNEL_W + kx]);
          for (int r = 0; r < ROWS; ++r) sums[r] += dot(w, column[r * STRIDE + ky]);
#else
          for (int o = 0; o < OUT_GROUPS; ++o) {
            int out_group = min(first_out + o, u_out_groups - 1);
            mat4 w = block_at((((phase * u_out_groups + out_group) * u_in_groups + chunk + g) * KERNEL_H + ky) * KERNEL_W + kx);
            for (int r = 0; r < ROWS; ++r) {
              vec4 v = column[r * STRIDE + ky];
              sums[o * ROWS + r] += w[0] * v.x + w[1] * v.y + w[2] * v.z + w[3] * v.w;
            }
          }
#endif
        }
      }
    }
  }

  int x = (corner.x + local.x) * PHASES + phase_x;
  for (int r = 0; r < ROWS; ++r) {
    int y = (corner.y + local.y * ROWS + r) * PHASES + phase_y;
    if (x >= u_out_w || y >= u_out_h) continue;
#ifdef ONE_OUTPUT
    b_out[(dancer * u_out_h + y) * u_out_w + x] = activate(vec4(sums[r], 0.0, 0.0, 0.0));
#else
    for (int o = 0; o < OUT_GROUPS; ++o) {
      if (first_out + o >= u_out_groups) continue;
      b_out[((dancer * u_out_groups + first_out + o) * u_out_h + y) * u_out_w + x] = activate(sums[o * ROWS + r]);
    }
#endif
  }
}
