#pragma once
// Plays a track, looped, and tells the analysis what is being heard at this moment: through the default output, or
// silently on the clock.

#include "audio/input/listener.hpp"
#include "audio/input/sample_clock.hpp"
#include "audio/input/sample_source.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace ombra::audio {

// Thread: construct, healthy, close, fade_out, position from the owner's thread; read from the analysis thread.
class Player : public SampleSource {
 public:
  // start_frame: where in the track to begin. muted: while it is true nothing is heard, and the track runs on;
  // may be null. Throws Error when audible and the default output cannot be opened or does not answer within some
  // seconds, or when the track is empty or has an impossible shape.
  Player(std::shared_ptr<const Track> track, bool audible, std::uint64_t start_frame = 0,
         std::shared_ptr<const std::atomic<bool>> muted = nullptr);
  ~Player() override;

  int rate_hz() const override { return track_->rate_hz; }
  std::size_t read(std::span<float> mono, double& end_s, std::span<float> stereo = {}) override;
  double arrived_s() const override;

  void close() noexcept { output_.reset(); }
  bool audible() const { return output_ != nullptr; }
  // While it is on, nothing is heard and the track runs on; it goes and comes within kFadeS.
  void fade_out(bool on);
  static constexpr double kFadeS = 0.4;
  bool healthy(double now_s) const;                                                 // a silent player always is
  std::uint64_t position() const { return read_.load(std::memory_order_relaxed); }  // frames played, loops included

 private:
  struct Output;  // what PortAudio's threads touch

  // immutable after construction
  std::shared_ptr<const Track> track_;
  std::size_t frames_;
  // shared
  std::shared_ptr<SpscRing<SampleStamp>> stamps_;  // frames that come before the sample heard at time_s
  std::atomic<std::uint64_t> read_{0};
  // analysis thread only
  SampleClock clock_;
  // owner's thread only
  std::shared_ptr<Output> output_;
};

}  // namespace ombra::audio
