// Put before the shaders that end a decoder: the distance field as a texture, and the box that each figure fills.
layout(binding = 0, r32f) restrict writeonly uniform image2DArray u_fields;
// Of each dancer the smallest column, row and the negative largest column, row: of the outline with the widest soft edge,
// then of all that the field says. Begins as large as can be.
layout(std430, binding = 4) restrict buffer Boxes { int b_boxes[]; };
uniform int u_size;
shared int s_box[8];

// picture heights; what field_textures.hpp says
const float kFar = 8.0 / 96.0, kSoft = 0.035;

void begin_box() {
  if (gl_LocalInvocationIndex < 8u) s_box[gl_LocalInvocationIndex] = 0x7fffffff;
  barrier();
}

void keep(int dancer, ivec2 at, float distance) {
  if (any(greaterThanEqual(at, ivec2(u_size)))) return;
  float d = distance < kFar ? max(distance, -kFar) : kFar;  // not a number: far outside
  imageStore(u_fields, ivec3(at, dancer), vec4(d));
  if (d < kFar * 0.999) {
    atomicMin(s_box[4], at.x);
    atomicMin(s_box[5], at.y);
    atomicMin(s_box[6], -at.x);
    atomicMin(s_box[7], -at.y);
    if (d < kSoft) {
      atomicMin(s_box[0], at.x);
      atomicMin(s_box[1], at.y);
      atomicMin(s_box[2], -at.x);
      atomicMin(s_box[3], -at.y);
    }
  }
}

void end_box(int dancer) {
  barrier();
  uint i = gl_LocalInvocationIndex;
  if (i < 8u && s_box[i] != 0x7fffffff) atomicMin(b_boxes[dancer * 8 + int(i)], s_box[i]);
}
