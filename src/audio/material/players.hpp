#pragma once
// Who plays: the synthesizers of one thread, each with a sound font of its own, and drum kits of many kinds.
// Thread: one owner.

#include "audio/material/score.hpp"
#include "audio/material/synthesizer.hpp"
#include "core/rng.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace ombra::audio {

class Players {
 public:
  explicit Players(std::span<const std::filesystem::path> fonts);

  // -> mono at Synthesizer::kRateHz, by a font and in a hall that rng draws
  std::vector<float> play(const Excerpt& music, Rng& rng);

 private:
  std::vector<std::filesystem::path> fonts_;
  std::vector<std::unique_ptr<Synthesizer>> synthesizers_;  // made when they are needed first
};

// Other drums for what is played, for an ear that learns: some rest all piece long, some are played by others.
void vary_drums(Score& score, Rng& rng);

// Bass drum and snare stay, everything else is what `other` has at the same beats, over and over: two drummers as one,
// for an ear that learns. Both in quarters, with bars of the same length.
void share_drums(Score& score, const Score& other);

// Another kit for the score's drums: its program, its tuning, how loud each drum is, harder or softer strokes.
void choose_kit(Score& score, Rng& rng);

}  // namespace ombra::audio
