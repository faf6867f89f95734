#pragma once
// Tempo of the last seconds: autocorrelation of the onset envelope, read at one to four beats, times a log-Gaussian
// prior around 120 BPM (Ellis 2007). Causal; all memory is taken in the constructor.
// Octaves: of tempi that explain the sound equally well, the one nearer to 120 on a logarithmic scale wins, so plain
// clicks faster than 170 are heard at half their rate and clicks slower than 85 at twice theirs.
// Thread: one owner.

#include <cstddef>
#include <vector>

namespace ombra::audio {

class TempoEstimator {
 public:
  static constexpr double kSlowestBpm = 60.0, kFastestBpm = 190.0;

  explicit TempoEstimator(double hop_s);

  // novelty of the newest hop, any scale
  void push(double novelty);
  // Looks at the past again; about 0.2 ms. Call some ten times a second.
  void update();
  double bpm() const { return bpm_; }            // 0 before anything was found
  double strength() const { return strength_; }  // 0..1: how periodic the envelope is at bpm()
  void forget();

 private:
  double correlation_at(double lag_hops) const;
  double score(double lag_hops) const;  // mean autocorrelation at one to four lags, without the prior

  // immutable after construction
  double hop_s_;
  std::vector<double> candidates_bpm_, prior_;
  // state
  std::vector<double> envelope_;  // ring
  std::size_t next_ = 0, filled_ = 0;
  std::vector<double> ordered_, correlation_, score_;
  double bpm_ = 0.0, strength_ = 0.0;
  double rival_bpm_ = 0.0;  // a better tempo must stay better for a while before it is believed
  int rival_updates_ = 0;
};

}  // namespace ombra::audio
