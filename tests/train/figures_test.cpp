#include "evaluate/figures.hpp"

#include "evaluate/beat_figures.hpp"
#include "evaluate/dance_reference.hpp"
#include "evaluate/tempo_plan.hpp"
#include "train/train_painter.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

using torch::Tensor;

// Samples with exactly this mean and covariance root: (x - mean) made white, then coloured.
Tensor exactly(std::int64_t n, const Tensor& mean, const Tensor& root) {
  const Tensor x = torch::randn({n, mean.size(0)}, torch::kDouble), centred = x - x.mean(0);
  const Tensor covariance = centred.t().matmul(centred) / static_cast<double>(n - 1);
  const auto [values, vectors] = torch::linalg_eigh(covariance);
  const Tensor white = centred.matmul(vectors / values.sqrt());
  return white.matmul(root.t()) + mean;
}

TEST(Figures, FrechetDistanceOfKnownGaussians) {
  torch::manual_seed(1);
  const Tensor zero = torch::zeros({2}, torch::kDouble), one = torch::eye(2, torch::kDouble);
  const Tensor a = exactly(400, zero, one);
  EXPECT_NEAR(frechet_distance(a, a), 0.0, 1e-9);
  // another mean: |m|^2
  EXPECT_NEAR(frechet_distance(a, exactly(300, torch::tensor({3.0, 4.0}, torch::kDouble), one)), 25.0, 1e-8);
  // commuting covariances: sum of (s1 - s2)^2
  const Tensor wide = torch::diag(torch::tensor({3.0, 0.5}, torch::kDouble));
  EXPECT_NEAR(frechet_distance(a, exactly(300, zero, wide)), 4.0 + 0.25, 1e-8);
  // covariances that do not commute: tr((C1 C2)^(1/2)) = sqrt(tr(C1 C2) + 2 sqrt(det(C1 C2))) in two dimensions
  const double c = std::cos(0.7), s = std::sin(0.7);
  const Tensor turn = torch::tensor({c, -s, s, c}, torch::kDouble).view({2, 2}), turned = turn.matmul(wide);
  const Tensor left = torch::diag(torch::tensor({2.0, 1.0}, torch::kDouble)), c1 = left.matmul(left),
               c2 = turned.matmul(turned.t());
  const double joint = std::sqrt(c1.matmul(c2).trace().item<double>() +
                                 2.0 * std::sqrt(c1.det().item<double>() * c2.det().item<double>()));
  EXPECT_NEAR(frechet_distance(exactly(500, zero, left), exactly(200, zero, turned)), 5.0 + 9.25 - 2.0 * joint, 1e-8);
}

TEST(Figures, FrechetDistanceIsTheSameBothWays) {
  torch::manual_seed(2);
  const Tensor a = torch::randn({100, 5}), b = torch::randn({80, 5}) * 2.0 + 1.0;
  EXPECT_NEAR(frechet_distance(a, b), frechet_distance(b, a), 1e-6);
  EXPECT_GT(frechet_distance(a, b), 5.0);
}

TEST(Figures, FrozenShareCountsWholeStillSeconds) {
  // ten seconds at ten frames: moves by 1 a frame, but stands still for seconds 3 and 7
  std::vector<float> x;
  float at = 0.0f;
  for (int t = 0; t <= 100; ++t) {
    x.push_back(at);
    const int second = t / 10;
    at += second == 3 || second == 7 ? 0.0f : 1.0f;
  }
  const Tensor codes = torch::tensor(x).view({-1, 1});
  EXPECT_NEAR(frozen_share(codes, 10, 1.0), 0.2, 1e-9);
  EXPECT_NEAR(frozen_share(codes, 10, 0.0), 0.0, 1e-9);
  EXPECT_NEAR(frozen_share(codes, 10, 5.0), 1.0, 1e-9) << "all of it is slow against five times the speed";
  EXPECT_EQ(frozen_share(codes.narrow(0, 0, 5), 10, 1.0), 0.0) << "shorter than a second";
}

TEST(Figures, SpeedsAreDistancesOfNeighbours) {
  const Tensor codes = torch::tensor({0.0f, 0.0f, 3.0f, 4.0f, 3.0f, 4.0f}).view({3, 2});
  EXPECT_TRUE(torch::equal(speeds(codes), torch::tensor({5.0f, 0.0f})));
  EXPECT_EQ(speed_list(codes), (std::vector<double>{5.0, 5.0, 0.0}));
}

