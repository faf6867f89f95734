#include "gfx/folded_convolution.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>

namespace ombra::gfx {
namespace {

using model::PlanStep;

// along one side: how many input pixels a phase sees
int folded_kernel(int kernel, int before, int phases) {
  int most = 0;
  for (int r = 0; r < phases; ++r)
    most = std::max(most, floor_div(r + kernel - 1 - before, phases) - floor_div(r - before, phases) + 1);
  return most;
}

}  // namespace

Folded fold_upsampling(const PlanStep& step, int phases) {
  Folded f{phases,
           folded_kernel(step.layer.kernel_height, step.top, phases),
           folded_kernel(step.layer.kernel_width, step.left, phases),
           step.top,
           step.left,
           {}};
  f.weight = [&step, phases](int py, int px, int out, int in, int y, int x) {
    const int base_y = floor_div(py - step.top, phases), base_x = floor_div(px - step.left, phases);
    float sum = 0.0f;
    for (int ky = 0; ky < step.layer.kernel_height; ++ky) {
      if (floor_div(py + ky - step.top, phases) != base_y + y) continue;
      for (int kx = 0; kx < step.layer.kernel_width; ++kx) {
        if (floor_div(px + kx - step.left, phases) != base_x + x) continue;
        const std::size_t at = (static_cast<std::size_t>(out) * static_cast<std::size_t>(step.in.channels) +
                                static_cast<std::size_t>(in)) *
                                   static_cast<std::size_t>(step.layer.kernel_height) +
                               static_cast<std::size_t>(ky);
        sum += step.weights()[at * static_cast<std::size_t>(step.layer.kernel_width) + static_cast<std::size_t>(kx)];
      }
    }
    return sum;
  };
  return f;
}

// Output pixel s q + r takes kernel row k = r + top - s d from input row q + d.
Folded fold_transposed(const PlanStep& step) {
  const int s = step.layer.stride, first_y = step.layer.kernel_height - step.top - s,
            first_x = step.layer.kernel_width - step.left - s;
  const auto taps = [s](int before, int first) {
    int most = 0;
    for (int r = 0; r < s; ++r) most = std::max(most, floor_div(r + before, s) - floor_div(r - first, s) + 1);
    return most;
  };
  Folded f{s, taps(step.top, first_y), taps(step.left, first_x), first_y, first_x, {}};
  f.weight = [&step, s, first_y, first_x](int py, int px, int out, int in, int y, int x) {
    const int ky = py + step.top - s * (floor_div(py - first_y, s) + y),
              kx = px + step.left - s * (floor_div(px - first_x, s) + x);
    if (ky < 0 || ky >= step.layer.kernel_height || kx < 0 || kx >= step.layer.kernel_width) return 0.0f;
    const std::size_t at =
        (static_cast<std::size_t>(in) * static_cast<std::size_t>(step.out.channels) + static_cast<std::size_t>(out)) *
            static_cast<std::size_t>(step.layer.kernel_height) +
        static_cast<std::size_t>(ky);
    return step.weights()[at * static_cast<std::size_t>(step.layer.kernel_width) + static_cast<std::size_t>(kx)];
  };
  return f;
}

PlanStep as_convolution(const PlanStep& step) {
  PlanStep conv = step;
  conv.layer.kind = model::LayerPlan::Kind::kConv;
  conv.top = step.layer.kernel_height - 1 - step.top, conv.left = step.layer.kernel_width - 1 - step.left;
  const auto in = static_cast<std::size_t>(step.in.channels), out = static_cast<std::size_t>(step.out.channels),
             taps = static_cast<std::size_t>(step.layer.kernel_height * step.layer.kernel_width);
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < in; ++i) {
      for (std::size_t t = 0; t < taps; ++t)
        conv.layer.dense[0].weight[(o * in + i) * taps + t] = step.weights()[(i * out + o) * taps + taps - 1 - t];
    }
  }
  return conv;
}

}  // namespace ombra::gfx
