#pragma once
// How many processor threads LibTorch and its BLAS use for operations called from this thread.
// Thread: any; holds for the calling thread (OpenMP) and for the whole program (OpenBLAS).

namespace ombra::model {

void use_threads(int count);

}  // namespace ombra::model
