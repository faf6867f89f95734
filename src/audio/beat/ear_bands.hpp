#pragma once
// What the ear's network hears of one hop: logarithmic amplitudes in 38 bands, the same bands at every sample rate.
// Bands are triangles between centres that lie 50 Hz apart in the bass, where a bass drum is told from the tone beside
// it, and a sixth of an octave above 400 Hz, up to 12.6 kHz; what a rate cannot hold is silent, as after a telephone.
// Thread: any; no allocation after construction.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::audio {

class EarBands {
 public:
  static constexpr std::size_t kBands = 38;

  // bin_hz: between two bins of the spectrum; bins: how many it has
  EarBands(double bin_hz, std::size_t bins);

  // amplitude: per bin, as Spectrum gives it; reference: the RMS that the gain counts as full, over 0.
  // -> out [kBands]: log(1 + 100 a / reference), 0 to about 6
  void hear(std::span<const float> amplitude, double reference, std::span<float> out) const;

 private:
  struct Share {
    std::uint32_t bin = 0, band = 0;
    float weight = 0.0f;
  };
  std::vector<Share> shares_;  // of a bin's power in a band
};

}  // namespace ombra::audio
