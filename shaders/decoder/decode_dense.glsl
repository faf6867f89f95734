// A dense layer of up to BATCH dancers at once: its weights are what costs, and they are read once for all of them.
// SLICES threads share the inputs of four outputs, side by side in memory, and add up what they have.
// Defined: SLICES, BATCH (<= SLICES).
layout(local_size_x = 64) in;
layout(std430, binding = 0) restrict readonly buffer In { vec4 b_in[]; };
layout(std430, binding = 1) restrict writeonly buffer Out { vec4 b_out[]; };
uniform int u_in_groups, u_out_groups, u_dancers;
shared vec4 s_sums[BATCH * 64];

void main() {
  int thread = int(gl_LocalInvocationIndex), slice = thread % SLICES;
  int group = int(gl_WorkGroupID.x) * (64 / SLICES) + thread / SLICES;
  int first = int(gl_WorkGroupID.z) * BATCH;
  int safe = min(group, u_out_groups - 1);
  vec4 sums[BATCH];
  for (int b = 0; b < BATCH; ++b) sums[b] = vec4(0.0);
  for (int i = slice; i < u_in_groups; i += SLICES) {
    mat4 w = block_at(safe * u_in_groups + i);
    for (int b = 0; b < BATCH; ++b) {
      vec4 v = b_in[min(first + b, u_dancers - 1) * u_in_groups + i];
      sums[b] += w[0] * v.x + w[1] * v.y + w[2] * v.z + w[3] * v.w;
    }
  }
  for (int b = 0; b < BATCH; ++b) s_sums[b * 64 + thread] = sums[b];
  for (int half_way = SLICES / 2; half_way > 0; half_way /= 2) {
    barrier();
    if (slice < half_way) {
      for (int b = 0; b < BATCH; ++b) s_sums[b * 64 + thread] += s_sums[b * 64 + thread + half_way];
    }
  }
  barrier();
  if (slice < BATCH && first + slice < u_dancers && group < u_out_groups) {
    vec4 sum = s_sums[slice * 64 + thread - slice] + b_biases[u_biases + group];
    b_out[(first + slice) * u_out_groups + group] = activate(sum);
  }
}
