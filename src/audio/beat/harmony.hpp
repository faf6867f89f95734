#pragma once
// Which notes sound: a spectrum of long windows (about 0.19 s), read in semitones from 40 Hz to 2 kHz. The windows of
// Spectrum are too short to tell one bass note from the next.
// Thread: one owner; no allocation after construction.

#include <kiss_fftr.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace ombra::audio {

class Harmony {
 public:
  static constexpr std::size_t kNotes = 66;      // the lowest dozen share the bins that there are
  static constexpr std::size_t kBassNotes = 30;  // of them below about 230 Hz
  using Notes = std::array<float, kNotes>;

  explicit Harmony(int rate_hz);

  // mono: the newest samples, all finite; reference: the RMS that counts as full. -> is there a new spectrum?
  bool push(std::span<const float> mono, double reference);
  // The newest one: loudness of each note, log(1 + 100 a) for amplitudes a in units of the reference.
  const Notes& notes() const { return notes_; }
  // How long before the end of the newest sample the middle of its window is.
  double delay_s() const { return delay_s_; }

 private:
  struct Free {
    void operator()(kiss_fftr_state* state) const;
  };
  void find_notes(double reference);

  // immutable after construction
  std::size_t every_ = 8, step_ = 256;  // samples to one of the slow ones; of those from spectrum to spectrum
  double delay_s_ = 0.0;
  std::vector<float> low_pass_, window_;
  std::array<std::size_t, kNotes + 1> first_bin_{};
  std::unique_ptr<kiss_fftr_state, Free> plan_;
  // state
  std::vector<float> recent_, slow_, windowed_;  // rings: samples for the low pass, and those that it lets through
  std::vector<kiss_fft_cpx> bins_;
  std::size_t recent_at_ = 0, slow_at_ = 0, until_slow_ = 0, until_spectrum_ = 0;
  Notes notes_{};
};

}  // namespace ombra::audio
