#include "model/inference/fast_pictures.hpp"

#include "core/error.hpp"
#include "model/inference/dense_kernel.hpp"
#include "model/inference/fields.hpp"
#include "model/inference/picture_steps.hpp"

#include <algorithm>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

std::size_t whole(int n) { return static_cast<std::size_t>(n); }

// How many pixels side by side fill a panel of outputs, where that saves more than the zeros cost that it multiplies.
int band_of(const PlanStep& step) {
  constexpr std::size_t kMaxWeights = 1 << 22;
  const int fit = std::min(static_cast<int>(kPanel) / step.out.channels, step.out.width), width = step.layer.kernel_width;
  const std::size_t weights = step.weights().size() / whole(width) * whole(width + fit - 1) * whole(fit);
  const bool pays = step.layer.stride == 1 && width > 1 && fit > 1 && weights <= kMaxWeights;
  return pays ? fit : 1;
}

// A convolution's weights for pixels that lie channels side by side; `band` outputs beside each other as one:
// [band][out][height][width + band - 1][in] from [out][in][height][width].
DensePlan banded(const PlanStep& step, int band) {
  const DensePlan& given = step.layer.dense[0];
  const int in = step.in.channels, out = step.out.channels, height = step.layer.kernel_height,
            width = step.layer.kernel_width, wide = width + band - 1;
  DensePlan dense{.in = whole(height * wide * in), .out = whole(band * out), .weight = {}, .bias = {}};
  dense.weight.assign(dense.in * dense.out, 0.0f);
  for (int b = 0; b < band; ++b) {
    for (int o = 0; o < out; ++o) {
      dense.bias.push_back(given.bias[whole(o)]);
      for (int i = 0; i < in; ++i) {
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            dense.weight[whole(b * out + o) * dense.in + whole((y * wide + x + b) * in + i)] =
                given.weight[whole(((o * in + i) * height + y) * width + x)];
          }
        }
      }
    }
  }
  return dense;
}

// A transposed convolution's weights: [height][width][out][in] from [in][out][height][width]. The bias is added later.
DensePlan spread(const PlanStep& step) {
  const int in = step.in.channels, out = step.out.channels, side = step.layer.kernel_height;
  DensePlan dense{.in = whole(in), .out = whole(side * side * out), .weight = {}, .bias = {}};
  dense.bias.assign(dense.out, 0.0f);
  dense.weight.resize(dense.in * dense.out);
  for (int i = 0; i < in; ++i) {
    for (int o = 0; o < out; ++o) {
      for (int at = 0; at < side * side; ++at)
        dense.weight[whole((at * out + o) * in + i)] = step.weights()[whole((i * out + o) * side * side + at)];
    }
  }
  return dense;
}

}  // namespace

FastPictures::Picture::Picture(const PlanShape& of, int above, int before, int below, int behind)
    : shape(of), top(above), left(before), row(whole((of.width + before + behind) * of.channels)) {
  numbers.assign(row * whole(of.height + above + below), 0.0f);
}

FastPictures::FastPictures(std::shared_ptr<const DecoderPlan> plan) : plan_(std::move(plan)) {
  OMBRA_ASSERT(plan_->end != PlanEnd::kStrokes);
  for (const PlanStep& each : plan_->steps) {
    const LayerPlan& layer = each.layer;
    Step step{.plan = each, .dense = {}};
    step.plan.layer.dense.clear();
    int below = 0, behind = 0;
    if (layer.kind == Kind::kConv) {
      step.band = band_of(each);
      step.dense = PackedDense(banded(each, step.band));
      below = std::max(0, (each.out.height - 1) * layer.stride + layer.kernel_height - each.in.height - each.top);
      behind = std::max(0, (each.out.width - 1) * layer.stride + layer.kernel_width - each.in.width - each.left);
      pictures_.emplace_back(each.in, each.top, each.left, below, behind);
    } else {
      if (layer.kind == Kind::kConvTranspose) {
        step.dense = PackedDense(spread(each));
        step.plan.layer.dense = {DensePlan{.weight = {}, .bias = each.bias()}};
      } else if (layer.kind == Kind::kDense) {
        step.dense = PackedDense(layer.dense[0]);
      }
      pictures_.emplace_back(each.in, 0, 0, 0, 0);
    }
    steps_.push_back(std::move(step));
  }
  pictures_.emplace_back(plan_->output, 0, 0, 0, 0);
}

