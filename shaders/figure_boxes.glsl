// Where the decoder ran on the GPU (shaders/decoder/), the boxes that its figures fill are there, too: as whole samples, to
// be written as picture coordinates into the block Figures, one sample wider on every side. One thread a figure.
layout(local_size_x = 16) in;
layout(std430, binding = 4) restrict readonly buffer Boxes { int b_boxes[]; };  // as in decoder/decode_output.glsl
layout(std140, binding = 5) restrict buffer Figures {
  vec4 b_place[MAX_DANCERS];
  vec4 b_near_box[MAX_DANCERS];
  vec4 b_far_box[MAX_DANCERS];
};
uniform int u_count, u_size;

vec4 box_at(int first) {
  if (b_boxes[first] == 0x7fffffff) return vec4(0.0);
  ivec4 box = ivec4(b_boxes[first] - 1, b_boxes[first + 1] - 1, 2 - b_boxes[first + 2], 2 - b_boxes[first + 3]);
  return clamp(vec4(box) / float(u_size), 0.0, 1.0);
}

void main() {
  int i = int(gl_LocalInvocationIndex);
  if (i >= u_count) return;
  int layer = int(b_place[i].w);
  b_near_box[i] = box_at(layer * 8);
  b_far_box[i] = box_at(layer * 8 + 4);
}
