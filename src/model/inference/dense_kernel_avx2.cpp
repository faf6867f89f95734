// dense_kernel.hpp for AVX2 with FMA and F16C (Intel from 2013, AMD from 2015).
#include <immintrin.h>

#define OMBRA_ISA avx2
#define OMBRA_LANES 8
#define OMBRA_ROWS 6
#define OMBRA_LOAD_HALF(p) _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))
#include "model/inference/dense_kernel.inc"
