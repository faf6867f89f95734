#pragma once
// How loud an input, or the sound of one program, is on the sound server: its peaks, 25 times a second, which costs
// next to nothing. Thread: one owner; libpulse's thread is inside.

#include "audio/input/pulse.hpp"

#include <atomic>
#include <memory>

namespace ombra::audio {

class PulseMeter {
 public:
  // stream: of another program, played through the output that source is the monitor of, heard alone; or kWhole: all of
  // source. Returns at once; an input that cannot be opened is dead.
  static constexpr std::uint32_t kWhole = PA_INVALID_INDEX;
  PulseMeter(std::shared_ptr<PulseServer> server, const InputDevice& source, std::uint32_t stream = kWhole);
  ~PulseMeter();
  PulseMeter(const PulseMeter&) = delete;
  PulseMeter& operator=(const PulseMeter&) = delete;

  // -> the largest amplitude in any channel since the last call
  float peak() noexcept { return peak_.exchange(0.0f, std::memory_order_relaxed); }
  bool dead() const noexcept { return dead_.load(std::memory_order_relaxed); }

 private:
  static void on_state(pa_stream* stream, void* self) noexcept;
  static void on_read(pa_stream* stream, std::size_t bytes, void* self) noexcept;

  // immutable after construction
  const std::shared_ptr<PulseServer> server_;
  pa_stream* stream_ = nullptr;
  // shared, atomic: written by libpulse's thread
  std::atomic<float> peak_{0.0f};
  std::atomic<bool> dead_{false};
};

}  // namespace ombra::audio
