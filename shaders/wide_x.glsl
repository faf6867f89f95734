// The grown silhouettes blurred along x, at an eighth of the size or less. Beyond the screen there is nobody.
in vec2 v_uv;
out vec2 o_wide;

void main() {
  float texel = dFdy(v_uv.y) / u_figure, sum = 0.0, weights = 0.0;  // picture heights
  float soft = min(texel, 0.9 * (kFar - kGrown));  // in a small picture, too, what is far is no silhouette
  int reach = int(ceil(3.2 * kSpread / (2.0 * texel)));
  for (int i = -reach; i <= reach; ++i) {
    float offset = float(i) * 2.0 * texel;
    float weight = exp(-0.5 * offset * offset / (kSpread * kSpread));
    float x = v_uv.x + offset * u_figure / u_aspect;
    float d = distance_at(vec2(x, v_uv.y)) - kGrown;
    sum += x == clamp(x, 0.0, 1.0) ? weight * clamp(0.5 - 0.5 * d / soft, 0.0, 1.0) : 0.0;
    weights += weight;
  }
  o_wide = vec2(sum / weights, 0.0);
}
