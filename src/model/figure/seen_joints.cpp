#include "model/figure/seen_joints.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::model {
namespace {

constexpr auto kCount = static_cast<std::size_t>(kJoints);

}  // namespace

SeenJoints::SeenJoints(const PoseCode& how) : how_(how) {
  if (!how.in_space()) return;
  const std::size_t components = how.components();
  rows_.resize(components * 3 * kCount);
  for (std::size_t b = 0; b < components; ++b) {
    for (std::size_t i = 0; i < 3 * kCount; ++i)
      rows_[b * 3 * kCount + i % 3 * kCount + i / 3] = how.basis[i * components + b];
  }
}

void SeenJoints::see(std::span<const float> code, std::span<float> seen) const {
  if (rows_.empty()) {
    std::ranges::copy(code, seen.begin());
    return;
  }
  const std::size_t components = how_.components();
  std::array<float, 3 * kCount> own;
  for (std::size_t i = 0; i < own.size(); ++i) own[i % 3 * kCount + i / 3] = how_.mean[i] / how_.scale;
  for (std::size_t b = 0; b < components; ++b) {
    const float* row = rows_.data() + b * own.size();
    for (std::size_t i = 0; i < own.size(); ++i) own[i] += code[b] * row[i];
  }
  const Carried carried = carried_by(how_, code);
  const float c = std::cos(carried.heading), s = std::sin(carried.heading), over = 1.0f / how_.scale;
  for (std::size_t j = 0; j < kCount; ++j) {
    seen[j] = c * own[j] + s * own[2 * kCount + j] + carried.hip.x * over;
    seen[kCount + j] = own[kCount + j] + carried.hip.y * over;
  }
}

}  // namespace ombra::model
