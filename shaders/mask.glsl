// The silhouettes, razor-sharp at any size. r haze, g rim (1 at the outline, fading inwards), both times a; a coverage.
in vec2 v_picture;
flat in vec3 v_figure;
out vec4 o_mask;

float nearby(vec2 offset) { return textureLod(u_field, vec3(v_picture + offset, v_figure.x), 0.0).r; }

void main() {
  float d = field_at(v_picture, v_figure.x) * v_figure.y * u_resolution.y;  // px
  // the field's slope is 1 where it is exact; dividing by it keeps edges one pixel wide where it is not
  float slope = clamp(length(vec2(dFdx(d), dFdy(d))), 0.4, 2.5);
  float soft = u_softness * kSoft * v_figure.y * u_resolution.y;
  float t = clamp(0.5 - 0.5 * d / (0.5 * slope + soft), 0.0, 1.0);
  float cover = mix(t, t * t * (3.0 - 2.0 * t), smoothstep(0.0, 2.0, soft));
  float right = nearby(vec2(0.016, 0.0)), left = nearby(vec2(-0.016, 0.0));
  float lower = nearby(vec2(0.0, 0.016)), upper = nearby(vec2(0.0, -0.016));
  // a limb with air on both sides of it is thin: its two rims become narrower, so that they do not meet in the middle
  float thin = smoothstep(0.003, 0.014, max(min(right, left), min(lower, upper)));
  float rim = exp(min(d, 0.0) / (mix(0.0060, 0.0016, thin) * v_figure.y * u_resolution.y));
  // where two limbs only just overlap the field comes close to zero inside the body: a rim has open air beside it
  float open = max(max(right, left), max(lower, upper));
  rim *= smoothstep(-0.001, 0.004, open);
  o_mask = vec4(v_figure.z, rim, 0.0, 1.0) * cover;
}