TEST(Figures, WindowsAreMeanSpreadAndSpeed) {
  const Tensor line = torch::arange(40, torch::kFloat).view({-1, 1}).repeat({1, 20});
  const Tensor w = window_features(line, 10);
  ASSERT_EQ(w.sizes(), torch::IntArrayRef({7, 48})) << "every half second; sixteen dimensions";
  EXPECT_NEAR(w[0][0].item<double>(), 4.5, 1e-5);
  EXPECT_NEAR(w[1][15].item<double>(), 9.5, 1e-5);
  EXPECT_NEAR(w[0][16].item<double>(), std::sqrt(110.0 / 12.0), 1e-4) << "spread of ten whole numbers";
  EXPECT_NEAR(w[0][32].item<double>(), 1.0, 1e-5);
  EXPECT_EQ(window_features(line.narrow(0, 0, 9), 10).size(0), 0);
}

TEST(Figures, NearestDistanceKnowsWhatIsReplayed) {
  torch::manual_seed(3);
  const Tensor dance = torch::randn({200, 4}).cumsum(0);
  const Tensor known = second_windows(dance, 20, 1);
  ASSERT_EQ(known.size(1), 40);
  EXPECT_NEAR(nearest_distance(known.slice(0, 0, -1, 7), known), 0.0, 2e-2) << "a replay";
  EXPECT_NEAR(nearest_distance(known.narrow(0, 3, 1) + 2.0, known.narrow(0, 3, 1)), 2.0 * 2.0, 1e-3)
      << "2 off in each of four numbers, at each of ten moments";
  EXPECT_GT(nearest_distance(second_windows(torch::randn({200, 4}).cumsum(0) + 50.0, 20, 9), known), 10.0);
}

TEST(Figures, ATempoPlanCountsWhatItPlays) {
  const TempoPlan steady{.bpm = 90.0}, ramp{.bpm = 80.0, .to_bpm = 160.0, .ramp_s = 10.0};
  EXPECT_NEAR(steady.beat_at(40.0), 60.0, 1e-9);
  EXPECT_NEAR(ramp.bpm_at(5.0), 120.0, 1e-9);
  EXPECT_NEAR(ramp.bpm_at(15.0), 120.0, 1e-9);
  EXPECT_NEAR(ramp.beat_at(10.0), 20.0, 1e-9) << "ten seconds at 120 in the mean";
  for (double t = 0.0; t < 45.0; t += 0.37) {
    const double slope = (ramp.beat_at(t + 1e-4) - ramp.beat_at(t)) / 1e-4;
    EXPECT_NEAR(slope, ramp.bpm_at(t) / 60.0, 1e-3) << t;
  }
  const std::vector<double> beats = ramp.beats(900, 30.0);
  for (std::size_t i = 0; i < beats.size(); ++i) {
    EXPECT_NEAR(ramp.beat_at(beats[i] / 30.0), static_cast<double>(i + 1), 2e-3);
  }
  EXPECT_NEAR(static_cast<double>(beats.size()), 60.0, 1.0);
}

// Moves on every beat towards a place of its own; `bar` beats later it does the same again.
BeatenClip returning(int bar, int beats) {
  torch::manual_seed(11);
  const Tensor places = torch::randn({bar, 6});
  BeatenClip clip;
  std::vector<Tensor> frames;
  for (int i = 0; i < beats * 15; ++i) {
    const int beat = i / 15;
    const double part = (i % 15) / 15.0, eased = part * part * (3.0 - 2.0 * part);
    frames.push_back(places[beat % bar] + (places[(beat + 1) % bar] - places[beat % bar]) * eased);
    if (i % 15 == 0) clip.beats.push_back(i);
  }
  clip.codes = torch::stack(frames);
  return clip;
}

TEST(Figures, KnowWhetherMovementsReturnAfterABar) {
  EXPECT_GT(returns_after({returning(4, 64)}, 4), 0.9);
  EXPECT_GT(returns_after({returning(8, 64)}, 8), 0.9);
  EXPECT_LT(returns_after({returning(8, 64)}, 4), 0.5);
  EXPECT_LT(returns_after({returning(61, 60)}, 4), 0.3) << "nothing returns";
  EXPECT_TRUE(std::isnan(returns_after({returning(4, 8)}, 8))) << "too short to say";
}

