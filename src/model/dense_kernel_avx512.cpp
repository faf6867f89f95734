// dense_kernel.hpp for AVX-512
#include <immintrin.h>

#define OMBRA_ISA avx512
#define OMBRA_LANES 16
#define OMBRA_ROWS 8
#define OMBRA_WIDE 2
#define OMBRA_LOAD_HALF(p) _mm512_maskz_cvtph_ps(0xffff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))
#include "model/dense_kernel.inc"
