#pragma once
// The training loop that all networks share: a number of steps or a budget of time, warm-up and decay, precision and
// thread count chosen by a short measurement, progress bar, held-out checks, curves, checkpoints, exact resume after
// Ctrl-C or kill -9. Thread: one owner.

#include "core/clock.hpp"
#include "core/rng.hpp"
#include "train/autocast.hpp"
#include "train/optimiser.hpp"
#include "train/time_budget.hpp"

#include <functional>
#include <memory>

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
  // The batch that loss() draws, for runs with a budget to fit to it; null: loss() knows only one.
  std::shared_ptr<std::int64_t> batch = {};
  double worthwhile = 0.0;      // steps that a budget should hold, if need be of smaller batches
  double validate_items = 0.0;  // what validate() costs, in items of a batch; 0: little
};

struct Where {
  std::filesystem::path folder;  // <model>/training: checkpoints and curves
  torch::Device device = torch::kCPU;
  std::uint64_t seed = 1;
  double checkpoint_every_s = 120.0;
  double validate_every_s = 60.0;
  Clock clock = now_s;
  // Seconds that are left for a network with a budget; empty: spec.budget_s, less what it was trained already
  std::function<double()> left_s = {};
  std::function<void()> saved = {};  // called after every checkpoint; may be empty
};

struct RunResult {
  bool finished = false;  // false: interrupted (Ctrl-C); everything is saved
  std::int64_t steps = 0, batch = 0;
  double trained_s = 0.0;  // measuring and checks included
  explicit operator bool() const { return finished; }
};

// A run in a folder belongs to one recipe, data set and seed, which `about` tells; another one must not be mixed in.
// Throws UsageError where another one is held.
void claim_run(const std::filesystem::path& folder, const std::string& about);

// Trains job.network in place, for spec.steps, or where spec.budget_s says so by the clock: until the time is over, a
// step that would not fit in any more left out, but one step at least. Takes up an unfinished run where its checkpoint
// stands, and returns at once when the checkpoint says it is finished.
// Throws Error when the loss is not finite ten times in a row.
RunResult run(const Job& job, const Where& where);

}  // namespace ombra::train
