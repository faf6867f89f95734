#include "model/dancers/returning.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ombra::model {
namespace {

TEST(Returning, KnowsTheMovementOfSoManyMovesAgo) {
  Returning returning(2, 3);
  const std::array up = {0.0f, 2.0f, 1.0f}, side = {3.0f, 0.0f, 0.0f}, half = {0.0f, 1.0f, 0.5f},
                   down = {0.0f, -2.0f, -1.0f};
  EXPECT_EQ(returning.alike(up), 0.0) << "nothing was danced";
  returning.add(up);
  EXPECT_EQ(returning.alike(up), 0.0) << "one move ago, not two";
  returning.add(side);
  EXPECT_NEAR(returning.alike(up), 1.0, 1e-6);
  EXPECT_NEAR(returning.alike(half), 1.0, 1e-6) << "the same movement, smaller";
  EXPECT_NEAR(returning.alike(down), -1.0, 1e-6);
  EXPECT_NEAR(returning.alike(side), 0.0, 1e-6);
  returning.add(up);
  EXPECT_NEAR(returning.alike(side), 1.0, 1e-6);
  EXPECT_NEAR(returning.alike(up), 0.0, 1e-6);
}

TEST(Returning, StandingStillIsLikeNothing) {
  Returning returning(1, 2);
  returning.add(std::array{0.0f, 0.0f});
  EXPECT_EQ(returning.alike(std::array{1.0f, 1.0f}), 0.0);
  returning.add(std::array{1.0f, 1.0f});
  EXPECT_EQ(returning.alike(std::array{0.0f, 0.0f}), 0.0);
}

}  // namespace
}  // namespace ombra::model
