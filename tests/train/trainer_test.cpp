#include "train/trainer.hpp"

#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "model/oracle.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using model::test::expect_near;
using model::test::expected;
using torch::Tensor;

// ---- optimisers, against torch.optim

TEST(Optimiser, StepsAsPyTorchDoes) {
  for (const std::string name : {"adamw", "rmsprop"}) {
    model::TrainSpec spec;
    spec.steps = 20, spec.rate = 0.02, spec.warmup = 4, spec.clip = 2.0, spec.beta2 = 0.98, spec.weight_decay = 0.1;
    spec.optimiser = name;
    Tensor p = expected("optimiser.start").requires_grad_(true);
    Optimiser optimiser({p}, spec);
    const Tensor gradients = expected("optimiser.gradients");
    for (std::int64_t step = 0; step < 8; ++step) {
      p.mutable_grad() = gradients[step].clone();
      EXPECT_NEAR(optimiser.step(static_cast<double>(step)), gradients[step].norm().item<double>(), 1e-4);
      EXPECT_FALSE(p.grad().defined()) << "the gradient is used up";
    }
    expect_near(p, expected("optimiser." + name), 2e-6);
  }
}

TEST(Optimiser, TheRateWarmsUpAndFallsToATwentieth) {
  model::TrainSpec spec;
  spec.steps = 1000, spec.rate = 2.0, spec.warmup = 10;
  const Optimiser optimiser({}, spec);
  EXPECT_NEAR(optimiser.rate(0), 0.2, 1e-3);
  EXPECT_NEAR(optimiser.rate(9), 2.0, 1e-2);
  EXPECT_NEAR(optimiser.rate(500), 0.5 * (2.0 + 0.1), 1e-6);
  EXPECT_NEAR(optimiser.rate(1000), 0.1, 1e-9);
}

TEST(Optimiser, SchedulesOfThePapers) {
  model::TrainSpec spec;
  spec.steps = 1000, spec.rate = 2.0, spec.warmup = 0, spec.schedule = "constant";
  EXPECT_DOUBLE_EQ(Optimiser({}, spec).rate(999), 2.0);
  spec.schedule = "step", spec.later_rate = 0.3, spec.later_from = 400;
  EXPECT_DOUBLE_EQ(Optimiser({}, spec).rate(399), 2.0);
  EXPECT_DOUBLE_EQ(Optimiser({}, spec).rate(400), 0.3);
  spec.budget_s = 60.0;  // what ends at an hour ends with small steps
  EXPECT_NEAR(Optimiser({}, spec).rate(1000), 0.1, 1e-9);
}

// Kingma and Ba's and Zeiler's algorithms written down a second time, in doubles, for one number.
TEST(Optimiser, AdamAndAdadeltaAsInTheirPapers) {
  const std::vector<double> gradients = {0.3, -0.2, 0.5, 0.1, -0.4};
  for (const std::string name : {"adam", "adadelta", "sgd"}) {
    model::TrainSpec spec;
    spec.steps = 100, spec.rate = 0.1, spec.warmup = 0, spec.schedule = "constant", spec.weight_decay = 0.5;
    spec.optimiser = name, spec.clip = 1e9;
    const Tensor p = torch::full({1}, 2.0).requires_grad_(true);
    Optimiser optimiser({p}, spec);
    double x = 2.0, m = 0.0, v = 0.0, moves = 0.0;
    for (std::size_t t = 0; t < gradients.size(); ++t) {
      const double g = gradients[t], n = static_cast<double>(t + 1);
      if (name == "adam") {
        m = 0.9 * m + 0.1 * g, v = 0.999 * v + 0.001 * g * g;
        x -= 0.1 * (m / (1.0 - std::pow(0.9, n))) / (std::sqrt(v / (1.0 - std::pow(0.999, n))) + 1e-8);
      } else if (name == "adadelta") {
        v = 0.95 * v + 0.05 * g * g;
        const double move = g * std::sqrt(moves + 1e-7) / std::sqrt(v + 1e-7);
        moves = 0.95 * moves + 0.05 * move * move;
        x -= 0.1 * move;
      } else {
        x -= 0.1 * g;
      }
      p.mutable_grad() = torch::full({1}, g);
      optimiser.step(static_cast<double>(t));
    }
    EXPECT_NEAR(p.item<double>(), x, 1e-6) << name;
  }
}

TEST(Optimiser, AGradientThatIsNoNumberMovesNothing) {
  model::TrainSpec spec;
  spec.steps = 10, spec.warmup = 1;
  const Tensor p = torch::ones({3}).requires_grad_(true);
  Optimiser optimiser({p}, spec);
  p.mutable_grad() = torch::tensor({1.0f, NAN, 0.0f});
  EXPECT_FALSE(std::isfinite(optimiser.step(0)));
  EXPECT_TRUE(torch::equal(p.detach(), torch::ones({3})));
}

// ---- the loop

class TrainerTest : public ombra::test::FolderTest {
 protected:
  void SetUp() override { set_interrupted(false); }
  void TearDown() override { set_interrupted(false); }

