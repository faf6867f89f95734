// wide_x blurred along y. r: the blurred shade; g: distance to the outline in picture heights as far as the blur reaches,
// from the blur of a straight edge, shade = Q(x / kSpread), turned round (Abramowitz and Stegun 1964, 26.2.23).
in vec2 v_uv;
out vec2 o_wide;

void main() {
  float texel = dFdy(v_uv.y) / u_figure, sum = 0.0, weights = 0.0;
  int reach = int(ceil(3.2 * kSpread / (2.0 * texel)));
  for (int i = -reach; i <= reach; ++i) {
    float offset = float(i) * 2.0 * texel;
    float weight = exp(-0.5 * offset * offset / (kSpread * kSpread));
    float y = v_uv.y + offset * u_figure;
    sum += y == clamp(y, 0.0, 1.0) ? weight * texture(u_wide_x, vec2(v_uv.x, y)).r : 0.0;
    weights += weight;
  }
  float shade = sum / weights, tail = clamp(min(shade, 1.0 - shade), 1e-5, 0.5);
  float t = sqrt(-2.0 * log(tail));
  float x = t - (2.30753 + 0.27061 * t) / (1.0 + (0.99229 + 0.04481 * t) * t);
  o_wide = vec2(shade, kGrown + kSpread * (shade < 0.5 ? x : -x));
}
