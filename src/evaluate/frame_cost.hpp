#pragma once
// What one picture of the live dance costs: made, interpolated and drawn as the show does it, on one thread.
// Thread: one owner.

#include <filesystem>
#include <optional>
#include <vector>

namespace ombra::train {

struct FrameCost {
  double picture_ms = 0.0;                   // median of advance + pull + decode
  double lowest_ms = 0.0, highest_ms = 0.0;  // medians of the rounds
  double mean_ms = 0.0;                      // with the pictures that a step falls on, shared out
  double step_ms = 0.0, decode_ms = 0.0;     // medians of the generator's counters
  double steps_per_second = 0.0;             // moves or frames, of the dance's time
};

struct FrameCostOptions {
  int size = 192;  // pixels of the show's field
  double pictures_per_second = 60.0;
  int rounds = 5;
  int pictures = 240;    // a round, at most ...
  double round_s = 1.0;  // ... and at most this long, though never fewer than 12 pictures
};

// Rounds go through all models in turn, so that what else the computer does hits all alike; each is loaded anew and
// warmed up before its turn, and only one is in memory. A model that cannot be loaded has no cost.
std::vector<std::optional<FrameCost>> frame_costs(const std::vector<std::filesystem::path>& models,
                                                  const FrameCostOptions& options = {});

}  // namespace ombra::train
