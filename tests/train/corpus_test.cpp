#include "train/corpus.hpp"

#include "model/layers/model_folder.hpp"
#include "model/tiny_recipes.hpp"
#include "train/seeds.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

using torch::Tensor;

// A passage whose first number is the frame and whose others swing; beats at a steady tempo.
Passage passage(std::int64_t frames, double first_beat, double beats_a_frame) {
  Passage p;
  p.clip = "made up";
  const Tensor t = torch::arange(frames, torch::kFloat);
  std::vector<Tensor> numbers = {t};
  for (int k = 1; k < 8; ++k) numbers.push_back(torch::sin(t * (0.1 * k) + k));
  p.codes = torch::stack(numbers, 1);
  for (std::int64_t i = 0; i < frames; ++i) p.beat.push_back(first_beat + static_cast<double>(i) * beats_a_frame);
  return p;
}

TEST(Corpus, BeatTimeStartsOnABeatAndRunsEvenly) {
  std::vector<Passage> passages = {passage(100, 0.35, 0.1)};
  add_beat_time(passages, 6, 3);
  const Tensor x = passages[0].in_beats;
  ASSERT_EQ(x.sizes(), torch::IntArrayRef({9 * 6, 8})) << "beats 1 to 10";
  for (std::int64_t tick = 0; tick < 54; ++tick) {
    const double beat = 1.0 + static_cast<double>(tick) / 6.0;
    EXPECT_NEAR(x[tick][0].item<double>(), (beat - 0.35) / 0.1, 1e-3) << "the frame at which the beat falls";
  }
}

TEST(Corpus, WhatHasNoBeatsOrTooFewStaysAsItIs) {
  std::vector<Passage> passages = {passage(50, 0.0, 0.1), passage(25, 0.5, 0.1), passage(1, 0.0, 0.1)};
  passages[0].beat.clear();
  add_beat_time(passages, 6, 3);
  for (const Passage& p : passages) EXPECT_FALSE(p.in_beats.defined());
}

class CorpusMoves : public testing::Test {
 protected:
  void SetUp() override {
    torch::manual_seed(11);
    net = model::make_model(recipe);
    for (const double tempo : {0.05, 0.06, 0.08}) passages.push_back(passage(600, 0.0, tempo));
    passages.push_back(passage(600, 0.0, 0.07));
    passages.back().held_out = true;
    passages.push_back(passage(600, 0.0, 0.05));
    passages.back().mirrored = true;
    for (Passage& p : passages) p.codes.select(1, 0).zero_();
    add_beat_time(passages, 6, 3);
    add_moves(passages, net.mover, net.painter, recipe.mover);
  }
  model::Recipe recipe = model::parse_recipe(model::test::kTinyMoves, "tiny.toml");
  model::Model net;
  std::vector<Passage> passages;
};

TEST_F(CorpusMoves, ConditionsAreStandardisedOverTheTrainingMoves) {
  std::vector<Tensor> training;
  for (const Passage& p : passages) {
    ASSERT_EQ(p.moves.size(0), p.in_beats.size(0) / 3);
    ASSERT_EQ(p.conditions.sizes(), torch::IntArrayRef({p.moves.size(0), 2}));
    EXPECT_LE(p.conditions.abs().max().item<double>(), 2.5);
    if (!p.held_out) training.push_back(p.conditions);
  }
  const Tensor all = torch::cat(training);
  for (const std::int64_t k : {0, 1}) {
    EXPECT_NEAR(all.select(1, k).mean().item<double>(), 0.0, 0.15);
    EXPECT_NEAR(all.select(1, k).std().item<double>(), 1.0, 0.25);
  }
}

TEST_F(CorpusMoves, FasterInBeatsIsMoreEnergy) {
  // the same movement over fewer beats is a longer way a beat
  const auto energy = [&](std::size_t i) { return passages[i].conditions.select(1, 0).mean().item<double>(); };
  EXPECT_GT(energy(0), energy(1));
  EXPECT_GT(energy(1), energy(2));
}

TEST_F(CorpusMoves, SeedsAreTrainingPhrasesSeenFromTheFront) {
  const model::Seeds seeds = move_seeds(passages, recipe);
  ASSERT_GT(seeds.size(), 10);
  EXPECT_EQ(seeds.moves.sizes(), torch::IntArrayRef({seeds.size(), 8, 2}));
  EXPECT_EQ(seeds.latents.sizes(), torch::IntArrayRef({seeds.size(), 24, 8}));
  EXPECT_EQ(seeds.names.size(), static_cast<std::size_t>(seeds.size()));
  for (std::int64_t i = 0; i < seeds.size(); ++i) {
    int found = 0;
    for (std::size_t k = 0; k < 3; ++k) {  // neither the held-out one nor the mirror image; begins with two beats
      for (std::int64_t start = 0; start + 24 <= passages[k].in_beats.size(0); start += 12) {
        found += torch::equal(seeds.latents[i], passages[k].in_beats.narrow(0, start, 24)) ? 1 : 0;
      }
    }
    EXPECT_GE(found, 1) << "seed " << i;
  }
}

TEST_F(CorpusMoves, WithoutALongEnoughClipThereAreNoSeeds) {
  for (Passage& p : passages) p.held_out = true;
  EXPECT_THROW(move_seeds(passages, recipe), Error);
  const model::Recipe frames = model::parse_recipe(model::test::kTinyFrames, "tiny.toml");
  EXPECT_THROW(frame_seeds(passages, frames), Error);
}

}  // namespace
}  // namespace ombra::train