std::span<const float> FastPictures::picture(std::span<const float> latent) {
  Picture& first = pictures_.front();
  OMBRA_ASSERT(latent.size() == whole(plan_->code) && first.shape.numbers() == plan_->code);
  std::copy(latent.begin(), latent.end(), first.at(0, 0));
  for (std::size_t i = 0; i < steps_.size(); ++i) run(steps_[i], pictures_[i], pictures_[i + 1]);
  return pictures_.back().numbers;
}

void FastPictures::field(std::span<const float> latent, int size, std::span<float> to) {
  picture_to_field(picture(latent), *plan_, size, square_, to);
}

void FastPictures::run(const Step& step, Picture& in, Picture& out) {
  const LayerPlan& layer = step.plan.layer;
  if (layer.kind == Kind::kConv) {
    convolve(step, in, out);
  } else if (layer.kind == Kind::kConvTranspose) {
    convolve_transposed(step, in, out);
  } else if (layer.kind == Kind::kDense) {
    const float* from = in.at(0, 0);
    float* to = out.at(0, 0);
    step.dense.apply({&from, 1}, {&to, 1});
  } else {
    const auto pixel = [](Picture& of) { return [&of](int y, int x) { return of.at(y, x); }; };
    rearrange(step.plan, pixel(in), pixel(out));
  }
  for (int y = 0; y < out.shape.height; ++y)
    dense_kernels().activate(layer.activation, out.at(y, 0), whole(out.shape.width * out.shape.channels));
}

void FastPictures::convolve(const Step& step, Picture& in, Picture& out) {
  const LayerPlan& layer = step.plan.layer;
  const int channels = in.shape.channels, blocks = (out.shape.width + step.band - 1) / step.band,
            above = -step.plan.top, before = -step.plan.left;
  for (int y = 0; y < out.shape.height; ++y) {
    from_.clear(), to_.clear();
    for (int b = 0; b < blocks; ++b) {
      const int x = std::min(b * step.band, out.shape.width - step.band);  // the last block may overlap
      from_.push_back(in.at(above + y * layer.stride, before + x * layer.stride));
      to_.push_back(out.at(y, x));
    }
    step.dense.apply(from_, to_, false, whole((layer.kernel_width + step.band - 1) * channels), in.row);
  }
}

void FastPictures::convolve_transposed(const Step& step, Picture& in, Picture& out) {
  const LayerPlan& layer = step.plan.layer;
  const int side = layer.kernel_height, channels = out.shape.channels;
  const std::vector<float>& bias = layer.dense[0].bias;
  for (int y = 0; y < out.shape.height; ++y) {
    for (int x = 0; x < out.shape.width; ++x) std::copy(bias.begin(), bias.end(), out.at(y, x));
  }
  wide_.resize(step.dense.out() * whole(in.shape.width));
  for (int y = 0; y < in.shape.height; ++y) {
    from_.clear(), to_.clear();
    for (int x = 0; x < in.shape.width; ++x) {
      from_.push_back(in.at(y, x));
      to_.push_back(wide_.data() + whole(x) * step.dense.out());
    }
    step.dense.apply(from_, to_);
    for (int ky = 0; ky < side; ++ky) {
      const int oy = y * layer.stride + ky - step.plan.top;
      if (oy < 0 || oy >= out.shape.height) continue;
      for (int x = 0; x < in.shape.width; ++x) {
        const int first = x * layer.stride - step.plan.left, from = std::max(0, -first),
                  until = std::min(side, out.shape.width - first);
        const float* add = to_[whole(x)] + whole((ky * side + from) * channels);
        float* sum = out.at(oy, first + from);
        for (int i = 0; i < (until - from) * channels; ++i) sum[i] += add[i];
      }
    }
  }
}

}  // namespace ombra::model
