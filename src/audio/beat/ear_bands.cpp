#include "audio/beat/ear_bands.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kLowestHz = 45.0, kApartHz = 50.0, kPerOctave = 6.0;
constexpr float kCompression = 100.0f;  // amplitudes 40 dB below the reference begin to count

// -> the bands' centres, with one below and one above
std::array<double, EarBands::kBands + 2> centres_hz() {
  std::array<double, EarBands::kBands + 2> hz{};
  hz[1] = kLowestHz;
  for (std::size_t i = 2; i < hz.size(); ++i)
    hz[i] = hz[i - 1] + std::max(kApartHz, hz[i - 1] * (std::exp2(1.0 / kPerOctave) - 1.0));
  return hz;
}

}  // namespace

EarBands::EarBands(double bin_hz, std::size_t bins) {
  const auto centre = centres_hz();
  for (std::size_t band = 0; band < kBands; ++band) {
    const double low = centre[band], middle = centre[band + 1], high = centre[band + 2];
    for (std::size_t bin = 1; bin < bins; ++bin) {
      const double hz = static_cast<double>(bin) * bin_hz;
      const double weight = hz < middle ? (hz - low) / (middle - low) : (high - hz) / (high - middle);
      if (weight > 0.0)
        shares_.push_back(
            {static_cast<std::uint32_t>(bin), static_cast<std::uint32_t>(band), static_cast<float>(weight)});
    }
  }
}

void EarBands::hear(std::span<const float> amplitude, double reference, std::span<float> out) const {
  std::fill(out.begin(), out.end(), 0.0f);
  for (const Share& s : shares_) out[s.band] += s.weight * amplitude[s.bin] * amplitude[s.bin];
  const auto scale = kCompression / static_cast<float>(reference);
  for (float& band : out) band = std::log1p(scale * std::sqrt(band));
}

}  // namespace ombra::audio
