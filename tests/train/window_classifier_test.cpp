// Real and generated dance told apart, styles named: on made-up windows whose answers are known.

#include "core/error.hpp"
#include "core/rng.hpp"
#include "evaluate/judges/style_judge.hpp"
#include "evaluate/judges/two_sample.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

using torch::Tensor;

constexpr std::int64_t kSteps = 24, kNumbers = 6;

// [N, T, F]: numbers that swing at this rate (turns a window) with phases of their own, and noise
Tensor swinging(std::int64_t count, double turns, Rng& rng) {
  const Tensor t = torch::arange(kSteps, torch::kFloat) / static_cast<double>(kSteps);
  std::vector<Tensor> windows;
  for (std::int64_t n = 0; n < count; ++n) {
    std::vector<Tensor> numbers;
    for (std::int64_t f = 0; f < kNumbers; ++f) numbers.push_back(torch::sin(6.2832 * (turns * t + rng.uniform())));
    windows.push_back(torch::stack(numbers, 1));
  }
  const Tensor all = torch::stack(windows);
  for (std::int64_t i = 0; i < all.numel(); ++i) all.data_ptr<float>()[i] += static_cast<float>(0.3 * rng.normal());
  return all;
}

// Sources of 30 windows, each with a place of its own that gives it away.
TwoSampleSide side(const std::string& name, int sources, double turns, double own_place, Rng& rng) {
  TwoSampleSide s;
  std::vector<Tensor> windows;
  for (int k = 0; k < sources; ++k) {
    const Tensor place = torch::empty({kNumbers});
    for (std::int64_t f = 0; f < kNumbers; ++f) place[f] = own_place * rng.normal();
    windows.push_back(swinging(30, turns, rng) + place);
    s.source.insert(s.source.end(), 30, fmt::format("{} {}", name, k));
  }
  s.windows = torch::cat(windows);
  return s;
}

constexpr ClassifierOptions kBrief{.seed = 1, .steps = 120, .batch = 32};
constexpr TwoSampleOptions kRounds{.classifier = kBrief, .rounds = 2};

TEST(TwoSample, DifferentMovementIsToldApartAndTheSameIsNot) {
  Rng rng(1);
  const TwoSampleSide a = side("a", 6, 2.0, 0.0, rng), same = side("b", 6, 2.0, 0.0, rng),
                      other = side("c", 6, 3.5, 0.0, rng);
  const TwoSampleResult alike = two_sample_test(a, same, kRounds), different = two_sample_test(a, other, kRounds);
  EXPECT_NEAR(alike.accuracy, 0.5, 0.12);
  EXPECT_GT(different.accuracy, 0.9);
  EXPECT_EQ(alike.windows_a, 180) << "each is judged once";
  EXPECT_EQ(alike.windows_b, 180);
  EXPECT_LT(different.spread, 0.1);
  EXPECT_NEAR(different.accuracy, 0.5 * (different.accuracy_a + different.accuracy_b), 1e-9);
}

// Were windows of one clip in both halves, the clip would be recognised instead of the kind of movement.
TEST(TwoSample, AClipIsNeverInBothHalves) {
  Rng rng(2);
  const TwoSampleSide a = side("a", 10, 2.0, 3.0, rng), b = side("b", 10, 2.0, 3.0, rng);
  EXPECT_LT(two_sample_test(a, b, kRounds).accuracy, 0.75);
  TwoSampleSide alone = a;
  for (std::size_t i = 0; i < alone.source.size(); ++i) alone.source[i] = fmt::format("a window {}", i);
  TwoSampleSide apart = b;
  for (std::size_t i = 0; i < apart.source.size(); ++i) apart.source[i] = fmt::format("b window {}", i);
  EXPECT_GT(two_sample_test(alone, apart, kRounds).accuracy, 0.9) << "what a split by window would say";
}

TEST(TwoSample, SourcesOfBothSidesShareAHalf) {
  Rng rng(3);
  TwoSampleSide a = side("pair", 4, 2.0, 0.0, rng), b = side("pair", 4, 2.0, 0.0, rng);
  const TwoSampleResult result = two_sample_test(a, b, {.classifier = {.steps = 2, .batch = 8}, .rounds = 1});
  EXPECT_EQ(result.windows_a, 120);
  EXPECT_EQ(result.windows_b, 120);
  b = side("pair", 1, 2.0, 0.0, rng);
  EXPECT_THROW(two_sample_test(a, b, kRounds), Error) << "one source cannot be halved";
  b.source.pop_back();
  EXPECT_THROW(two_sample_test(a, b, kRounds), Error);
}

struct Styled {
  Tensor windows;
  std::vector<std::string> style;
};

Styled styled(std::int64_t count, Rng& rng) {
  Styled all;
  std::vector<Tensor> windows;
  for (const auto& [name, turns] : {std::pair{"salsa", 1.0}, {"house", 2.5}, {"krump", 4.0}}) {
    windows.push_back(swinging(count, turns, rng));
    all.style.insert(all.style.end(), static_cast<std::size_t>(count), name);
  }
  all.windows = torch::cat(windows);
  return all;
}

