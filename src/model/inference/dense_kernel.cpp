// dense_kernel.hpp for any processor, and the choice among all that were compiled
#define OMBRA_ISA plain
#define OMBRA_LANES 4
#define OMBRA_ROWS 4
#include "model/inference/dense_kernel.inc"

namespace ombra::model {

#ifdef OMBRA_X86
namespace avx2 {
const DenseKernels& kernels();
}
namespace avx512 {
const DenseKernels& kernels();
}

std::vector<const DenseKernels*> usable_dense_kernels() {
  std::vector<const DenseKernels*> all = {&plain::kernels()};
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    all.push_back(&avx2::kernels());
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    all.push_back(&avx512::kernels());
  return all;
}
#else
std::vector<const DenseKernels*> usable_dense_kernels() { return {&plain::kernels()}; }
#endif

const DenseKernels& dense_kernels() {
  static const DenseKernels& best = *usable_dense_kernels().back();
  return best;
}

}  // namespace ombra::model
