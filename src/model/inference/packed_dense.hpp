#pragma once
// The weights of one dense layer, packed once for the kernels of dense_kernel.hpp. They are kept in 16 bits where that
// loses nothing, as with every model that was read from a file: a step of one dancer costs the memory traffic of its
// weights. Thread: any, once it is made.

#include "model/figure/layer_plan.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::model {

// Rows of numbers, anywhere.
using Rows = std::span<float* const>;
using ConstRows = std::span<const float* const>;

class PackedDense {
 public:
  PackedDense() = default;
  explicit PackedDense(const DensePlan& plan);
  // columns `first` .. `first + count - 1` of it alone, without its bias where not `with_bias`
  PackedDense(const DensePlan& plan, std::size_t first, std::size_t count, bool with_bias);

  std::size_t in() const { return in_; }
  std::size_t out() const { return out_; }
  bool in_16_bits() const { return !half_.empty(); }

  // y[r] = W x[r] + b, or y[r] += W x[r] + b. x[r]: in() numbers, in runs of `run` that lie `stride` apart
  // (0: one run). No allocation.
  void apply(ConstRows x, Rows y, bool add = false, std::size_t run = 0, std::size_t stride = 0) const;

 private:
  std::size_t in_ = 0, out_ = 0;
  std::vector<std::uint16_t> half_;
  std::vector<float> single_, bias_;
};

}  // namespace ombra::model
