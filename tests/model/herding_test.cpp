#include "model/dancers/herding.hpp"

#include "core/rng.hpp"
#include "model/dancers/rehearsal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ombra::model {
namespace {

TEST(Herding, KnowsNothingBeforeTheDance) {
  const Herding herding({1.0f, -2.0f}, 4.0);
  EXPECT_EQ(herding.fit(std::array{5.0f, 5.0f}), 0.0);
}

TEST(Herding, StayingFitsWorseThanGoingBack) {
  Herding herding({1.0f, -2.0f}, 4.0);
  const std::array stance = {3.0f, -2.0f}, other = {-1.0f, -2.0f}, middle = {1.0f, -2.0f}, elsewhere = {1.0f, 0.0f};
  for (int i = 0; i < 1000; ++i) herding.add(stance);
  EXPECT_NEAR(herding.apart(), 1.0, 0.05);
  EXPECT_NEAR(herding.fit(stance), -1.0, 0.05) << "one spread away, and always there";
  EXPECT_NEAR(herding.fit(other), 1.0, 0.05);
  EXPECT_NEAR(herding.fit(middle), 0.0, 1e-6);
  EXPECT_NEAR(herding.fit(elsewhere), 0.0, 1e-6) << "another direction";
  for (int i = 0; i < 1000; ++i) herding.add(middle);
  EXPECT_NEAR(herding.apart(), 0.0, 0.05);
  EXPECT_NEAR(herding.fit(stance), 0.0, 0.05) << "forgotten";
}

// A dancer who would stay at one of two stances for minutes, as at a low temperature.
TEST(Herding, ADancerWhoTendsToStayIsSharedBetweenStances) {
  const auto longest_mean = [](bool herded) {
    Herding herding({0.0f}, 1.0);
    Rng rng(5);
    float at = 1.0f;
    double sum = 0.0, worst = 0.0;
    for (int i = 0; i < 4800; ++i) {
      // staying is e^6 times as likely
      const std::array fits = {6.0 + (herded ? 24.0 * herding.fit({&at, 1}) : 0.0),
                               herded ? 24.0 * herding.fit(std::array{-at}) : 0.0};
      if (choose_fitting(fits, rng) == 1) at = -at;
      herding.add({&at, 1});
      sum += at;
      if ((i + 1) % 480 == 0) worst = std::max(worst, std::abs(sum / 480.0)), sum = 0.0;
    }
    return worst;
  };
  EXPECT_GT(longest_mean(false), 0.9);
  EXPECT_LT(longest_mean(true), 0.5);
}

}  // namespace
}  // namespace ombra::model
