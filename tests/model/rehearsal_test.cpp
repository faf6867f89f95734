#include "model/dancers/rehearsal.hpp"

#include "model/dancers/moves_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace ombra::model {
namespace {

// Eleven steps through two moves of six ticks; the joint is step 5.
std::vector<float> steps(float at_joint) {
  std::vector<float> all(11, 1.0f);
  all[4] = all[6] = 0.5f + 0.5f * at_joint;
  all[5] = at_joint;
  return all;
}

TEST(Rehearsal, AStopOnTheBeatFitsAndBetweenBeatsItDoesNot) {
  const double stop = beat_fit(steps(0.1f), 5, true), even = beat_fit(steps(1.0f), 5, true);
  EXPECT_GT(stop, 0.7);
  EXPECT_NEAR(even, 0.0, 1e-6);
  EXPECT_LT(beat_fit(steps(0.1f), 5, false), -0.7);
  EXPECT_GT(stop, beat_fit(steps(0.5f), 5, true)) << "the clearer, the better";
}

TEST(Rehearsal, DoesNotCareHowFastTheDanceIs) {
  std::vector<float> fast = steps(0.3f);
  for (float& s : fast) s *= 7.0f;
  EXPECT_NEAR(beat_fit(fast, 5, true), beat_fit(steps(0.3f), 5, true), 0.01);
}

TEST(Rehearsal, AStatueFitsAsWellAsAnything) {
  EXPECT_NEAR(beat_fit(std::vector<float>(11, 0.0f), 5, true), 0.0, 1e-9);
}

TEST(Rehearsal, TheFittestIsTakenMostOften) {
  const auto share = [](double ahead) {
    Rng rng(3);
    int taken = 0;
    for (int i = 0; i < 3000; ++i) taken += choose_fitting(std::array{0.0, ahead, -ahead}, rng) == 1 ? 1 : 0;
    return taken / 3000.0;
  };
  EXPECT_NEAR(share(0.0), 1.0 / 3.0, 0.03);
  EXPECT_NEAR(share(1.0), std::exp(1.0) / (1.0 + std::exp(1.0) + std::exp(-1.0)), 0.03);
  EXPECT_GT(share(20.0), 0.999);
}

TEST(Corner, IsTwoPhrasesOfAHandfulOfMoves) {
  std::deque<CoarseMove> danced;
  for (int i = 0; i < 31; ++i) danced.emplace_back(i % 2 == 0 ? 53 : 100 + i % 4, i);  // a can-can: 53 on every beat
  EXPECT_FALSE(in_a_corner(danced)) << "not for two phrases yet";
  danced.emplace_back(53, 0);
  EXPECT_TRUE(in_a_corner(danced)) << "whatever its details";
  for (int i = 0; i < 5; ++i) danced.emplace_back(i, 0);
  EXPECT_FALSE(in_a_corner(danced)) << "it has moved on";
  for (int i = 0; i < 32; ++i) danced.emplace_back(7, i);
  EXPECT_TRUE(in_a_corner(danced)) << "what was before two phrases does not count";
}

}  // namespace
}  // namespace ombra::model
