#include "evaluate/judges/two_sample.hpp"

#include "core/error.hpp"
#include "core/rng.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace ombra::train {

using torch::Tensor;

namespace {

using Halves = std::map<std::string, int>;

// -> which half each source is in: dealt in an order of chance, each to where less of its side is so far
Halves halves_of(const TwoSampleSide& a, const TwoSampleSide& b, Rng& rng) {
  std::map<std::string, std::array<double, 2>> shares;  // of the windows of each side
  for (const std::string& s : a.source) shares[s][0] += 1.0 / static_cast<double>(a.source.size());
  for (const std::string& s : b.source) shares[s][1] += 1.0 / static_cast<double>(b.source.size());
  std::vector<std::string> order;
  for (const auto& [name, share] : shares) order.push_back(name);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(rng.below(static_cast<int>(i)))]);
  Halves half;
  std::array<double, 2> ahead{};  // of each side: how much more the first half has
  for (const std::string& name : order) {
    const std::array<double, 2>& share = shares[name];
    const bool second = ahead[0] * share[0] + ahead[1] * share[1] > 0.0;
    half[name] = second ? 1 : 0;
    for (const std::size_t side : {0u, 1u}) ahead[side] += second ? -share[side] : share[side];
  }
  return half;
}

Tensor of_half(const TwoSampleSide& side, const Halves& half, int which) {
  std::vector<std::int64_t> members;
  for (std::size_t i = 0; i < side.source.size(); ++i) {
    if (half.at(side.source[i]) == which) members.push_back(static_cast<std::int64_t>(i));
  }
  return side.windows.index_select(0, torch::tensor(members, torch::kLong));
}

void check(const TwoSampleSide& side) {
  if (side.windows.dim() != 3 || side.windows.size(0) != static_cast<std::int64_t>(side.source.size()))
    throw error("a two-sample test wants windows [N, T, F] and N sources\nhint: see windows_of()");
  if (std::ranges::all_of(side.source, [&](const std::string& s) { return s == side.source.front(); }))
    throw error("a two-sample test wants two sources or more on each side\nhint: more clips, or more dancers");
}

// -> the share of each side's windows that is told right
std::array<double, 2> one_round(const TwoSampleSide& a, const TwoSampleSide& b, const Halves& half,
                                const ClassifierOptions& options) {
  std::array<double, 2> right{};
  for (const int learned : {0, 1}) {
    const Tensor from_a = of_half(a, half, learned), from_b = of_half(b, half, learned);
    if (from_a.size(0) == 0 || from_b.size(0) == 0)
      throw error("a two-sample test wants sources of both sides in each half\nhint: more clips, or more dancers");
    const Tensor classes = torch::cat({torch::zeros({from_a.size(0)}), torch::ones({from_b.size(0)})});
    const auto judge = WindowClassifier::train(torch::cat({from_a, from_b}), classes, 2, options);
    const auto b_in = [&](const TwoSampleSide& side) {
      return judge.probabilities(of_half(side, half, 1 - learned)).select(1, 1) >= 0.5;
    };
    right[0] += b_in(a).logical_not().sum().item<double>();
    right[1] += b_in(b).sum().item<double>();
  }
  return {right[0] / static_cast<double>(a.source.size()), right[1] / static_cast<double>(b.source.size())};
}

}  // namespace

TwoSampleResult two_sample_test(const TwoSampleSide& a, const TwoSampleSide& b, const TwoSampleOptions& options) {
  check(a), check(b);
  TwoSampleResult result;
  result.windows_a = a.windows.size(0);
  result.windows_b = b.windows.size(0);
  Rng rng(options.classifier.seed);
  std::vector<double> accuracies;
  for (int round = 0; round < options.rounds; ++round) {
    const auto [right_a, right_b] = one_round(a, b, halves_of(a, b, rng), options.classifier);
    result.accuracy_a += right_a / options.rounds;
    result.accuracy_b += right_b / options.rounds;
    accuracies.push_back(0.5 * (right_a + right_b));
  }
  result.accuracy = 0.5 * (result.accuracy_a + result.accuracy_b);
  for (const double one : accuracies) result.spread += (one - result.accuracy) * (one - result.accuracy);
  result.spread = std::sqrt(result.spread / options.rounds);
  return result;
}

}  // namespace ombra::train
