// The section "networks" of `ombra bench`: one step of the dance, one sample, one decoded picture, ours and published.

#include "cli/measure/bench_table.hpp"
#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/quantile.hpp"
#include "model/inference/sampling.hpp"
#include "studio/studio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace ombra::cli {
namespace {

constexpr const char* kOurs = "ombra";
constexpr const char* kYardstick = "dancenet-2018";  // the published network of the same family

// All recipes that come with the program, by name.
std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() / "models" / "recipes")) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// One draw, as a mean over many: it is shorter than the clock's steps.
template <typename F>
std::vector<double> draws_us(int samples, F&& draw) {
  constexpr int kDraws = 200;
  std::vector<double> us;
  for (int i = 0; i < samples; ++i) {
    const double from = now_s();
    for (int k = 0; k < kDraws; ++k) draw();
    us.push_back((now_s() - from) * 1e6 / kDraws);
  }
  return us;
}

void add_sampling(const BenchOptions& options, BenchTable& table) {
  constexpr int kEntries = 256, kComponents = 24, kCode = 128;
  Rng rng(1);
  std::vector<float> logits(kEntries), mixture(kComponents * (2 * kCode + 1)), code(kCode);
  for (float& x : logits) x = static_cast<float>(3.0 * rng.normal());
  for (float& x : mixture) x = static_cast<float>(rng.normal());
  const int samples = options.quick ? 5 : 100;
  table.add("one entry of 256 from a softmax, nucleus 0.8",
            draws_us(samples, [&] { model::sample_softmax(logits, 0.8, 0.8, rng); }), "us");
  table.add("128 numbers from a mixture of 24",
            draws_us(samples, [&] { model::sample_mixture(mixture, kComponents, 0.8, rng, code); }), "us");
}

const train::RecipeCost& cost_of(const train::NetworkCosts& costs, const std::string& recipe) {
  for (const train::RecipeCost& each : costs.recipes) {
    if (each.name == recipe) return each;
  }
  throw error("models/recipes has no recipe {}\nhint: the installation is incomplete", recipe);
}

std::string dancers(int count) { return count == 1 ? "1 dancer" : fmt::format("{} dancers", count); }

}  // namespace

void bench_networks(const BenchOptions& options, BenchTable& table) {
  train::NetworkCostOptions o{.model = options.model, .recipes = recipe_names()};
  if (options.quick) o.rounds = 1, o.round_s = 1.0, o.repeats = 2;
  const train::NetworkCosts costs = studio::network_costs(o);

  table.section("step", "step: the dance of one picture at 60 pictures a second, one thread");
  for (const train::DanceCost& each : costs.dances) {
    table.add("ours, " + dancers(each.dancers) + ", mean", each.step);
    table.add("ours, " + dancers(each.dancers) + ", in pictures where moves fall due", each.due);
  }
  table.section("published", "step: one of a published dancer, as LibTorch runs it and as Ombra does, one thread");
  for (const train::RecipeCost& each : costs.recipes) {
    if (each.step.empty()) continue;
    table.add(each.name + ", LibTorch", each.step);
    for (const auto& [count, step] : each.danced) {
      if (count == 1 || each.name == kYardstick) table.add(each.name + ", " + dancers(count), step);
    }
  }

  table.section("sample", "sample: one draw");
  add_sampling(options, table);

  table.section(
      "decode",
      "decode: from latents to distance fields of 192 x 192, one thread, as LibTorch does it and as Ombra does");
  for (const train::DanceCost& each : costs.dances) table.add("ours, " + dancers(each.dancers), each.decode);
  for (const train::RecipeCost& each : costs.recipes) {
    if (each.name == kOurs) continue;
    table.add(each.name + ", LibTorch", each.fields);
    table.add(each.name, each.own);
  }

  table.section("share", "the networks' share of one frame, 1 dancer");
  const train::RecipeCost& published = cost_of(costs, kYardstick);
  const double theirs = median(published.step) + median(published.pictures);
  const train::DanceCost& ours = costs.dances.front();
  const double due = median(ours.due) + median(ours.decode);
  table.add("ours: step and distance field, mean", ours.whole);
  table.add_figure("ours: the same in pictures where a move falls due", due, "ms");
  table.add_figure(fmt::format("{}: step and its own picture, LibTorch", kYardstick), theirs, "ms");
  table.add_figure("how many times cheaper ours is", theirs / median(ours.whole), "x");
  table.add_figure("how many times in pictures where a move falls due", theirs / due, "x");
}

}  // namespace ombra::cli
