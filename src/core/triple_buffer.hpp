#pragma once
// Latest-value exchange between one writer and one reader that never wait for each other.
// Thread: one writer fills back() and calls publish(); one reader calls read(). Neither locks or allocates.

#include <array>
#include <atomic>

namespace ombra {

template <typename T>
class TripleBuffer {
 public:
  TripleBuffer() = default;
  explicit TripleBuffer(const T& initial) : slots_{initial, initial, initial} {}

  // writer: the slot to fill; it holds an older value, not the one published last
  T& back() noexcept { return slots_[back_]; }
  void publish() noexcept { back_ = shared_.exchange(back_ | kNew, std::memory_order_acq_rel) & kIndex; }
  void write(const T& value) {
    back() = value;
    publish();
  }

  // reader: the newest published value, valid until the next read(). fresh: set where it was not read before
  const T& read(bool* fresh = nullptr) noexcept {
    const bool come = shared_.load(std::memory_order_relaxed) & kNew;
    if (come) front_ = shared_.exchange(front_, std::memory_order_acq_rel) & kIndex;
    if (fresh) *fresh = come;
    return slots_[front_];
  }

 private:
  static constexpr unsigned kNew = 4, kIndex = 3;
  std::array<T, 3> slots_{};
  unsigned back_ = 0;
  alignas(64) std::atomic<unsigned> shared_{1};
  alignas(64) unsigned front_ = 2;
};

}  // namespace ombra
