// An outer layer (src/model/figure/network_layout.hpp): what comes in, then (body, 1) times (person, 1) of what the network
// was given. One thread four numbers.
// Defined: SHARE, of every product.
layout(local_size_x = 64) in;
layout(std430, binding = 0) restrict readonly buffer In { float b_in[]; };
layout(std430, binding = 1) restrict writeonly buffer Out { vec4 b_out[]; };
layout(std430, binding = 5) restrict readonly buffer Given { float b_given[]; };
uniform int u_in_channels, u_body, u_person, u_out_groups, u_dancers;

void main() {
  int at = int(gl_GlobalInvocationID.x), dancer = int(gl_WorkGroupID.z);
  if (at >= u_out_groups) return;
  int in_from = dancer * ((u_in_channels + 3) / 4 * 4), given_from = dancer * ((u_body + u_person + 3) / 4 * 4);
  vec4 values = vec4(0.0);
  for (int lane = 0; lane < 4; ++lane) {
    int c = at * 4 + lane, k = c - u_in_channels, i = k / (u_person + 1), j = k % (u_person + 1);
    if (k < 0) {
      values[lane] = b_in[in_from + c];
    } else if (i <= u_body) {
      values[lane] = SHARE * (i < u_body ? b_given[given_from + i] : 1.0) *
                     (j < u_person ? b_given[given_from + u_body + j] : 1.0);
    }
  }
  b_out[dancer * u_out_groups + at] = values;
}
