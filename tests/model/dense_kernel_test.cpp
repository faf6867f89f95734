#include "model/inference/dense_kernel.hpp"
#include "core/rng.hpp"
#include "model/inference/packed_dense.hpp"
#include "rt_scope.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::model {
namespace {

// Weights that 16 bits hold exactly, or not.
DensePlan layer(std::size_t in, std::size_t out, bool halves, Rng& rng) {
  DensePlan plan{in, out, {}, {}};
  for (std::size_t i = 0; i < in * out; ++i)
    plan.weight.push_back(static_cast<float>(halves ? (rng.below(2048) - 1024) / 4096.0 : rng.uniform(-0.25, 0.25)));
  for (std::size_t i = 0; i < out; ++i) plan.bias.push_back(static_cast<float>(rng.normal()));
  return plan;
}

struct Matrix {
  Matrix(std::size_t rows, std::size_t width, Rng* rng = nullptr) : numbers(rows * width), rows_(rows), width_(width) {
    for (float& x : numbers) x = rng ? static_cast<float>(rng->normal()) : 0.0f;
  }
  std::vector<float*> rows() {
    std::vector<float*> all;
    for (std::size_t r = 0; r < rows_; ++r) all.push_back(numbers.data() + r * width_);
    return all;
  }
  std::vector<float> numbers;

 private:
  std::size_t rows_, width_;
};

double sum_of(const DensePlan& plan, const float* x, std::size_t out) {
  double sum = plan.bias[out];
  for (std::size_t i = 0; i < plan.in; ++i) sum += static_cast<double>(plan.weight[out * plan.in + i]) * x[i];
  return sum;
}

TEST(PackedDense, GivesTheProductWhateverTheShape) {
  Rng rng(1);
  for (const bool halves : {true, false}) {
    for (const std::size_t in : {1u, 7u, 64u}) {
      for (const std::size_t out : {1u, 16u, 40u, 145u}) {
        const DensePlan plan = layer(in, out, halves, rng);
        const PackedDense dense(plan);
        EXPECT_TRUE(halves || !dense.in_16_bits()) << "nothing may be lost";
        for (const std::size_t rows : {1u, 2u, 3u, 5u, 8u, 9u, 23u}) {
          Matrix x(rows, in, &rng), y(rows, out);
          const auto from = x.rows(), to = y.rows();
          dense.apply(from, to);
          for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t o = 0; o < out; ++o) ASSERT_NEAR(to[r][o], sum_of(plan, from[r], o), 1e-5);
          }
          dense.apply(from, to, true);
          for (std::size_t o = 0; o < out; ++o)
            ASSERT_NEAR(to[rows - 1][o], 2.0 * sum_of(plan, from[rows - 1], o), 2e-5);
        }
      }
    }
  }
}

TEST(PackedDense, ARowIsTheSameBitForBitAloneAndBesideOthers) {
  Rng rng(2);
  const PackedDense dense(layer(97, 81, true, rng));
  Matrix x(21, 97, &rng), together(21, 81), alone(1, 81);
  const auto from = x.rows(), to = together.rows(), one = alone.rows();
  dense.apply(from, to);
  for (std::size_t r = 0; r < 21; ++r) {
    dense.apply(std::span(from).subspan(r, 1), one);
    for (std::size_t o = 0; o < 81; ++o) ASSERT_EQ(to[r][o], one[0][o]);
  }
}

TEST(PackedDense, RunsThatLieApartAreTheTapsOfAConvolution) {
  Rng rng(3);
  const DensePlan plan = layer(3 * 8, 20, true, rng);
  Matrix x(9, 8, &rng), y(1, 20);
  const auto from = x.rows(), to = y.rows();
  PackedDense(plan).apply(std::span(from).subspan(1, 1), to, false, 8, 2 * 8);  // rows 1, 3 and 5
  std::vector<float> taps;
  for (const std::size_t r : {1u, 3u, 5u}) taps.insert(taps.end(), from[r], from[r] + 8);
  for (std::size_t o = 0; o < 20; ++o) EXPECT_NEAR(to[0][o], sum_of(plan, taps.data(), o), 1e-5);
  // and in two parts
  Matrix parts(1, 20);
  const auto sums = parts.rows();
  const float* const newest = taps.data() + 16;
  PackedDense(plan, 0, 16, true).apply(std::span(from).subspan(1, 1), sums, false, 8, 2 * 8);
  PackedDense(plan, 16, 8, false).apply({&newest, 1}, sums, true);
  for (std::size_t o = 0; o < 20; ++o) EXPECT_EQ(sums[0][o], to[0][o]);
}

TEST(PackedDense, KeepsEveryNumberThat16BitsHold) {
  if (!dense_kernels().half) GTEST_SKIP() << "this processor reads 32 bits";
  DensePlan plan{1, 0, {}, {}};
  for (const double x :
       {0.0, -0.0, 1.0, -1.0, 65504.0, -65504.0, 0x1p-14, 0x1p-24, -0x1p-24, 1023 * 0x1p-24, 0.333251953125}) {
    plan.weight.push_back(static_cast<float>(x));
    plan.bias.push_back(0.0f);
    ++plan.out;
  }
  const PackedDense dense(plan);
  ASSERT_TRUE(dense.in_16_bits());
  const float one = 1.0f, *const from = &one;
  Matrix y(1, plan.out);
  const auto to = y.rows();
  dense.apply({&from, 1}, to);
  for (std::size_t o = 0; o < plan.out; ++o) EXPECT_EQ(to[0][o], plan.weight[o]);
  for (const double x : {65520.0, 0x1p-25, 0.1, 1.0 + 0x1p-11, 1e30}) {
    plan.weight[3] = static_cast<float>(x);
    EXPECT_FALSE(PackedDense(plan).in_16_bits()) << x;
  }
}

