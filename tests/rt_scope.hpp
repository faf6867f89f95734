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

// Counts allocations in every thread of one name, wherever it comes from: for the callbacks of a library's own thread.
// Thread: one at a time.
class RtThread {
 public:
  explicit RtThread(const char* name);  // as pthread_setname_np knows it; must live on
  ~RtThread();
  RtThread(const RtThread&) = delete;
  RtThread& operator=(const RtThread&) = delete;
  std::uint64_t allocations() const;
};

}  // namespace ombra::test
