// Reading a dancer's field between its samples; put behind common.glsl where figures are drawn.

// Catmull-Rom (1974): passes through the samples, so thin limbs keep their width, unlike with B-splines; its slope is
// continuous, so the outline has no corners at 4K. Sixteen samples by four gathers, weighted in full precision.
vec4 cubic(float t) {
  return vec4(((-0.5 * t + 1.0) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1.0, ((-1.5 * t + 2.0) * t + 0.5) * t,
              (0.5 * t - 0.5) * t * t);
}

float field_at(vec2 picture, float layer) {
  vec2 size = vec2(textureSize(u_field, 0).xy);
  vec2 at = picture * size - 0.5;
  vec2 base = floor(at);
  vec4 x = cubic(at.x - base.x), y = cubic(at.y - base.y);
  vec2 corner = (base + 0.0) / size, two = 2.0 / size;
  vec4 a = textureGather(u_field, vec3(corner, layer));
  vec4 b = textureGather(u_field, vec3(corner + vec2(two.x, 0.0), layer));
  vec4 c = textureGather(u_field, vec3(corner + vec2(0.0, two.y), layer));
  vec4 d = textureGather(u_field, vec3(corner + two, layer));
  // a gather gives (left, lower), (right, lower), (right, upper), (left, upper) with upper = smaller row
  vec4 rows = vec4(dot(x, vec4(a.wz, b.wz)), dot(x, vec4(a.xy, b.xy)), dot(x, vec4(c.wz, d.wz)),
                   dot(x, vec4(c.xy, d.xy)));
  return dot(y, rows);
}
