#pragma once
// Weights and biases in the order in which the threads of the decoder's shaders read them: four numbers at a time.
// Thread: one owner.

#include "gfx/decoder_passes.hpp"

#include <array>
#include <functional>

namespace ombra::gfx {

// Appends to the passes' weights and biases. Throws Error when there are more than a buffer of the GPU holds.
class WeightPacker {
 public:
  WeightPacker(DecoderPasses& out, bool half) : out_(out), half_(half) {}

  // where the next ones come to lie, in fours
  int weights_at() const { return static_cast<int>(out_.weights.size() / 4); }
  int biases_at() const { return static_cast<int>(out_.biases.size() / 4); }
  // weight(row, column) of a block of 4 x 4: output `row` from input `column`
  void block(const std::function<float(int, int)>& weight);
  void four(const std::array<float, 4>& values);  // 32 bits each
  void bias(float value) { out_.biases.push_back(value); }

 private:
  void check() const;

  DecoderPasses& out_;
  const bool half_;
};

}  // namespace ombra::gfx
