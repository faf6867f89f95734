#pragma once
// The program's one time base: seconds on the steady clock, as a double.
// Thread: any.

#include <chrono>

namespace ombra {

// -> seconds since an arbitrary start, monotone, the same in all threads
inline double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace ombra
