#pragma once
// A silent output of our own on the desktop's sound server, into which clicks are played: what its monitor hears is
// known to the sample. It is there while the object lives. Thread: one owner; libpulse's thread is inside.

#include "audio/input/pulse.hpp"
#include "audio/input/sample_clock.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace ombra::audio {

class LoopbackSink {
 public:
  // Throws Error when there is no sound server, or it cannot make the output.
  LoopbackSink();
  ~LoopbackSink();
  LoopbackSink(const LoopbackSink&) = delete;
  LoopbackSink& operator=(const LoopbackSink&) = delete;

  // -> the id of its monitor among list_inputs()
  std::string monitor() const { return name_ + ".monitor"; }
  // Plays a click at time_s on the clock of core/clock.hpp, or as soon as it can; replaces one that was not played yet.
  void click(double time_s) noexcept { due_s_.store(time_s, std::memory_order_relaxed); }
  // -> true and the clock time at which the next of the clicks passes the sink, oldest first
  bool next_click(double& time_s) { return clicks_.pop({&time_s, 1}) == 1; }

 private:
  void open();
  void close() noexcept;
  static void on_state(pa_stream* stream, void* self) noexcept;
  static void on_write(pa_stream* stream, std::size_t bytes, void* self) noexcept;
  static void on_timing(pa_stream* stream, void* self) noexcept;
  static void on_ask(pa_mainloop_api* api, pa_time_event* event, const timeval* at, void* self) noexcept;

  // immutable after construction
  PulseServer server_;
  std::string name_;
  std::vector<float> sound_;  // of a click
  // owner's thread, under the server's lock
  std::uint32_t module_ = PA_INVALID_INDEX;
  pa_stream* stream_ = nullptr;
  pa_time_event* timer_ = nullptr;
  // libpulse's thread only
  SampleClock clock_;
  std::uint64_t written_ = 0;  // samples
  std::size_t playing_ = 0;    // the next sample of sound_; its end: none is playing
  // shared
  std::atomic<double> due_s_{0.0};  // 0: no click is wanted
  SpscRing<double> clicks_{256};
};

}  // namespace ombra::audio
