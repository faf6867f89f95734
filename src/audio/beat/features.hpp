#pragma once
// What one hop of sound is like, before any decision: loudness, three bands, spectral flux.
// Flux is the one of SuperFlux (Boeck and Widmer 2013): logarithmic band amplitudes against the maximum over
// neighbouring bands two hops earlier, rises only, so that vibrato does not count as an onset.
// Thread: one owner; no allocation after construction.

#include "audio/beat/ear_bands.hpp"
#include "audio/beat/gain.hpp"
#include "audio/beat/spectrum.hpp"

#include <array>
#include <span>
#include <vector>

namespace ombra::audio {

struct HopFeatures {
  double rms = 0.0;    // of the hop, 1 = full scale
  float peak = 0.0f;   // largest absolute sample
  float level = 0.0f;  // 0..1 after automatic gain, as are the bands
  float bass = 0.0f, mid = 0.0f, treble = 0.0f;
  double bass_rms = 0.0;   // amplitude of the bass band, in units of rms
  double reference = 0.0;  // RMS that the gain counts as full
  double flux = 0.0;       // mean rise per band, about 0 .. 2; does not depend on the input level
};

class Features {
 public:
  explicit Features(int rate_hz);

  int hop_samples() const { return spectrum_.hop_samples(); }
  double hop_s() const { return spectrum_.hop_s(); }
  // hop: hop_samples() samples, all finite
  HopFeatures analyse(std::span<const float> hop);
  // The newest hop as the ear's network hears it. out: EarBands::kBands numbers
  void ear(std::span<float> out) const { ear_bands_.hear(spectrum_.amplitude(), loudness_.reference(), out); }

 private:
  static constexpr int kLag = 2;  // hops between the two spectra that are compared
  struct Band {
    int first = 0, last = 0;  // bins, inclusive
  };
  Spectrum spectrum_;
  EarBands ear_bands_;
  std::vector<Band> bands_;
  std::array<std::vector<float>, kLag + 1> logs_;  // newest first
  Gain loudness_;
  std::array<Gain, 3> band_gain_;
};

}  // namespace ombra::audio