TEST(PackedDense, DoesNotAllocateWhenApplied) {
  Rng rng(4);
  const PackedDense dense(layer(30, 50, true, rng));
  Matrix x(5, 30, &rng), y(5, 50);
  const auto from = x.rows(), to = y.rows();
  const test::RtScope scope;
  dense.apply(from, to);
  EXPECT_EQ(scope.allocations(), 0u);
}

// All that this machine can run, though only the best is used.
TEST(DenseKernels, AllInstructionSetsAgree) {
  Rng rng(5);
  constexpr std::size_t in = 33, out = 50, rows = 11, panels = 4;
  std::vector<float> weights(panels * in * kPanel), bias(panels * kPanel);
  for (float& w : weights) w = static_cast<float>(rng.normal());
  for (float& b : bias) b = static_cast<float>(rng.normal());
  Matrix x(rows, in, &rng), wanted(rows, out);
  const auto from = x.rows();
  const std::vector<const float*> read(from.begin(), from.end());
  for (const DenseKernels* kernels : usable_dense_kernels()) {
    Matrix y(rows, out);
    const auto to = y.rows();
    kernels->single({weights.data(), bias.data(), 1, in, 0, read.data(), to.data(), rows, out, false});
    if (kernels == usable_dense_kernels().front()) wanted = y;
    for (std::size_t i = 0; i < y.numbers.size(); ++i) ASSERT_NEAR(y.numbers[i], wanted.numbers[i], 2e-5);
  }
}

// Those with fused multiplication and 16 bits: a take is danced bit by bit alike on a laptop and on a server.
TEST(DenseKernels, FusedInstructionSetsGiveTheSameBits) {
  Rng rng(6);
  constexpr std::size_t in = 70, out = 90, panels = 6, hidden = 37;
  std::vector<std::uint16_t> halves(panels * in * kPanel);
  for (std::uint16_t& h : halves) h = static_cast<std::uint16_t>(0x3000 + rng.below(0x0bff) + 0x8000 * rng.below(2));
  std::vector<float> bias(panels * kPanel), numbers(4 * hidden);
  for (float& b : bias) b = static_cast<float>(rng.normal());
  for (float& n : numbers) n = static_cast<float>(2.0 * rng.normal());
  std::vector<float> first;
  for (const DenseKernels* kernels : usable_dense_kernels()) {
    if (!kernels->half) continue;
    std::vector<float> all;
    for (const std::size_t rows : {1u, 2u, 3u, 4u, 5u, 6u, 13u}) {
      Rng same(7);
      Matrix x(rows, in, &same), y(rows, out);
      const auto from = x.rows(), to = y.rows();
      const std::vector<const float*> read(from.begin(), from.end());
      kernels->half({halves.data(), bias.data(), 1, in, 0, read.data(), to.data(), rows, out, false});
      all.insert(all.end(), y.numbers.begin(), y.numbers.end());
    }
    for (int kind = 0; kind <= static_cast<int>(ActivationKind::kTanh); ++kind) {
      std::vector<float> y = numbers;
      kernels->activate(static_cast<ActivationKind>(kind), y.data(), y.size());
      all.insert(all.end(), y.begin(), y.end());
    }
    std::vector<float> c(hidden, 0.3f), h(hidden);
    kernels->lstm(numbers.data(), hidden, c.data(), h.data());
    all.insert(all.end(), c.begin(), c.end());
    all.insert(all.end(), h.begin(), h.end());
    if (first.empty()) first = all;
    ASSERT_EQ(all.size(), first.size());
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], first[i]) << "number " << i;
  }
}

TEST(DenseKernels, ActivationsFollowTheirDefinitions) {
  const auto reference = [](ActivationKind kind, double x) {
    switch (kind) {
      case ActivationKind::kRelu:
        return std::max(x, 0.0);
      case ActivationKind::kElu:
        return x > 0.0 ? x : std::expm1(x);
      case ActivationKind::kSilu:
        return x / (1.0 + std::exp(-x));
      case ActivationKind::kGelu:
        return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0)));
      case ActivationKind::kSigmoid:
        return 1.0 / (1.0 + std::exp(-x));
      case ActivationKind::kTanh:
        return std::tanh(x);
      default:
        return x;
    }
  };
  for (const DenseKernels* kernels : usable_dense_kernels()) {
    for (int kind = 0; kind <= static_cast<int>(ActivationKind::kTanh); ++kind) {
      std::vector<float> x;
      for (double v = -120.0; v <= 120.0; v += 0.37) x.push_back(static_cast<float>(v));
      std::vector<float> y = x;
      kernels->activate(static_cast<ActivationKind>(kind), y.data(), y.size());
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double wanted = reference(static_cast<ActivationKind>(kind), x[i]);
        ASSERT_NEAR(y[i], wanted, 1e-6 * (1.0 + std::abs(wanted))) << "kind " << kind << " at " << x[i];
      }
      float nothing = NAN;
      kernels->activate(static_cast<ActivationKind>(kind), &nothing, 1);
      EXPECT_TRUE(std::isnan(nothing)) << "kind " << kind;
    }
  }
}

}  // namespace
}  // namespace ombra::model
