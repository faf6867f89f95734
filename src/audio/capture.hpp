#pragma once
// Live input: a PortAudio stream whose callback copies samples into a ring and returns.

#include "audio/port_audio.hpp"
#include "audio/sample_clock.hpp"
#include "audio/source.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ombra::audio {

// The half of a capture that the callback touches. Audio-callback safe: on_input copies, stores atomics and returns.
class InputRing {
 public:
  InputRing(int channels, int rate_hz);

  // audio callback: frames of interleaved samples, the last of which was heard at end_s
  void on_input(const float* interleaved, std::size_t frames, double end_s, bool overflow) noexcept;

  // analysis thread: as Source::read; several channels are mixed as mix_to_mono does
  std::size_t read(std::span<float> mono, double& end_s) noexcept;

  // any thread
  double seconds(std::size_t frames) const noexcept { return static_cast<double>(frames) / rate_hz_; }
  double last_callback_s() const noexcept { return last_callback_s_.load(std::memory_order_relaxed); }
  std::uint64_t overruns() const noexcept { return overruns_.load(std::memory_order_relaxed); }
  std::uint64_t dropped_frames() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  // immutable after construction
  std::size_t channels_;
  double rate_hz_;
  // shared: written by the callback, read by the analysis thread
  SpscRing<float> samples_;
  SpscRing<SampleStamp> stamps_;
  // shared, atomic
  std::atomic<double> last_callback_s_{0.0};
  std::atomic<std::uint64_t> overruns_{0}, dropped_{0};
  // audio callback only
  std::uint64_t written_ = 0;
  // analysis thread only
  SampleClock clock_;
  std::uint64_t read_ = 0;
  std::vector<float> block_;
};

// An open input stream. Thread: construct, healthy, close from the thread that owns it; read from the analysis thread.
class Capture : public Source {
 public:
  // device: PortAudio's number. Takes up to two channels at the device's own rate, else at the first usual one that
  // works. Throws Error.
  explicit Capture(int device);
  ~Capture() override;

  int rate_hz() const override { return rate_hz_; }
  std::size_t read(std::span<float> mono, double& end_s) override { return ring_->read(mono, end_s); }

  void close() noexcept;
  // false: the device is gone (the stream stopped, or no callback came for half a second)
  bool healthy(double now_s) const;
  const std::string& name() const { return name_; }
  double latency_s() const { return latency_s_; }
  const InputRing& ring() const { return *ring_; }

 private:
  static int callback(const void* input, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept;

  // immutable after construction
  PortAudio session_;
  std::string name_;
  int rate_hz_ = 0;
  double latency_s_ = 0.0, opened_s_ = 0.0;
  std::unique_ptr<InputRing> ring_;
  // owner's thread only
  PaStream* stream_ = nullptr;
};

}  // namespace ombra::audio
