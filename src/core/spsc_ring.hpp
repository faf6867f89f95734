#pragma once
// Wait-free single-producer single-consumer ring of plain values (Lamport 1983): the audio callback's way out.
// Thread: one producer calls push, one consumer calls pop; push is audio-callback safe (no lock, no allocation).

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace ombra {

template <typename T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // capacity is rounded up to a power of two; all memory is taken here
  explicit SpscRing(std::size_t capacity) : buffer_(std::bit_ceil(capacity)), mask_(buffer_.size() - 1) {}

  // Copies as many of values as fit; the newest are dropped and counted. -> how many were copied
  std::size_t push(std::span<const T> values) noexcept {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::size_t room = buffer_.size() - static_cast<std::size_t>(head - tail_.load(std::memory_order_acquire));
    const std::size_t n = values.size() < room ? values.size() : room;
    for (std::size_t i = 0; i < n; ++i) buffer_[static_cast<std::size_t>(head + i) & mask_] = values[i];
    head_.store(head + n, std::memory_order_release);
    if (n < values.size()) dropped_.fetch_add(values.size() - n, std::memory_order_relaxed);
    return n;
  }

  // Fills out from the oldest values. -> how many were there
  std::size_t pop(std::span<T> out) noexcept {
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t have = static_cast<std::size_t>(head_.load(std::memory_order_acquire) - tail);
    const std::size_t n = out.size() < have ? out.size() : have;
    for (std::size_t i = 0; i < n; ++i) out[i] = buffer_[static_cast<std::size_t>(tail + i) & mask_];
    tail_.store(tail + n, std::memory_order_release);
    return n;
  }

  std::size_t size() const noexcept {
    return static_cast<std::size_t>(head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_acquire));
  }
  std::size_t capacity() const noexcept { return buffer_.size(); }
  std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  std::vector<T> buffer_;
  std::size_t mask_;
  alignas(64) std::atomic<std::uint64_t> head_{0};  // written by the producer
  alignas(64) std::atomic<std::uint64_t> tail_{0};  // written by the consumer
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace ombra
