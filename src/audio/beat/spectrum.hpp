#pragma once
// Short-time Fourier transform: a Hann window of about 21 ms that moves on by one hop of about 10 ms.
// All memory is taken in the constructor. Thread: one owner.

#include <kiss_fftr.h>

#include <memory>
#include <span>
#include <vector>

namespace ombra::audio {

class Spectrum {
 public:
  explicit Spectrum(int rate_hz);  // 4000 .. 768000; throws Error outside

  int rate_hz() const { return rate_hz_; }
  int hop_samples() const { return hop_samples_; }  // rate / 100, rounded
  double hop_s() const { return static_cast<double>(hop_samples_) / rate_hz_; }
  int window_samples() const { return static_cast<int>(window_.size()); }
  double bin_hz() const { return static_cast<double>(rate_hz_) / window_samples(); }

  // hop: hop_samples() new samples. -> amplitude per bin, 0 .. window / 2; a full-scale sine on a bin gives 1.
  std::span<const float> transform(std::span<const float> hop);
  std::span<const float> amplitude() const { return amplitude_; }  // of the newest hop

 private:
  struct Free {
    void operator()(kiss_fftr_state* state) const;
  };
  // immutable after construction
  int rate_hz_, hop_samples_;
  std::vector<float> window_;
  std::unique_ptr<kiss_fftr_state, Free> plan_;
  // state
  std::vector<float> history_, windowed_, amplitude_;
  std::vector<kiss_fft_cpx> bins_;
};

}  // namespace ombra::audio
