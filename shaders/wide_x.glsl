// The silhouettes blurred along x at an eighth of the size: a Gaussian of 0.06 screen heights.
in vec2 v_uv;
out float o_wide;

void main() {
  float texel = 8.0 / u_resolution.y, sigma = 0.06, sum = 0.0, weights = 0.0;
  int reach = int(ceil(2.6 * sigma / texel * 0.5));
  for (int i = -reach; i <= reach; ++i) {
    float offset = float(i) * 2.0 * texel;
    float weight = exp(-0.5 * offset * offset / (sigma * sigma));
    sum += weight * shade_at(v_uv + vec2(offset / u_aspect, 0.0), texel);
    weights += weight;
  }
  o_wide = sum / weights;
}
