// Several guesses at a picture: the likeliest one, and the likeliest way through pictures one after the other. Strokes
// that do not hang together.

#include "model/layers/guesses.hpp"
#include "train/troupe/loose_strokes.hpp"

#include <gtest/gtest.h>

namespace ombra::train {
namespace {

using model::Guesses;
using torch::Tensor;

// Two guesses a picture of one number each: the dancer at 0 or at 10; at the second of four pictures the wrong one is a
// little likelier.
Guesses facing() {
  const Tensor codes = torch::tensor({0.0f, 10.0f, 10.0f, 0.2f, 0.3f, 10.0f, 0.2f, 10.0f}).view({4, 2, 1});
  const Tensor costs = torch::tensor({0.1f, 2.0f, 0.5f, 0.9f, 0.1f, 2.0f, 0.1f, 2.0f}).view({4, 2});
  return {codes, costs};
}

TEST(Guesses, ThePictureAloneSaysTheLikeliest) {
  EXPECT_TRUE(torch::allclose(model::likeliest(facing()).flatten(), torch::tensor({0.0f, 10.0f, 0.3f, 0.2f})));
}

TEST(Guesses, InTimeNobodyTurnsRoundWithinAPicture) {
  const Tensor way = model::likeliest_in_time(facing(), 30.0);
  EXPECT_TRUE(torch::allclose(way.flatten(), torch::tensor({0.0f, 0.2f, 0.3f, 0.2f})));
  Guesses turned = facing();
  turned.costs[1][1] = 50.0f;  // but where the picture is sure, it is believed
  EXPECT_NEAR(model::likeliest_in_time(turned, 30.0)[1].item<float>(), 10.0f, 1e-6);
}

TEST(Guesses, OneGuessAndOnePictureAreThemselves) {
  const Guesses one{torch::rand({5, 1, 3}), torch::zeros({5, 1})};
  EXPECT_TRUE(torch::equal(model::likeliest_in_time(one, 30.0), one.codes.squeeze(1)));
  const Guesses first{facing().codes.narrow(0, 0, 1), facing().costs.narrow(0, 0, 1)};
  EXPECT_EQ(model::likeliest_in_time(first, 30.0).sizes(), (std::vector<std::int64_t>{1, 1}));
}

// Discs of radius 0.05 at these heights.
Tensor discs(const std::vector<float>& heights) {
  std::vector<float> numbers;
  for (const float y : heights) numbers.insert(numbers.end(), {0.0f, y, 0.05f, 0.0f, y, 0.05f});
  return torch::tensor(numbers).view({1, static_cast<std::int64_t>(heights.size()), 6});
}

TEST(LooseStrokes, WhatOverlapsHangsTogether) {
  EXPECT_EQ(loose_strokes(discs({0.1f, 0.19f, 0.28f})).item<float>(), 0.0f);
  EXPECT_NEAR(loose_strokes(discs({0.1f, 0.2f})).item<double>(), kOverlap, 1e-5) << "they only touch";
}

TEST(LooseStrokes, EachGapIsCountedOnceByItsShortestBridge) {
  // two pairs, 0.3 apart
  EXPECT_NEAR(loose_strokes(discs({0.1f, 0.15f, 0.55f, 0.6f})).item<double>(), 0.3 + kOverlap, 1e-5);
  // and three that are strewn
  EXPECT_NEAR(loose_strokes(discs({0.1f, 0.3f, 0.6f})).item<double>(), 0.1 + 0.2 + 2.0 * kOverlap, 1e-5);
}

TEST(LooseStrokes, ALongOneIsJoinedAtItsMiddle) {
  const Tensor bar = torch::tensor({-0.3f, 0.5f, 0.01f, 0.3f, 0.5f, 0.01f}).view({1, 1, 6});
  EXPECT_EQ(loose_strokes(torch::cat({bar, discs({0.53f})}, 1)).item<float>(), 0.0f);
}

TEST(LooseStrokes, DescentBringsThemTogether) {
  Tensor strokes = discs({0.1f, 0.4f}).set_requires_grad(true);
  const Tensor slope = torch::autograd::grad({loose_strokes(strokes).sum()}, {strokes})[0];
  EXPECT_GT(slope[0][1][1].item<float>() + slope[0][1][4].item<float>(), 0.5f) << "the upper one is too high";
  EXPECT_LT(slope[0][1][2].item<float>() + slope[0][1][5].item<float>(), -0.5f) << "and too thin";
}

}  // namespace
}  // namespace ombra::train