TEST(Figures, AlignmentIsInSecondsAsDanced) {
  const BeatenClip clip = returning(8, 64);  // it rests on every beat; here beats are counted a fifth late
  std::vector<double> late;
  for (const double b : clip.beats) late.push_back(b + 3.0);
  const BeatenClip off{clip.codes, late};
  const double slow = alignment_of({off}, 30.0, 60.0).on_beat, fast = alignment_of({off}, 30.0, 180.0).on_beat;
  EXPECT_LT(slow, 0.3) << "0.2 s at 60 BPM";
  EXPECT_GT(fast, 0.7) << "0.07 s at 180 BPM";
  EXPECT_NEAR(alignment_of({off.codes}, 30.0, late).on_beat, alignment_of({off}, 30.0, 120.0).on_beat, 0.02)
      << "fifteen pictures a beat are 120 BPM";
}

// A stop that is x seconds off counts exp(-0.5 (x / 0.1)^2); shifted: the mean at 0.2, 0.4, 0.6 and 0.8 of a beat. A
// stop is found to the frame, which is a thirtieth of a second.
TEST(Figures, StopsBetweenTheBeatsAreShifted) {
  const BeatenClip clip = returning(8, 64);
  BeatenClip between = clip;
  for (double& b : between.beats) b += 7.5;  // half a beat
  const Alignment on = alignment_of({clip}, 30.0, 120.0), off = alignment_of({between}, 30.0, 120.0);
  EXPECT_NEAR(on.on_beat, 1.0, 0.08);
  EXPECT_NEAR(on.shifted, 0.371, 0.04) << "0.1 and 0.2 s off";
  EXPECT_NEAR(off.on_beat, 0.044, 0.05) << "0.25 s off";
  EXPECT_NEAR(off.shifted, 0.604, 0.04) << "0.05 and 0.15 s off";
}

TEST(Figures, PhrasesAreNewThatNobodyHasDanced) {
  using Moves = std::vector<std::vector<std::int64_t>>;
  const Moves known = {{1, 5}, {2, 6}, {3, 7}, {4, 8}}, fine = {{1, 5}, {2, 6}, {3, 7}, {4, 9}},
              other = {{4, 8}, {3, 7}, {2, 6}, {1, 5}};
  Moves dance = known;  // three phrases, and a move that is none
  for (const Moves& m : {fine, other, Moves{{1, 5}}}) dance.insert(dance.end(), m.begin(), m.end());
  EXPECT_NEAR(new_phrase_share({dance}, {phrase_of(known, 0, 99)}, 99), 2.0 / 3.0, 1e-12);
  EXPECT_NEAR(new_phrase_share({dance}, {phrase_of(known, 0, 1)}, 1), 1.0 / 3.0, 1e-12) << "by the first book alone";
  EXPECT_NEAR(new_phrase_share({dance, other}, {phrase_of(known, 0, 99)}, 99), 3.0 / 4.0, 1e-12) << "of two dancers";
  EXPECT_TRUE(std::isnan(new_phrase_share({Moves{{1, 5}, {2, 6}}}, {}, 99))) << "too short to say";
}

TEST(Figures, IntersectionOverUnionOfBoxes) {
  const auto box = [](std::int64_t left, std::int64_t width) {  // distances: under 0 inside
    Tensor field = torch::ones({1, 1, 20, 20});
    field.slice(2, 4, 14).slice(3, left, left + width).fill_(-1.0);
    return field;
  };
  EXPECT_DOUBLE_EQ(intersection_over_union(box(2, 10), box(2, 10)), 1.0);
  EXPECT_DOUBLE_EQ(intersection_over_union(box(2, 10), box(7, 10)), 5.0 / 15.0);
  EXPECT_DOUBLE_EQ(intersection_over_union(box(0, 5), box(10, 5)), 0.0);
  // the mean of pictures, each for itself
  EXPECT_DOUBLE_EQ(intersection_over_union(torch::cat({box(2, 10), box(2, 4)}), torch::cat({box(2, 10), box(4, 4)})),
                   0.5 * (1.0 + 2.0 / 6.0));
}

}  // namespace
}  // namespace ombra::train