  // A network with dropout and batches drawn at random: exact only when both depend on the step alone.
  // at_step: called with each step before its loss
  Job job(std::function<void(std::int64_t)> at_step = {}) {
    torch::manual_seed(9);
    const static model::test::Layers layers(
        "{layer='dense', out=8, activation='tanh'}, {layer='dropout', rate=0.2}, {layer='dense', out=2}");
    model::Network net = layers.network({3});
    Job j{.name = "tiny", .spec = {}, .network = net.ptr()};
    j.spec.steps = 40, j.spec.batch = 4, j.spec.rate = 0.01, j.spec.warmup = 5;
    j.loss = [net, at_step, this](Rng& rng, std::int64_t step) mutable {
      ++losses;
      if (at_step) at_step(step);
      std::vector<float> x(12);
      for (float& v : x) v = static_cast<float>(rng.normal());
      const Tensor in = torch::tensor(x).view({4, 3});
      return torch::mse_loss(net->forward(in).to(torch::kFloat), in.narrow(1, 0, 2) * in.narrow(1, 1, 2));
    };
    j.autocast_allowed = false;
    return j;
  }
  static Tensor weights(const Job& j) {
    std::vector<Tensor> flat;
    for (const Tensor& p : j.network->parameters()) flat.push_back(p.detach().flatten());
    return torch::cat(flat);
  }
  Where where(const char* name, double checkpoint_every_s = 1e9) const {
    return {.folder = folder / name, .seed = 3, .checkpoint_every_s = checkpoint_every_s, .validate_every_s = 1e9};
  }

  int losses = 0;
};

TEST_F(TrainerTest, AnInterruptedRunEndsBitForBitAsAnUnbrokenOne) {
  const Job straight = job();
  const Tensor before = weights(straight).clone();
  ASSERT_TRUE(run(straight, where("straight")));
  EXPECT_FALSE(torch::equal(before, weights(straight)));
  EXPECT_FALSE(straight.network->is_training()) << "left ready for use";

  bool timing = true;  // the first losses only choose the thread count
  const Job first = job([&](std::int64_t step) {
    timing = timing && step < 5;
    if (!timing && step == 17) set_interrupted(true);
  });
  EXPECT_FALSE(run(first, where("broken")));
  set_interrupted(false);
  const Job second = job();  // another process: fresh weights
  losses = 0;
  ASSERT_TRUE(run(second, where("broken")));
  EXPECT_EQ(losses, 40 - 18) << "the step at which Ctrl-C came was finished, and is not repeated";
  EXPECT_TRUE(torch::equal(weights(straight), weights(second)));
}

TEST_F(TrainerTest, AKilledRunGoesOnFromItsCheckpoint) {
  const Job straight = job();
  ASSERT_TRUE(run(straight, where("straight")));
  fflush(nullptr);
  at::set_num_threads(1);
  const pid_t child = fork();
  if (child == 0) {  // dies without a farewell in step 23; a checkpoint after every step
    const Job doomed = job([](std::int64_t step) {
      if (step == 23) kill(getpid(), SIGKILL);
    });
    alarm(60);  // another signal than the one that is expected, should it hang
    run(doomed, where("killed", 0.0));
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  const Job again = job();
  losses = 0;
  ASSERT_TRUE(run(again, where("killed")));
  EXPECT_EQ(losses, 40 - 23);
  EXPECT_TRUE(torch::equal(weights(straight), weights(again)));
}

TEST_F(TrainerTest, AFinishedRunIsNotTrainedAgain) {
  const Job first = job();
  ASSERT_TRUE(run(first, where("a")));
  const Job second = job();
  losses = 0;
  ASSERT_TRUE(run(second, where("a")));
  EXPECT_EQ(losses, 0);
  EXPECT_TRUE(torch::equal(weights(first), weights(second)));
}

TEST_F(TrainerTest, LeavesCurvesBeside) {
  Job j = job();
  j.validate = [] { return std::vector<std::pair<std::string, double>>{{"error", 0.5}}; };
  ASSERT_TRUE(run(j, where("a")));
  const std::string csv = read_text(folder / "a" / "tiny.csv");
  EXPECT_NE(csv.find(",loss,"), std::string::npos);
  EXPECT_NE(csv.find("40,error,0.5"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder / "a" / "tiny.png"));
}

TEST_F(TrainerTest, ARunOfAnotherLengthOrShapeIsRefused) {
  ASSERT_TRUE(run(job(), where("a")));
  Job longer = job();
  longer.spec.steps = 50;
  EXPECT_THROW(run(longer, where("a")), Error);
  Job other = job();
  other.network = model::test::Layers("{layer='dense', out=9}").network({3}).ptr();
  EXPECT_THROW(run(other, where("a")), Error);
  fs::resize_file(folder / "a" / "tiny.safetensors", 100);
  try {
    run(job(), where("a"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("tiny.safetensors"), std::string::npos) << e.what();
  }
}

TEST_F(TrainerTest, ALossThatIsNoNumberEndsTheRun) {
  Job j = job();
  const Tensor p = j.network->parameters()[0];
  j.loss = [p](Rng&, std::int64_t step) { return p.sum() * (step > 5 ? NAN : 1.0); };
  try {
    run(j, where("a"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("tiny: the loss is not a number"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("hint: "), std::string::npos);
  }
}

}  // namespace
}  // namespace ombra::train
