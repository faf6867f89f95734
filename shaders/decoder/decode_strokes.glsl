// Strokes as a distance field: model/figure/strokes.hpp, formula by formula. A workgroup draws 16 x 16 pixels; it first finds
// the strokes that can be seen there (one thread a stroke), then every pixel goes through those alone, all in the same
// order at the same time.
// Defined: STROKES; RADIUS, RADIUS_SHIFT, MIDDLE: how raw numbers become strokes (model/figure/decoder_plan.hpp).
layout(local_size_x = 8, local_size_y = 8) in;
layout(std430, binding = 0) restrict readonly buffer In { float b_in[]; };

const float kBlend = 0.006, kReach = kFar + 8.0 * kBlend, kMaxExponent = 20.0, kNothing = 1e-30;
const int kTile = 16;
shared vec4 s_ends[STROKES];   // first end; to the second
shared vec4 s_radii[STROKES];  // first radius, to the second, one over the squared length
shared uint s_near[(STROKES + 31) / 32];

float radius_of(float raw) {
  float x = raw + RADIUS_SHIFT;
  return RADIUS * (x > 20.0 ? x : log(1.0 + exp(x)));
}

void prepare(int dancer, int i, vec2 middle, float half_diagonal) {
  int at = dancer * ((STROKES * 6 + 3) / 4 * 4) + i * 6;
  vec2 a = vec2(b_in[at], b_in[at + 1] + MIDDLE), b = vec2(b_in[at + 3], b_in[at + 4] + MIDDLE), e = b - a;
  float ra = radius_of(b_in[at + 2]), rb = radius_of(b_in[at + 5]), inverse = 1.0 / max(dot(e, e), 1e-12);
  float t = clamp(dot(middle - a, e) * inverse, 0.0, 1.0);
  float all_numbers = abs(a.x) + abs(a.y) + abs(b.x) + abs(b.y) + abs(ra) + abs(rb);
  s_ends[i] = vec4(a, e);
  s_radii[i] = vec4(ra, rb - ra, inverse, 0.0);
  // false for what is no number
  if (all_numbers < 1e4 && length(middle - a - t * e) < kReach + max(ra, rb) + half_diagonal)
    atomicOr(s_near[i / 32], 1u << (i % 32));
}

void main() {
  int dancer = int(gl_WorkGroupID.z), thread = int(gl_LocalInvocationIndex);
  ivec2 corner = ivec2(gl_WorkGroupID.xy) * kTile;
  float pixel = 1.0 / float(u_size);
  if (thread < (STROKES + 31) / 32) s_near[thread] = 0u;
  begin_box();
  vec2 middle = (vec2(corner) + 0.5 * float(kTile)) * pixel;
  middle = vec2(middle.x - 0.5, 1.0 - middle.y);
  for (int i = thread; i < STROKES; i += 64) prepare(dancer, i, middle, 0.7072 * float(kTile) * pixel);
  barrier();

  vec4 sums = vec4(kNothing);
  ivec2 at = corner + ivec2(gl_LocalInvocationID.xy);
  vec2 p = (vec2(at) + 0.5) * pixel;
  vec4 px = p.x - 0.5 + vec4(0.0, 8.0, 0.0, 8.0) * pixel, py = 1.0 - p.y - vec4(0.0, 0.0, 8.0, 8.0) * pixel;
  for (int word = 0; word < (STROKES + 31) / 32; ++word) {
    for (uint left = s_near[word]; left != 0u; left &= left - 1u) {
      int i = word * 32 + findLSB(left);
      vec4 ends = s_ends[i], radii = s_radii[i];
      vec4 qx = px - ends.x, qy = py - ends.y;
      vec4 t = clamp((qx * ends.z + qy * ends.w) * radii.z, 0.0, 1.0);
      vec4 nx = qx - t * ends.z, ny = qy - t * ends.w;
      vec4 d = sqrt(nx * nx + ny * ny + 1e-14) - radii.x - t * radii.y;
      sums += exp(min(d * (-1.0 / kBlend), kMaxExponent));
    }
  }
  vec4 d = -kBlend * log(sums);
  for (int i = 0; i < 4; ++i) keep(dancer, at + ivec2(i % 2, i / 2) * 8, d[i]);
  end_box(dancer);
}
