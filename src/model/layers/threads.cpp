#include "model/layers/threads.hpp"

#include <ATen/Parallel.h>

// Debian's LibTorch multiplies through whatever BLAS is installed; OpenBLAS with its own threads is told apart.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));

namespace ombra::model {

void use_threads(int count) {
  at::set_num_threads(count);
  if (openblas_set_num_threads) openblas_set_num_threads(count);
}

}  // namespace ombra::model
