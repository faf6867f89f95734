#pragma once
// How the steps of a run with a budget are made: batch, threads and precision, found while it trains. Every step that
// is timed is one of the run's own, the smallest first, so that nothing is spent on measuring; and where steps are so
// slow that a few eat the budget, it is left at that. Thread: one owner.

#include <cstdint>
#include <vector>

namespace ombra::train {

struct StepSetting {
  int threads = 1;
  bool bf16 = false;
  std::int64_t batch = 0;  // 0: the job knows only its own
};

struct TunerOptions {
  double budget_s = 0.0;    // of the run
  std::int64_t batch = 0;   // the recipe's, the most; 0: the job knows only its own
  double worthwhile = 0.0;  // steps that the budget should hold: a slow network learns more from many small ones
  int threads = 1;          // the most
  bool bf16_allowed = false;
};

class StepTuner {
 public:
  explicit StepTuner(const TunerOptions& options);

  // Of the next step, and after done() of all that follow.
  const StepSetting& setting() const { return current_; }
  // The step took so long.
  void took(double seconds);
  bool done() const { return stage_ == Stage::kDone; }

 private:
  enum class Stage { kWarm, kBatch, kSettings, kDone };
  struct Trial {
    StepSetting setting;
    double best_s;
  };

  void fit_batch(double seconds);
  void compare(double seconds);
  void begin_comparing(double seconds);
  std::int64_t batch_for(double seconds) const;

  // immutable after construction
  const TunerOptions options_;
  // state
  Stage stage_ = Stage::kWarm;
  StepSetting current_;
  double spent_s_ = 0.0;
  std::vector<Trial> tried_;
  std::size_t at_ = 0;
  int round_ = 0;
};

}  // namespace ombra::train
