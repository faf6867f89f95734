#pragma once
// The half of a live input that the audio callback touches. Audio-callback safe: on_input copies, stores atomics and
// returns.

#include "audio/input/channel_picker.hpp"
#include "audio/input/sample_clock.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ombra::audio {

class InputRing {
 public:
  InputRing(int channels, int rate_hz);  // at most kMaxChannels

  // audio callback: frames of interleaved samples, the last of which was heard at end_s
  void on_input(const float* interleaved, std::size_t frames, double end_s, bool overflow) noexcept;

  // analysis thread: as SampleSource::read, from the two channels that are listened to
  std::size_t read(std::span<float> mono, double& end_s, std::span<float> stereo = {}) noexcept;

  // any thread
  // these channels from now on; nothing: the loudest two
  void listen_to(std::optional<ChannelPair> pair) noexcept;
  ChannelPair heard() const noexcept;        // which two are listened to
  std::uint64_t sounding() const noexcept {  // bit c: something was heard in channel c lately
    return sounding_.load(std::memory_order_relaxed);
  }
  int channels() const noexcept { return static_cast<int>(channels_); }
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
  std::atomic<int> wanted_{-1}, heard_{0};  // pairs, as pack makes them; -1: the loudest
  std::atomic<std::uint64_t> sounding_{0};
  // audio callback only
  std::uint64_t written_ = 0;
  // analysis thread only
  void mix(std::size_t frames, std::span<float> mono, std::span<float> stereo) noexcept;
  SampleClock clock_;
  ChannelPicker picker_;
  ChannelPair pair_;
  int obeyed_ = -1;  // of wanted_
  std::uint64_t read_ = 0;
  std::vector<float> block_;
};

}  // namespace ombra::audio
