// The grown silhouettes blurred along x, at an eighth of the size.
in vec2 v_uv;
out vec2 o_wide;

void main() {
  float texel = 8.0 / (u_resolution.y * u_figure), sum = 0.0, weights = 0.0;  // picture heights
  int reach = int(ceil(3.2 * kSpread / (2.0 * texel)));
  for (int i = -reach; i <= reach; ++i) {
    float offset = float(i) * 2.0 * texel;
    float weight = exp(-0.5 * offset * offset / (kSpread * kSpread));
    float d = distance_at(v_uv + vec2(offset * u_figure / u_aspect, 0.0)) - kGrown;
    sum += weight * clamp(0.5 - 0.5 * d / texel, 0.0, 1.0);
    weights += weight;
  }
  o_wide = vec2(sum / weights, 0.0);
}
