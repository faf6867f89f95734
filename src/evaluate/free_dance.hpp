#pragma once
// Dancers without control input, at a given tempo: the dance that evaluations measure.
// T pictures, Z code. Thread: one owner.

#include "evaluate/tempo_plan.hpp"
#include "model/dancers/generator.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ombra::train {

struct FreeDanceOptions {
  std::filesystem::path model;
  std::string words = {};              // for the progress bar
  model::DanceControls controls = {};  // but for the energy
  std::optional<float> energy = {};    // wanders as in the footage if not given
  double fps = 30.0;                   // pictures a second that are measured
  std::int64_t pictures = 900;         // of each dancer
  int batches = 4, dancers = 4;        // batches one after another, each with its own energy; dancers in each
  TempoPlan tempo = {};
  std::uint64_t seed = 1;
};

struct FreeDance {
  std::vector<torch::Tensor> latents;                         // one a dancer, [T, Z]
  std::vector<std::vector<std::vector<std::int64_t>>> moves;  // likewise, Q entries a move; empty for kind frames
  std::uint64_t jumps = 0;                                    // of the freeze guard, all dancers together
  std::uint64_t steps = 0;                                    // moves or frames that were made, likewise
  double minutes = 0.0;                                       // danced, all dancers together
};

// Throws Error when the model cannot be loaded or Ctrl-C is pressed.
FreeDance free_dance(const FreeDanceOptions& options);

}  // namespace ombra::train
