#pragma once
// The analysis thread: reads the source of now, publishes a frame for every hop, and silence on the clock while nothing
// comes. Another source begins where the one before was heard last.
// Thread: use, next and the getters from any one thread each; the analysis thread is inside.

#include "audio/input/listener.hpp"
#include "audio/input/sample_source.hpp"
#include "core/spsc_ring.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>

namespace ombra::audio {

class Analyser;

class Hearing {
 public:
  struct Hop {
    AudioFrame frame;
    HopTimes times;
  };

  Hearing();
  ~Hearing();
  Hearing(const Hearing&) = delete;
  Hearing& operator=(const Hearing&) = delete;

  void use(std::shared_ptr<SampleSource> source);  // null: silence
  bool next(Hop& hop) { return hops_.pop({&hop, 1}) == 1; }
  SoundTap& taps() { return taps_; }
  bool live() const { return live_.load(std::memory_order_relaxed); }             // sound is arriving
  int rate_hz() const { return analysis_hz_.load(std::memory_order_relaxed); }    // 0: nothing was analysed yet
  double last_loud_s() const { return loud_s_.load(std::memory_order_relaxed); }  // clock time of the last loud sound

 private:
  void run(const std::stop_token& stop);
  void be_silent(Analyser& analyser, double& heard_s, double until_s);
  bool join(Analyser& analyser, std::span<const float>& mono, double end_s, double& heard_s);
  void publish(Analyser& analyser, std::span<const float> mono, double end_s, double arrived_s);

  // guarded by source_mutex_
  std::mutex source_mutex_;
  std::shared_ptr<SampleSource> source_;
  std::uint64_t source_generation_ = 1;
  // shared: analysis thread -> the reader of next()
  SpscRing<Hop> hops_;
  SoundTap taps_;
  // shared, atomic
  std::atomic<bool> live_{false};
  std::atomic<int> analysis_hz_{0};
  std::atomic<double> loud_s_{0.0};
  std::jthread thread_;  // last: stopped and joined before the rest goes
};

}  // namespace ombra::audio
