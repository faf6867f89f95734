#pragma once
// The training loop that all networks share: a number of steps or a budget of time, warm-up and decay, precision and thread count chosen by a short
// measurement, progress bar, held-out checks, curves, checkpoints, exact resume after Ctrl-C or kill -9.
// Thread: one owner.

#include "core/rng.hpp"
#include "train/autocast.hpp"
#include "train/optimiser.hpp"

#include <functional>

namespace ombra::train {

struct Job {
  std::string name;  // painter, mover, choreographer, dancer: names checkpoint and curves
  model::TrainSpec spec;
  std::shared_ptr<torch::nn::Module> network;
  // one batch's loss, drawn with rng; called under autocast where that pays
  std::function<torch::Tensor(Rng& rng, std::int64_t step)> loss = {};
  // figures on held-out clips by name, in evaluation mode; may be empty
  std::function<std::vector<std::pair<std::string, double>>()> validate = {};
  bool autocast_allowed = true;
};

struct Where {
  std::filesystem::path folder;  // <model>/training: checkpoints and curves
  torch::Device device = torch::kCPU;
  std::uint64_t seed = 1;
  double checkpoint_every_s = 120.0;
  double validate_every_s = 60.0;
};

// What a step takes on one thread in the faster precision, in seconds; the network stays as it was.
double seconds_a_step(const Job& job, const Where& where);

struct RunResult {
  bool finished = false;  // false: interrupted (Ctrl-C); everything is saved
  std::int64_t steps = 0;
  double trained_s = 0.0;
  explicit operator bool() const { return finished; }
};

// Trains job.network in place, for spec.steps or for spec.budget_s; takes up an unfinished run where its checkpoint
// stands, and returns at once when the checkpoint says it is finished.
// Throws Error when the loss is not finite ten times in a row.
RunResult run(const Job& job, const Where& where);

}  // namespace ombra::train
