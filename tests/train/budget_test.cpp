// Training by the clock: what a budget is spent on, on machines that are slow on purpose.

#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "temp_folder.hpp"
#include "train/step_tuner.hpp"
#include "train/time_budget.hpp"
#include "train/trainer.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using torch::Tensor;

// ---- batch, threads and precision, found while it trains

// Asks the tuner until it is done; a step takes what `seconds` says of its setting. -> seconds spent
double tune(StepTuner& tuner, const std::function<double(const StepSetting&)>& seconds) {
  double spent = 0.0;
  for (int step = 0; step < 100 && !tuner.done(); ++step) {
    const double s = seconds(tuner.setting());
    tuner.took(s);
    spent += s;
  }
  EXPECT_TRUE(tuner.done());
  return spent;
}

TEST(StepTuner, TakesTheRecipesBatchAndTheFastestSettingWhereThereIsTime) {
  StepTuner tuner({.budget_s = 600.0, .batch = 100, .worthwhile = 1000.0, .threads = 4, .bf16_allowed = true});
  const double spent = tune(tuner, [](const StepSetting& s) {
    return 1e-3 * static_cast<double>(s.batch) / (s.threads > 1 ? 1.5 : 1.0) * (s.bf16 ? 0.7 : 1.0);
  });
  EXPECT_EQ(tuner.setting().batch, 100);
  EXPECT_EQ(tuner.setting().threads, 4);
  EXPECT_TRUE(tuner.setting().bf16);
  EXPECT_LT(spent, 0.05 * 600.0);
}

TEST(StepTuner, CutsTheBatchOfASlowNetworkSoThatThereAreManySteps) {
  const auto slow = [](const StepSetting& s) { return 0.02 * static_cast<double>(s.batch) / s.threads; };
  StepTuner tuner({.budget_s = 240.0, .batch = 100, .worthwhile = 1000.0, .threads = 2});
  tune(tuner, slow);
  EXPECT_EQ(tuner.setting().batch, 24);
  EXPECT_EQ(tuner.setting().threads, 2);
  StepTuner slower({.budget_s = 60.0, .batch = 100, .worthwhile = 1000.0, .threads = 2});
  tune(slower, slow);
  EXPECT_EQ(slower.setting().batch, 8) << "eight are a batch, while a budget holds a score of steps";
  StepTuner any({.budget_s = 60.0, .batch = 100, .threads = 2});
  tune(any, slow);
  EXPECT_EQ(any.setting().batch, 100) << "of others only the few steps count";
}

TEST(StepTuner, LeavesItAtThatWhereOneStepEatsATenth) {
  StepTuner tuner({.budget_s = 60.0, .batch = 32, .worthwhile = 1000.0, .threads = 2, .bf16_allowed = true});
  EXPECT_LE(tuner.setting().batch, 2) << "the smallest step is the first";
  tuner.took(7.0);
  EXPECT_TRUE(tuner.done());
  EXPECT_EQ(tuner.setting().batch, 2);
}

TEST(StepTuner, KnowsOnlyTheJobsOwnBatchWhereThereIsNoOther) {
  StepTuner tuner({.budget_s = 60.0, .threads = 2});
  tune(tuner, [](const StepSetting& s) { return s.threads > 1 ? 0.02 : 0.01; });
  EXPECT_EQ(tuner.setting().batch, 0);
  EXPECT_EQ(tuner.setting().threads, 1) << "some networks are too small for two";
}

// ---- the loop and its clock

class BudgetTest : public ombra::test::FolderTest {
 protected:
  void SetUp() override { set_interrupted(false); }
  void TearDown() override { set_interrupted(false); }

  // One number that is pulled down by a gradient of one: it moves by the learning rate. A step takes what step_s says.
  Job job(double budget_s) {
    struct One : torch::nn::Module {
      One() { p = register_parameter("p", torch::zeros({1})); }
      Tensor p;
    };
    const auto one = std::make_shared<One>();
    Job j{.name = "one", .spec = {}, .network = one};
    j.spec.steps = 1000, j.spec.batch = 32, j.spec.rate = 0.01, j.spec.warmup = 0, j.spec.clip = 1e9;
    j.spec.optimiser = "sgd";
    j.spec.budget_s = budget_s;
    j.batch = std::make_shared<std::int64_t>(j.spec.batch);
    j.worthwhile = 1000.0;
    j.autocast_allowed = false;
    j.loss = [this, p = one->p, batch = j.batch](Rng&, std::int64_t step) {
      moved.push_back(last - p.item<double>());
      last = p.item<double>();
      now += step_s(*batch);
      if (step == stop_at) set_interrupted(true);
      return p.sum();
    };
    return j;
  }
  Where where() {
    return {.folder = folder, .clock = [this] { return now; }};
  }

