// Second half: the distance to the nearest outline point, exact up to u_reach pixels, beyond it u_reach. A workgroup of 16
// x 16 pixels gathers the outline points within reach of it, a thousand cells at a time, and each pixel looks at those
// alone: an outline is a line, so they are few. (Sweeps as on a CPU go row by row; jumping floods are not exact.)
// The order in which points are gathered is left to chance, and the smallest distance does not depend on it.
layout(local_size_x = 16, local_size_y = 16) in;
layout(std430, binding = 0) restrict readonly buffer In { vec4 b_in[]; };   // of decode_outline.glsl
layout(std430, binding = 1) restrict writeonly buffer Out { float b_out[]; };  // picture heights, [dancer][row][column]
uniform int u_side, u_reach;

const int kTile = 16, kCells = 1024;
shared vec2 s_points[kCells];
shared int s_count;

void main() {
  int dancer = int(gl_WorkGroupID.z), thread = int(gl_LocalInvocationIndex);
  ivec2 corner = ivec2(gl_WorkGroupID.xy) * kTile, p = corner + ivec2(gl_LocalInvocationID.xy);
  vec2 local = vec2(gl_LocalInvocationID.xy);
  int begin = dancer * u_side * u_side, width = kTile + 2 * u_reach;
  float square = float(u_reach) * float(u_reach);
  for (int first = 0; first < width * width; first += kCells) {
    if (thread == 0) s_count = 0;
    barrier();
    for (int i = thread; i < kCells; i += 256) {
      ivec2 away = ivec2((first + i) % width, (first + i) / width) - u_reach, at = corner + away;
      if (first + i >= width * width || any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, ivec2(u_side)))) continue;
      vec4 outline = b_in[begin + at.y * u_side + at.x];
      if (outline.z > 0.0) s_points[atomicAdd(s_count, 1)] = vec2(away) + outline.xy;
    }
    barrier();
    int count = s_count;
    for (int i = 0; i < count; ++i) {
      vec2 d = s_points[i] - local;
      square = min(square, dot(d, d));
    }
    barrier();
  }
  if (all(lessThan(p, ivec2(u_side)))) {
    int at = begin + p.y * u_side + p.x;
    b_out[at] = sqrt(square) * b_in[at].w / float(u_side);
  }
}
