#pragma once
// The inner loops of the networks that run without LibTorch, compiled for several instruction sets; the best one that
// the machine has is taken when the program starts. Every output is summed up in one order whatever the batch, so a row
// gives the same bits alone and beside others. Inside of model/ only. Thread: any (pure functions).

#include "model/figure/layer_plan.hpp"

#include <cstdint>
#include <vector>

namespace ombra::model {

inline constexpr std::size_t kPanel = 16;  // outputs that lie side by side in packed weights

// y_r = W x_r + b for rows r. Packed weights: [panel][in][kPanel], the last panel filled up with zeros.
// A row of x is `segments` runs of `length` numbers, `stride` apart: a convolution's taps.
struct DenseCall {
  const void* weights;  // float, or IEEE half precision (see DenseKernels)
  const float* bias;    // [panels * kPanel]
  std::size_t segments, length, stride;
  const float* const* x;
  float* const* y;
  std::size_t rows, out;
  bool add;  // y_r += W x_r + b instead
};

struct DenseKernels {
  void (*single)(const DenseCall&);  // weights in 32 bits
  void (*half)(const DenseCall&);    // in 16 bits; null where the machine does not read them in one instruction
  void (*activate)(ActivationKind, float* x, std::size_t n);
  // gates [4][H] as LibTorch has them (i f g o) -> c, h [H]
  void (*lstm)(const float* gates, std::size_t hidden, float* c, float* h);
};

const DenseKernels& dense_kernels();
// All that this machine can run, the best last: for tests.
std::vector<const DenseKernels*> usable_dense_kernels();

}  // namespace ombra::model
