#pragma once
// How likely each tempo is after the last seconds: autocorrelation of the accents, read at one to four beats, times a
// log-Gaussian prior (Ellis 2007), which doubts a slow tempo only where something beats twice as fast. Causal; all
// memory is taken in the constructor. Thread: one owner.

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::audio {

class TempoEstimator {
 public:
  // periods_s: those that are asked for, rising, 0.25 .. 1.1
  TempoEstimator(double hop_s, std::vector<double> periods_s);

  // novelty, backbeat (snare without kick) and stroke (how hard) of the newest hop, any scale
  void push(double novelty, double backbeat, double stroke);
  // Looks at the past again; about 0.3 ms. Call a few times a second.
  void update();
  // -> the likelihood of each period, mean 1; all 1 before anything was heard
  std::span<const float> likelihood() const { return likelihood_; }
  // -> the likeliest period's autocorrelation, 0..1: how periodic the sound is
  double strength() const { return strength_; }
  // -> 0 .. 1: how surely a machine plays, so that how hard a stroke is says which one is the beat
  double regular() const { return regular_; }
  void forget();

 private:
  static double regularity(double correlation);
  double evenness(double lag_hops) const;
  double score(double lag_hops) const;  // mean autocorrelation at one to four lags, without the prior

  // immutable after construction
  double hop_s_;
  std::vector<double> periods_s_, prior_;
  std::size_t slow_ = 0;  // from this period on music is slow
  // state
  struct Correlation {
    std::vector<float> envelope, at;  // ring; by lag
    bool update(std::size_t next, std::size_t filled, std::size_t shortest, std::vector<float>& ordered);
    double operator()(double lag_hops) const;
    double power() const;  // of the whole memory
  };
  Correlation whole_, backbeat_, stroke_;
  std::size_t next_ = 0, filled_ = 0;
  std::vector<float> ordered_;
  std::vector<float> likelihood_;
  double strength_ = 0.0, regular_ = 0.0;
};

}  // namespace ombra::audio