  double now = 1000.0, last = 0.0;
  std::int64_t stop_at = -1;
  std::function<double(std::int64_t batch)> step_s = [](std::int64_t batch) {
    return 0.01 * static_cast<double>(batch);
  };
  std::vector<double> moved;  // by each step but the last
};

TEST_F(BudgetTest, EndsOnTimeWhateverElseTheMachineDoes) {
  step_s = [&](std::int64_t batch) {  // busy from 20 s to 70 s
    return 0.05 * static_cast<double>(batch) * (now > 1020.0 && now < 1070.0 ? 6.0 : 1.0);
  };
  const RunResult done = run(job(100.0), where());
  EXPECT_TRUE(done);
  EXPECT_NEAR(now - 1000.0, 100.0, 10.0);
  EXPECT_NEAR(done.trained_s, now - 1000.0, 1e-6) << "measuring is part of it";
  EXPECT_LT(done.batch, 32);
  EXPECT_LT(moved.back(), 0.12 * 0.01) << "the rate has fallen with the time, not with a number of steps";
}

TEST_F(BudgetTest, AStepThatEatsATenthIsNotMeasuredAgainAndAgain) {
  step_s = [](std::int64_t batch) { return 6.5 * static_cast<double>(batch); };  // thirteen seconds for the smallest
  const RunResult done = run(job(66.0), where());
  EXPECT_TRUE(done);
  EXPECT_NEAR(now - 1000.0, 66.0, 6.6);
  EXPECT_EQ(done.steps, 5) << "all of them steps of the training";
  EXPECT_EQ(done.batch, 2);
}

TEST_F(BudgetTest, ChecksAndWritingComeOutOfTheTime) {
  Job j = job(100.0);
  j.validate_items = 8.0;
  int checks = 0;
  j.validate = [&] {
    now += 4.0;
    ++checks;
    return std::vector<std::pair<std::string, double>>{{"error", 0.5}};
  };
  Where at = where();
  at.validate_every_s = 30.0;
  at.saved = [&] { now += 1.0; };
  EXPECT_TRUE(run(j, at));
  EXPECT_NEAR(now - 1000.0, 100.0, 5.0);
  EXPECT_GE(checks, 3);
  now = 1000.0;
  j = job(100.0);
  j.name = "other";
  j.validate_items = 1e5;  // would take longer than all of the training
  j.validate = [&]() -> std::vector<std::pair<std::string, double>> {
    ADD_FAILURE() << "no time for that";
    return {};
  };
  EXPECT_TRUE(run(j, at));
}

TEST_F(BudgetTest, WhatWasSpentBeforeCtrlCIsSpent) {
  stop_at = 300;
  const RunResult broken = run(job(60.0), where());
  EXPECT_FALSE(broken);
  const double first = now - 1000.0;
  EXPECT_LT(first, 50.0);
  set_interrupted(false);
  stop_at = -1;
  now = 5000.0;  // the next day
  moved.clear();
  const RunResult whole = run(job(60.0), where());
  EXPECT_TRUE(whole);
  EXPECT_EQ(whole.batch, broken.batch) << "found once";
  EXPECT_NEAR(first + now - 5000.0, 60.0, 3.0);
  EXPECT_LT(moved.back(), 0.12 * 0.01);
  moved.clear();
  EXPECT_TRUE(run(job(60.0), where()));
  EXPECT_TRUE(moved.empty()) << "it is finished";
  EXPECT_THROW(run(job(61.0), where()), Error) << "another budget is another run";
}

TEST_F(BudgetTest, ANetworkWhoseTimeIsGoneIsTrainedForOneStep) {
  Where at = where();
  at.left_s = [] { return -3.0; };
  const RunResult done = run(job(10.0), at);
  EXPECT_TRUE(done);
  EXPECT_EQ(done.steps, 1);
}

TEST_F(BudgetTest, ATimeBudgetGoesOnWithWhatIsLeft) {
  const Clock clock = [this] { return now; };
  {
    const TimeBudget time(120.0, folder / "spent_s.txt", clock);
    EXPECT_DOUBLE_EQ(time.until(0.5), 60.0);
    now += 45.0;
    EXPECT_DOUBLE_EQ(time.until(0.5), 15.0);
    time.keep();
  }
  now += 1000.0;
  const TimeBudget again(120.0, folder / "spent_s.txt", clock);
  now += 20.0;
  EXPECT_DOUBLE_EQ(again.spent_s(), 65.0);
  EXPECT_DOUBLE_EQ(again.until(0.5), -5.0);
  write_atomically(folder / "broken.txt", "soon");
  EXPECT_DOUBLE_EQ(TimeBudget(120.0, folder / "broken.txt", clock).spent_s(), 0.0);
  const TimeBudget none(0.0, folder / "none.txt", clock);
  EXPECT_TRUE(std::isinf(none.until(0.1)));
  none.keep();
  EXPECT_FALSE(fs::exists(folder / "none.txt"));
}

}  // namespace
}  // namespace ombra::train
