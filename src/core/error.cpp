#include "core/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace ombra {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "ombra: %s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace ombra
