#pragma once
// Strokes: a figure as tapered capsules joined by a smooth minimum, drawn as a signed distance field at any resolution.
// The painter's last layer draws them, and so does the program that draws motion capture as footage.
//   d_i(p) = |p - (a + t (b - a))| - (ra + t (rb - ra)),  t = clamp((p - a).(b - a) / |b - a|^2, 0, 1)
//   d(p)   = -k log sum_i exp(-d_i(p) / k)
// after Quilez, "2D distance functions" and "smooth minimum" (exponential form); the gradient is exact.
// Coordinates and distances are fractions of the picture's height: x to the right from the middle (-0.5..0.5),
// y up from the lower edge (0..1). Sample (row, column) of a size x size picture lies at
// x = (column + 0.5) / size - 0.5, y = 1 - (row + 0.5) / size. Thread: any.

#include <span>

namespace ombra::model {

struct Stroke {
  float ax, ay, ra, bx, by, rb;  // two ends and the radius at each
};
inline constexpr int kStrokeNumbers = 6;
inline constexpr float kBlend = 0.006f;              // k: how softly strokes join (1.4 cm)
inline constexpr float kMaxDistance = 8.0f / 96.0f;  // fields are clamped to this, outside and in (20 cm)

// Draws one figure: field[row * size + column] in picture heights, clamped to +-kMaxDistance. Not parallel inside.
void draw_strokes(std::span<const Stroke> strokes, int size, std::span<float> field);

// The gradient of sum(weight * field) with respect to every number of every stroke, added into
// gradient[strokes.size()]. weight[row * size + column]; samples at the clamp contribute nothing.
void draw_strokes_backward(std::span<const Stroke> strokes, int size, std::span<const float> weight,
                           std::span<Stroke> gradient);

}  // namespace ombra::model