TEST(StyleJudge, NamesTheStyleOfWindowsThatItHasNotSeen) {
  Rng rng(4);
  Styled known = styled(60, rng);
  for (std::size_t i = 0; i < 5; ++i) known.style[i].clear();  // not said
  const Styled fresh = styled(20, rng);
  const StyleJudge judge = StyleJudge::train(known.windows, known.style);
  EXPECT_EQ(judge.styles(), (std::vector<std::string>{"house", "krump", "salsa"}));
  const StyleAccuracy accuracy = judge.accuracy(fresh.windows, fresh.style);
  EXPECT_GT(accuracy.share, 0.9);
  EXPECT_NEAR(accuracy.mean_of_styles, accuracy.share, 1e-9) << "as many windows of each";
  EXPECT_EQ(accuracy.mostly.at("krump"), "krump");
  EXPECT_EQ(judge.judge(fresh.windows.slice(0, 20, 40)), "house");
  EXPECT_EQ(judge.judge_each(fresh.windows).size(), 60u);
}

TEST(StyleJudge, KnowsNothingWhereStylesMeanNothing) {
  Rng rng(5);
  const Styled known = styled(60, rng), fresh = styled(40, rng);
  std::vector<std::string> drawn = fresh.style;
  for (std::string& style : drawn) style = std::vector<std::string>{"house", "krump", "salsa"}[rng.below(3)];
  const StyleJudge judge = StyleJudge::train(known.windows, known.style, kBrief);
  EXPECT_NEAR(judge.accuracy(fresh.windows, drawn).share, 1.0 / 3.0, 0.13);
  std::vector<std::string> some = fresh.style;
  for (std::size_t i = 0; i < 80; ++i) some[i] = "tango";
  const StyleAccuracy accuracy = judge.accuracy(fresh.windows, some);
  EXPECT_EQ(accuracy.of_style.size(), 1u) << "a style that was not learned does not count";
  EXPECT_TRUE(std::isnan(judge.accuracy(fresh.windows.slice(0, 0, 1), {"tango"}).share));
}

TEST(StyleJudge, RefusesWhatCannotBeLearned) {
  Rng rng(6);
  Styled one = styled(4, rng);
  EXPECT_THROW(StyleJudge::train(one.windows, std::vector<std::string>(12, "salsa"), kBrief), Error);
  one.windows[0][0][0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(StyleJudge::train(one.windows, one.style, kBrief), Error);
}

TEST(WindowClassifier, WindowsAreCutEveryHop) {
  const Tensor track = torch::arange(20, torch::kFloat).view({10, 2});
  const Tensor windows = windows_of(track, 4, 3);
  ASSERT_EQ(windows.sizes(), torch::IntArrayRef({3, 4, 2}));
  EXPECT_EQ(windows[1][0][0].item<float>(), 6.0f);
  EXPECT_EQ(windows[2][3][1].item<float>(), 19.0f);
  EXPECT_EQ(windows_of(track, 11, 1).size(0), 0);
}

// In training one number tells the classes apart at once by where it lies, later it lies anywhere.
TEST(WindowClassifier, WhatIsVariedCountsLess) {
  Rng rng(8);
  const Tensor known = torch::cat({swinging(60, 2.0, rng), swinging(60, 3.5, rng)}), fresh = known.clone();
  const Tensor classes = torch::cat({torch::zeros({60}), torch::ones({60})});
  known.select(2, 0).add_(4.0 * (classes - 0.5).unsqueeze(1));
  fresh.select(2, 0).sub_(4.0 * (classes - 0.5).unsqueeze(1));
  const auto right = [&](double vary) {
    const auto judge = WindowClassifier::train(known, classes, 2, {.steps = 200, .batch = 32, .vary = vary});
    return (judge.probabilities(fresh).argmax(1) == classes).to(torch::kFloat).mean().item<double>();
  };
  EXPECT_LT(right(0.0), 0.2);
  EXPECT_GT(right(1.0), 0.8);
}

// Many windows of one class do not make it the likelier one.
TEST(WindowClassifier, EachClassCountsTheSame) {
  Rng rng(7);
  const Tensor windows = torch::cat({swinging(200, 2.0, rng), swinging(10, 2.0, rng)});
  const Tensor classes = torch::cat({torch::zeros({200}), torch::ones({10})});
  const auto judge = WindowClassifier::train(windows, classes, 2, {.steps = 40, .batch = 32});
  const Tensor p = judge.probabilities(swinging(100, 2.0, rng));
  EXPECT_NEAR(p.select(1, 0).mean().item<double>(), 0.5, 0.2);
  EXPECT_NEAR(p.sum(1).mean().item<double>(), 1.0, 1e-5);
  EXPECT_THROW(WindowClassifier::train(windows, classes, 3), Error);
}

}  // namespace
}  // namespace ombra::train
