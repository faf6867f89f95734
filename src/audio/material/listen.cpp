#include "audio/material/listen.hpp"

#include "audio/beat/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ombra::audio {

void listen(std::span<const float> sound, int rate_hz, EarSequence& sequence) {
  Features features(rate_hz);
  const auto hop = static_cast<std::size_t>(features.hop_samples());
  const std::size_t hops = sound.size() / hop;
  sequence.about.hop_s = features.hop_s();
  sequence.bands.resize(hops * EarBands::kBands);
  sequence.place.assign(hops, std::numeric_limits<float>::quiet_NaN());
  sequence.beats_per_bar.assign(hops, 0);
  std::array<float, EarBands::kBands> heard{};
  for (std::size_t k = 0; k < hops; ++k) {
    features.analyse(sound.subspan(k * hop, hop));
    features.ear(heard);
    std::ranges::transform(
        heard, sequence.bands.begin() + static_cast<std::ptrdiff_t>(k * EarBands::kBands),
        [](float x) { return static_cast<std::uint8_t>(std::lround(std::clamp(x * kEarUnits, 0.0f, 255.0f))); });
  }
}

}  // namespace ombra::audio
