#include "model/inference/packed_dense.hpp"

#include "core/error.hpp"
#include "model/inference/dense_kernel.hpp"

#include <bit>
#include <cmath>

namespace ombra::model {
namespace {

// IEEE half precision of a float that it can hold exactly; false where it cannot.
bool exact_half(float value, std::uint16_t& half) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value), sign = bits >> 16 & 0x8000u;
  const float size = std::fabs(value);
  if (!(size <= 65504.0f)) return false;
  if (size < 0x1p-14f) {  // subnormal: a multiple of 2^-24
    const float steps = size * 0x1p24f;
    if (steps != std::floor(steps)) return false;
    half = static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(steps));
    return true;
  }
  if ((bits & 0x1fffu) != 0) return false;
  half = static_cast<std::uint16_t>(sign | ((bits & 0x7fffffffu) - (112u << 23)) >> 13);
  return true;
}

}  // namespace

PackedDense::PackedDense(const DensePlan& plan) : PackedDense(plan, 0, plan.in, true) {}

PackedDense::PackedDense(const DensePlan& plan, std::size_t first, std::size_t count, bool with_bias)
    : in_(count), out_(plan.out) {
  OMBRA_ASSERT(plan.weight.size() == plan.in * plan.out && first + count <= plan.in);
  const std::size_t panels = (out_ + kPanel - 1) / kPanel;
  bias_.assign(panels * kPanel, 0.0f);
  if (with_bias) std::copy(plan.bias.begin(), plan.bias.end(), bias_.begin());
  single_.assign(panels * kPanel * in_, 0.0f);
  for (std::size_t o = 0; o < out_; ++o) {
    for (std::size_t i = 0; i < in_; ++i)
      single_[(o / kPanel * in_ + i) * kPanel + o % kPanel] = plan.weight[o * plan.in + first + i];
  }
  if (!dense_kernels().half) return;
  half_.resize(single_.size());
  for (std::size_t i = 0; i < single_.size(); ++i) {
    if (!exact_half(single_[i], half_[i])) {
      half_ = {};
      return;
    }
  }
  single_ = {};
}

void PackedDense::apply(ConstRows x, Rows y, bool add, std::size_t run, std::size_t stride) const {
  if (run == 0) run = in_;
  OMBRA_ASSERT(x.size() == y.size() && in_ % run == 0);
  const void* weights = half_.empty() ? static_cast<const void*>(single_.data()) : half_.data();
  const DenseCall call{weights, bias_.data(), in_ / run, run, stride, x.data(), y.data(), x.size(), out_, add};
  (half_.empty() ? dense_kernels().single : dense_kernels().half)(call);
}

}  // namespace ombra::model
