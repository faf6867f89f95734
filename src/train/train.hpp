#pragma once
// From a data set to a model folder: painter, latents in beat time, mover, choreographer (or the frame dancer).
// Thread: one owner.

#include "core/clock.hpp"
#include "train/time_budget.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct TrainOptions {
  std::string recipe = "ombra";
  std::filesystem::path data, output;
  std::string device = "auto";
  std::uint64_t seed = 1;
  double effort = 1.0;         // multiplies the steps of every network: 0.01 for a quick try
  // 0: as many steps as the recipe says; else the best that can be had in so long, from reading the data to writing the
  // model, by the clock; a run that is taken up goes on with what is left
  double budget_s = 0.0;
  std::filesystem::path from;  // a model folder of the same recipe whose weights training begins with; may be empty
  // Networks (painter, mover, choreographer, dancer) that are taken over from `from` as they are; where any is named, the
  // others begin afresh.
  std::vector<std::string> keep;
  Clock clock = now_s;
};

// Resumes what stands in <output>/training. -> false when interrupted (Ctrl-C); everything is saved then.
// Throws Error or UsageError.
bool train(const TrainOptions& options);

}  // namespace ombra::train
