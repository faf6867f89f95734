// The last pass of decoders that end in a picture: the show's square at its size, as PainterImpl::fields_of makes it.
// Bicubic between pixels with a = -0.75 (Keys 1981), rows and columns repeated beyond the edge.
// Defined: DISTANCES where the picture holds distances, in kFar; else it is the result of decode_distance.glsl.
layout(local_size_x = 8, local_size_y = 8) in;
layout(std430, binding = 0) restrict readonly buffer In { float b_in[]; };
uniform int u_side;
#ifdef DISTANCES
uniform int u_picture_h, u_picture_w, u_shift_x, u_shift_y;  // as in decode_outline.glsl
uniform float u_span;
#endif

int g_dancer;

float sample_at(ivec2 p) {
  p = clamp(p, ivec2(0), ivec2(u_side - 1));
#ifdef DISTANCES
  ivec2 at = p + ivec2(u_shift_x, u_shift_y);
  if (any(lessThan(at, ivec2(0))) || at.x >= u_picture_w || at.y >= u_picture_h) return kFar;
  return b_in[((g_dancer * u_picture_h + at.y) * u_picture_w + at.x) * 4] * kFar / u_span;
#else
  return b_in[(g_dancer * u_side + p.y) * u_side + p.x];
#endif
}

vec4 cubic(float t) {
  const float a = -0.75;
  vec4 x = vec4(t + 1.0, t, 1.0 - t, 2.0 - t);
  vec4 outer = ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a, inner = ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  return vec4(outer.x, inner.y, inner.z, outer.w);
}

float field_at(ivec2 p) {
  if (u_size == u_side) return sample_at(p);
  vec2 at = (vec2(p) + 0.5) * (float(u_side) / float(u_size)) - 0.5, base = floor(at);
  vec4 wx = cubic(at.x - base.x), wy = cubic(at.y - base.y);
  float sum = 0.0;
  for (int j = 0; j < 4; ++j) {
    float row = 0.0;
    for (int i = 0; i < 4; ++i) row += wx[i] * sample_at(ivec2(base) + ivec2(i - 1, j - 1));
    sum += wy[j] * row;
  }
  return sum;
}

void main() {
  ivec2 p = ivec2(gl_GlobalInvocationID.xy);
  g_dancer = int(gl_WorkGroupID.z);
  begin_box();
  keep(g_dancer, p, field_at(p));
  end_box(g_dancer);
}
