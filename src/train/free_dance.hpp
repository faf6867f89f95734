#pragma once
// Dancers that nobody steers, at a steady tempo: what a comparison looks at.
// T pictures, Z code. Thread: one owner.

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace ombra::train {

struct FreeDanceOptions {
  std::filesystem::path model;
  double temperature = 1.0;
  double fps = 30.0;             // pictures a second that are looked at
  std::int64_t pictures = 900;   // of each dancer
  int parties = 4, dancers = 4;  // parties one after another, each with its own energy; dancers in each
  double bpm = 120.0, pulse = 1.5;
  bool freeze_guard = false;  // false: the system's own behaviour
  std::uint64_t seed = 1;
};

struct FreeDance {
  std::vector<torch::Tensor> latents;  // one a dancer, [T, Z]
  std::uint64_t jumps = 0;             // of the freeze guard, all dancers together
  std::uint64_t steps = 0;             // moves or frames that were made, likewise
  double minutes = 0.0;                // danced, all dancers together
};

// Throws Error when the model cannot be loaded or Ctrl-C is pressed.
FreeDance free_dance(const FreeDanceOptions& options);

// Pictures on which a beat falls, for dances of `pictures`.
std::vector<double> played_beats(std::int64_t pictures, double fps, double bpm);

}  // namespace ombra::train
