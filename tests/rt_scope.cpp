#include "rt_scope.hpp"

#include <pthread.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

thread_local bool counting = false;
thread_local std::uint64_t count = 0;
std::atomic<const char*> watched_name{nullptr};
std::atomic<std::uint64_t> watched_count{0};

void note_thread() {
  const char* name = watched_name.load(std::memory_order_acquire);
  char own[16] = "";
  if (!name || ::pthread_getname_np(::pthread_self(), own, sizeof(own)) != 0 || std::strcmp(own, name) != 0) return;
  watched_count.fetch_add(1, std::memory_order_relaxed);
}

void* take(std::size_t bytes, std::size_t alignment) {
  if (counting) ++count;
  note_thread();
  void* memory = alignment > alignof(std::max_align_t)
                     ? std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)
                     : std::malloc(bytes ? bytes : 1);
  if (!memory) throw std::bad_alloc();
  return memory;
}

void give(void* memory) noexcept {
  if (counting && memory) ++count;
  if (memory) note_thread();
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) { return take(bytes, 0); }
void* operator new[](std::size_t bytes) { return take(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t a) { return take(bytes, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return take(bytes, static_cast<std::size_t>(a)); }
void operator delete(void* memory) noexcept { give(memory); }
void operator delete[](void* memory) noexcept { give(memory); }
void operator delete(void* memory, std::size_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { give(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { give(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { give(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { give(memory); }

namespace ombra::test {

RtScope::RtScope() {
  count = 0;
  counting = true;
}
RtScope::~RtScope() { counting = false; }
std::uint64_t RtScope::allocations() const { return count; }

RtThread::RtThread(const char* name) {
  watched_count.store(0, std::memory_order_relaxed);
  watched_name.store(name, std::memory_order_release);
}
RtThread::~RtThread() { watched_name.store(nullptr, std::memory_order_release); }
std::uint64_t RtThread::allocations() const { return watched_count.load(std::memory_order_relaxed); }

}  // namespace ombra::test
