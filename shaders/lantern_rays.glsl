// How much of the lantern's light reaches each place: the share of the way to the lantern that no body blocks.
in vec2 v_uv;
out float o_rays;

void main() {
  vec2 p = screen_of(v_uv);
  vec2 lamp = vec2(0.0, u_floor + 0.52 * u_figure);
  const int kSteps = 14;
  float blocked = 0.0, weights = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    float s = (float(i) + 0.5) / float(kSteps);
    float weight = 1.0 - 0.8 * s;
    blocked += weight * shade_at(uv_of(mix(p, lamp, s * 0.75)), 0.005 + 0.025 * s);
    weights += weight;
  }
  o_rays = 1.0 - blocked / weights;
}
