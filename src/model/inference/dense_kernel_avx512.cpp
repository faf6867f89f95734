// dense_kernel.hpp for AVX-512 (Intel servers from 2017, AMD from 2022): convolutions, which compute more than they load,
// gain most.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 on what its own header leaves open on purpose
#include <immintrin.h>

#define OMBRA_ISA avx512
#define OMBRA_LANES 16
#define OMBRA_ROWS 6
#define OMBRA_LOAD_HALF(p) _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))
#include "model/inference/dense_kernel.inc"
