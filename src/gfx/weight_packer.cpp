#include "gfx/weight_packer.hpp"

#include "core/error.hpp"

#include <glm/packing.hpp>

#include <bit>

namespace ombra::gfx {
namespace {

constexpr std::size_t kMaxWeights = std::size_t{1} << 27;

}  // namespace

void WeightPacker::block(const std::function<float(int, int)>& weight) {
  check();
  for (int column = 0; column < 4; ++column) {
    const std::array<float, 4> c = {weight(0, column), weight(1, column), weight(2, column), weight(3, column)};
    if (half_) {
      out_.weights.push_back(glm::packHalf2x16({c[0], c[1]}));
      out_.weights.push_back(glm::packHalf2x16({c[2], c[3]}));
    } else {
      for (const float v : c) out_.weights.push_back(std::bit_cast<std::uint32_t>(v));
    }
  }
}

void WeightPacker::four(const std::array<float, 4>& values) {
  check();
  for (const float v : values) out_.weights.push_back(std::bit_cast<std::uint32_t>(v));
}

void WeightPacker::check() const {
  if (out_.weights.size() > kMaxWeights) throw error("the decoder has more weights than a buffer of the GPU holds");
}

}  // namespace ombra::gfx
