#pragma once
// Counts allocations inside a scope: link rt_scope.cpp, which replaces operator new and delete of the test program.
// Thread: counts those of the thread that opened the scope only.

#include <cstdint>

namespace ombra::test {

class RtScope {
 public:
  RtScope();
  ~RtScope();
  RtScope(const RtScope&) = delete;
  RtScope& operator=(const RtScope&) = delete;
  std::uint64_t allocations() const;  // new and delete calls since the scope was opened
};

}  // namespace ombra::test
