#include "train/step_tuner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

constexpr std::int64_t kSmallest = 2;  // pictures: what the first steps are made with
constexpr std::int64_t kMinBatch = 8;  // what a batch is cut down to so that steps are many ...
constexpr double kMinSteps = 20.0;     // ... and less only where the budget would not hold so many steps
constexpr double kSlow = 0.1;          // of the budget: a step that takes so much of it is not compared with others
constexpr double kShare = 0.05;        // of the budget: after so much the best so far is good enough
constexpr std::int64_t kGrowth = 4;    // times: what is far larger than measured is measured again
constexpr double kHopeless = 3.0;      // times the best one
constexpr int kRounds = 2;

}  // namespace

StepTuner::StepTuner(const TunerOptions& options)
    : options_(options), current_{options.threads, false, std::min(options.batch, kSmallest)} {}

void StepTuner::took(double seconds) {
  if (done()) return;
  spent_s_ += seconds;
  if (seconds >= kSlow * options_.budget_s) {
    if (stage_ == Stage::kSettings) return compare(seconds);
    stage_ = Stage::kDone;
    return;
  }
  switch (stage_) {
    case Stage::kWarm:  // the first step of all allocates, and says little
      if (options_.batch > 0) {
        stage_ = Stage::kBatch;
      } else {
        begin_comparing(std::numeric_limits<double>::infinity());
      }
      break;
    case Stage::kBatch:
      fit_batch(seconds);
      break;
    case Stage::kSettings:
      compare(seconds);
      break;
    case Stage::kDone:
      break;
  }
}

// -> the batch with which the budget holds as many steps as are worthwhile, by a step that took so long
std::int64_t StepTuner::batch_for(double seconds) const {
  const double each_s = std::max(seconds, 1e-9) / static_cast<double>(current_.batch);
  const auto holding = [&](double steps) {
    const double batch = options_.budget_s / std::max(1.0, steps) / each_s;
    return std::clamp(static_cast<std::int64_t>(std::min(batch, 1e9)), std::min(kSmallest, options_.batch),
                      options_.batch);
  };
  return std::max(holding(std::max(options_.worthwhile, kMinSteps)), std::min(holding(kMinSteps), kMinBatch));
}

void StepTuner::fit_batch(double seconds) {
  const std::int64_t wanted = batch_for(seconds), before = current_.batch;
  current_.batch = std::min(wanted, kGrowth * before);
  if (spent_s_ >= kShare * options_.budget_s) {
    stage_ = Stage::kDone;
  } else if (current_.batch <= before) {
    begin_comparing(current_.batch == before ? seconds : std::numeric_limits<double>::infinity());
  }
}

// seconds: what a step takes in the setting so far; infinite where that is not known
void StepTuner::begin_comparing(double seconds) {
  for (const int threads : options_.threads > 1 ? std::vector<int>{options_.threads, 1} : std::vector<int>{1}) {
    for (const bool bf16 : options_.bf16_allowed ? std::vector<bool>{false, true} : std::vector<bool>{false})
      tried_.push_back({{threads, bf16, current_.batch}, std::numeric_limits<double>::infinity()});
  }
  tried_.front().best_s = seconds;
  stage_ = tried_.size() > 1 ? Stage::kSettings : Stage::kDone;
  at_ = std::isfinite(seconds) && tried_.size() > 1 ? 1 : 0;
  current_ = tried_[at_].setting;
}

void StepTuner::compare(double seconds) {
  tried_[at_].best_s = std::min(tried_[at_].best_s, seconds);
  const auto best = std::min_element(tried_.begin(), tried_.end(),
                                     [](const Trial& a, const Trial& b) { return a.best_s < b.best_s; });
  do {
    if (++at_ == tried_.size()) at_ = 0, ++round_;
  } while (round_ < kRounds && std::isfinite(tried_[at_].best_s) && tried_[at_].best_s > kHopeless * best->best_s);
  if (round_ >= kRounds || spent_s_ >= kShare * options_.budget_s || seconds >= kSlow * options_.budget_s) {
    current_ = best->setting;
    stage_ = Stage::kDone;
  } else {
    current_ = tried_[at_].setting;
  }
}

}  // namespace ombra::train
