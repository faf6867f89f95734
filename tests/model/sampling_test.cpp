#include "model/inference/sampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace ombra::model {
namespace {

const std::vector<float> kLogits = {0.3f, 2.0f, -1.0f, 1.2f, -3.0f};

std::vector<double> softmax(const std::vector<float>& logits, double temperature) {
  std::vector<double> p;
  double sum = 0.0;
  for (const float l : logits) sum += p.emplace_back(std::exp(l / temperature));
  for (double& x : p) x /= sum;
  return p;
}

std::vector<double> frequencies(const std::vector<float>& logits, double temperature, double top_p, int draws = 40000) {
  Rng rng(11);
  std::vector<double> f(logits.size());
  for (int i = 0; i < draws; ++i)
    f[static_cast<std::size_t>(sample_softmax(logits, temperature, top_p, rng))] += 1.0 / draws;
  return f;
}

TEST(Sampling, TemperatureZeroIsTheLikeliest) {
  Rng rng(1);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(sample_softmax(kLogits, 0.0, 1.0, rng), 1);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(sample_softmax(kLogits, 1e-3, 1.0, rng), 1) << "and so it is just above zero";
}

TEST(Sampling, FrequenciesFollowTheSoftmaxOfTheTemperature) {
  for (const double temperature : {0.5, 1.0, 2.0}) {
    const auto p = softmax(kLogits, temperature), f = frequencies(kLogits, temperature, 1.0);
    for (std::size_t i = 0; i < p.size(); ++i) {  // four standard deviations of a count
      EXPECT_NEAR(f[i], p[i], 4.0 * std::sqrt(p[i] * (1.0 - p[i]) / 40000.0) + 1e-9)
          << "entry " << i << " at " << temperature;
    }
  }
}

TEST(Sampling, TheNucleusIsTheSmallestSetThatHoldsItsShare) {
  // softmax: 0.11 0.60 0.03 0.27 0.00
  EXPECT_NEAR(frequencies(kLogits, 1.0, 0.5)[1], 1.0, 1e-9) << "the first entry alone holds half";
  const auto p = softmax(kLogits, 1.0), f = frequencies(kLogits, 1.0, 0.8);
  EXPECT_EQ(f[0] + f[2] + f[4], 0.0) << "two entries hold four fifths";
  EXPECT_NEAR(f[1], p[1] / (p[1] + p[3]), 0.01) << "within it the proportions stay";
}

TEST(Sampling, HeatSpreadsTheDrawButNotTheNucleus) {
  const auto f = frequencies(kLogits, 5.0, 0.8);
  EXPECT_EQ(f[0] + f[2] + f[4], 0.0) << "found at a temperature of one";
  EXPECT_NEAR(f[1], 1.0 / (1.0 + std::exp(-0.8 / 5.0)), 0.01);
}

TEST(Sampling, TheSameSeedDrawsTheSame) {
  Rng a(5), b(5), c(6);
  int differ = 0;
  for (int i = 0; i < 200; ++i) {
    const int drawn = sample_softmax(kLogits, 1.0, 1.0, a);
    EXPECT_EQ(drawn, sample_softmax(kLogits, 1.0, 1.0, b));
    differ += drawn != sample_softmax(kLogits, 1.0, 1.0, c) ? 1 : 0;
  }
  EXPECT_GT(differ, 20);
}

TEST(Sampling, WhateverTheLogitsAreTheIndexIsValid) {
  Rng rng(2);
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  std::vector<float> holes(256);
  for (float& x : holes) x = rng.uniform() < 0.5 ? nan : static_cast<float>(rng.normal());
  for (const std::vector<float>& logits : std::vector<std::vector<float>>{
           {7.0f}, {1e30f, -1e30f}, {-inf, 0.0f, -inf}, {0.0f, inf}, {nan, 0.0f, nan}, holes}) {
    for (const double temperature : {0.0, 0.1, 1.0, 100.0}) {
      const int drawn = sample_softmax(logits, temperature, 0.9, rng);
      EXPECT_GE(drawn, 0);
      EXPECT_LT(drawn, static_cast<int>(logits.size()));
    }
  }
}

// two components over two numbers: weights 1 : 3, means (0, 0) and (4, -2), deviations (0.5, 1) and (0.1, 2)
const std::vector<float> kMixture = {0.0f,  std::log(3.0f), 0.0f, 0.0f,           4.0f,
                                     -2.0f, std::log(0.5f), 0.0f, std::log(0.1f), std::log(2.0f)};

TEST(Sampling, MixturesHaveTheirMeanAndVariance) {
  Rng rng(3);
  constexpr int kDraws = 40000;
  double mean[2] = {}, square[2] = {};
  std::vector<float> x(2);
  for (int i = 0; i < kDraws; ++i) {
    sample_mixture(kMixture, 2, 1.0, rng, x);
    for (std::size_t k = 0; k < 2; ++k) mean[k] += x[k] / kDraws, square[k] += x[k] * x[k] / kDraws;
  }
  EXPECT_NEAR(mean[0], 3.0, 0.04);
  EXPECT_NEAR(mean[1], -1.5, 0.04);
  // variance = sum of weight * (deviation^2 + mean^2) - mean^2
  EXPECT_NEAR(square[0] - mean[0] * mean[0], 0.25 * 0.25 + 0.75 * (0.01 + 16.0) - 9.0, 0.1);
  EXPECT_NEAR(square[1] - mean[1] * mean[1], 0.25 * 1.0 + 0.75 * (4.0 + 4.0) - 2.25, 0.12);
}

TEST(Sampling, TemperatureMultipliesTheVarianceOfAMixture) {
  Rng rng(4);
  const std::vector<float> one = {0.0f, 1.0f, std::log(2.0f)};
  double mean = 0.0, square = 0.0;
  std::vector<float> x(1);
  for (int i = 0; i < 40000; ++i) {
    sample_mixture(one, 1, 0.25, rng, x);
    mean += x[0] / 40000.0, square += x[0] * x[0] / 40000.0;
  }
  EXPECT_NEAR(mean, 1.0, 0.03);
  EXPECT_NEAR(square - mean * mean, 0.25 * 4.0, 0.04);
  sample_mixture(kMixture, 2, 0.0, rng, x = {0.0f, 0.0f});
  EXPECT_EQ(x, (std::vector<float>{4.0f, -2.0f})) << "cold: the mean of the likeliest component";
}

}  // namespace
}  // namespace ombra::model
