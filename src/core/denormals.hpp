#pragma once
// Flush-to-zero for the calling thread: decaying filters would otherwise end in denormals, which are up to 100 times
// slower. Thread: call once at the start of the thread that calculates.

#if defined(__SSE2__)
#include <xmmintrin.h>
#elif defined(__aarch64__)
#include <cstdint>
#endif

namespace ombra::audio {

inline void flush_denormals() noexcept {
#if defined(__SSE2__)
  _mm_setcsr(_mm_getcsr() | 0x8040u);  // FTZ and DAZ
#elif defined(__aarch64__)
  std::uint64_t fpcr = 0;
  asm volatile("mrs %0, fpcr" : "=r"(fpcr));
  asm volatile("msr fpcr, %0" : : "r"(fpcr | (std::uint64_t{1} << 24)));
#endif
}

}  // namespace ombra::audio
