#pragma once
// Plays a recording, looped, and tells the analysis what is being heard at this moment: through the default output, or
// silently on the clock.

#include "audio/listener.hpp"
#include "audio/port_audio.hpp"
#include "audio/sample_clock.hpp"
#include "audio/source.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace ombra::audio {

// Thread: construct, healthy, close, position from the owner's thread; read from the analysis thread.
class Player : public Source {
 public:
  // start_frame: where in the recording to begin. hushed: while it is true nothing is heard, and the recording runs on;
  // may be null, else outlives the player. Throws Error when audible and the default output cannot be opened, or
  // when the recording is empty or has an impossible shape.
  Player(std::shared_ptr<const Recording> recording, bool audible, std::uint64_t start_frame = 0,
         const std::atomic<bool>* hushed = nullptr);
  ~Player() override;

  int rate_hz() const override { return recording_->rate_hz; }
  std::size_t read(std::span<float> mono, double& end_s, std::span<float> stereo = {}) override;
  double arrived_s() const override;
  bool from_its_beginning() const override { return from_its_beginning_; }

  void close() noexcept;
  bool audible() const { return stream_ != nullptr; }
  bool healthy(double now_s) const;                                                 // a silent player always is
  std::uint64_t position() const { return read_.load(std::memory_order_relaxed); }  // frames played, loops included

 private:
  static int callback(const void* input, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept;
  void fill(float* out, std::size_t frames, double heard_s) noexcept;
  void open_output();

  // immutable after construction
  std::shared_ptr<const Recording> recording_;
  const std::atomic<bool>* hushed_;
  std::size_t frames_;
  bool from_its_beginning_;
  std::unique_ptr<PortAudio> session_;
  double opened_s_ = 0.0;
  // audio callback only
  std::uint64_t played_ = 0;
  // shared
  SpscRing<SampleStamp> stamps_;  // frames that come before the sample heard at time_s
  std::atomic<double> last_callback_s_{0.0};
  std::atomic<std::uint64_t> read_{0};
  // analysis thread only
  SampleClock clock_;
  // owner's thread only
  PaStream* stream_ = nullptr;
};

}  // namespace ombra::audio
