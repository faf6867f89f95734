// An ear that learns to hear clicks: beats among others that are softer, bars by their colour.

#include "core/error.hpp"
#include "model/figure/network_layout.hpp"
#include "model/layers/tensors.hpp"
#include "temp_folder.hpp"
#include "train/ear/ear_batch.hpp"
#include "train/ear/ear_job.hpp"
#include "train/ear/train_ear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <set>

namespace ombra::train {
namespace {

using audio::EarBands;
using audio::EarSequence;

constexpr const char* kRecipe = R"(# without memory: what a click is can be told at once
name = "small"
kind = "ear"
[ear]
delay = 0
layers = [
  { layer = "dense", out = 24, activation = "silu" },
  { layer = "dense", out = 24, activation = "silu" },
  { layer = "dense", out = 43 },
]
[ear.train]
steps = 300
batch = 8
window = 400
rate = 1e-2
warmup = 10
)";

// Clicks on beats, each bar's first one in other bands; between them soft ones.
EarSequence clicks(int period, int hops, const char* split, Rng& rng) {
  EarSequence s;
  s.about.source = "clicks", s.about.split = split, s.about.length = hops;
  s.bands.assign(static_cast<std::size_t>(hops) * EarBands::kBands, 8);
  const int first = rng.below(period);
  for (int t = 0; t < hops; ++t) {
    const int since = t - first + 4 * period, beat = since / period;
    s.place.push_back(static_cast<float>(beat % 4) + static_cast<float>(since % period) / static_cast<float>(period));
    s.beats_per_bar.push_back(4);
    const bool on = since % period == 0, off = since % period == period / 2;
    for (std::size_t band = 0; band < EarBands::kBands && (on || off); ++band) {
      const bool low = band < 12;
      s.bands[static_cast<std::size_t>(t) * EarBands::kBands + band] = off ? 30 : low == (beat % 4 == 0) ? 120 : 20;
    }
  }
  return s;
}

class Ear : public ombra::test::FolderTest {
 protected:
  void SetUp() override {
    Rng rng(3);
    std::vector<EarSequence> all;
    for (int i = 0; i < 24; ++i) all.push_back(clicks(35 + 2 * i, 900, i % 4 == 3 ? "validation" : "train", rng));
    audio::write_ear_material(folder / "clicks.safetensors", all);
    std::ofstream(folder / "ear.toml") << kRecipe;
  }
  TrainOptions options(const char* output) const {
    TrainOptions options{.recipe = (folder / "ear.toml").string(),
                         .data = folder / "clicks.safetensors",
                         .output = folder / output,
                         .bodies = {},
                         .without = {},
                         .from = {},
                         .keep = {},
                         .person = {}};
    options.clock = [] { return 0.0; };  // which setting is the fastest is not left to the machine
    return options;
  }
};

TEST_F(Ear, LearnsBeatsAndBarsOfClicksItHasNotHeard) {
  ASSERT_TRUE(train_ear(options("made")));
  const model::SafetensorsFile file(folder / "made" / "weights.safetensors");
  const model::Recipe recipe = model::read_ear_recipe(folder / "made" / "recipe.toml");
  model::Network network(model::ear_network(recipe));
  model::load_module(file, "ear", *network);
  EXPECT_EQ(file.metadata().at("learned_from"), "clicks \n") << "what it has heard, source and group";
  const auto material = std::make_shared<const audio::EarMaterial>(folder / "clicks.safetensors");
  const auto figures = ear_job(recipe, network, material).validate();
  ASSERT_EQ(figures.size(), 6u);
  EXPECT_GT(figures[4].second, 0.95) << figures[4].first;
  EXPECT_GT(figures[5].second, 0.9) << figures[5].first;
}

TEST_F(Ear, TellsABeatSoLateAsItsRecipeSays) {
  const model::Recipe recipe = model::read_ear_recipe(folder / "ear.toml");
  model::Network network(model::ear_network(recipe));
  const auto material = std::make_shared<const audio::EarMaterial>(folder / "clicks.safetensors");
  Rng rng(1);
  const EarBatch batch = EarDraw(material, "train").batch(rng, 4, 400, 2, false);
  const torch::Tensor rises = ear_inputs(batch.bands).narrow(2, 38, 38).sum(2);  // [B, T]
  int beats = 0;
  for (std::int64_t b = 0; b < 4; ++b) {
    for (std::int64_t t = 10; t < 400; ++t) {
      if (batch.targets[b][t][0].item<float>() != 1.0f) continue;
      ++beats;
      EXPECT_GT(rises[b][t - 2].item<float>(), 10.0f) << "two hops before there was a click";
    }
  }
  EXPECT_GT(beats, 12);
}

// Stretched windows: the class of the tempo that is to be said is that of the beats that are to be said, and both lie
// where the clicks are.
TEST_F(Ear, AStretchedWindowHasItsBeatsAndItsTempoWhereItsClicksAre) {
  const auto material = std::make_shared<const audio::EarMaterial>(folder / "clicks.safetensors");
  Rng rng(5);
  const std::int64_t hops = 600;
  const EarBatch batch = EarDraw(material, "train").batch(rng, 32, hops, 0, true);
  std::set<int> tempi;
  for (std::int64_t b = 0; b < 32; ++b) {
    std::vector<std::int64_t> told;
    for (std::int64_t t = 0; t < hops; ++t) {
      if (batch.targets[b][t][0].item<float>() == 1.0f) told.push_back(t);
    }
    ASSERT_GE(told.size(), 4u);
    for (std::size_t i = 2; i + 2 < told.size(); ++i) {
      if (told[i] < kEarWarmUp) continue;
      const double period = static_cast<double>(told[i + 2] - told[i - 2]) / 4.0;
      const double kind = batch.tempo[b][told[i]].item<float>();
      EXPECT_NEAR(kind, model::ear_tempo_class(60.0 / (0.01 * period)), 0.5);
      tempi.insert(static_cast<int>(kind));
      const torch::Tensor around = batch.bands[b].narrow(0, told[i] - 3, 7).sum(1);
      EXPECT_NEAR(around.argmax().item<double>(), 3.0, 1.01) << "the click";
    }
  }
  EXPECT_GT(tempi.size(), 12u) << "tempi of many kinds";
}

TEST_F(Ear, WhereNoTempoIsKnownNoneIsToBeSaid) {
  Rng rng(3);
  EarSequence rest = clicks(50, 900, "train", rng);
  for (float& place : rest.place) place = std::numeric_limits<float>::quiet_NaN();
  rest.beats_per_bar.assign(rest.beats_per_bar.size(), 0);
  audio::write_ear_material(folder / "rest.safetensors", std::vector{rest});
  const auto material = std::make_shared<const audio::EarMaterial>(folder / "rest.safetensors");
  const EarBatch batch = EarDraw(material, "train").batch(rng, 2, 400, 0, true);
  EXPECT_LT(batch.tempo.max().item<float>(), 0.0f);
  EXPECT_EQ(batch.targets.sum().item<float>(), 0.0f);
  const model::Recipe recipe = model::read_ear_recipe(folder / "ear.toml");
  model::Network network(model::ear_network(recipe));
  EXPECT_TRUE(std::isfinite(ear_job(recipe, network, material).loss(rng, 0).item<float>()));
}

TEST_F(Ear, RisesAreThoseOfTwentyMilliseconds) {
  torch::Tensor bands = torch::zeros({1, 5, 38});
  bands[0][2] = 3.0f, bands[0][3] = 1.0f;
  const torch::Tensor x = ear_inputs(bands);
  ASSERT_EQ(x.sizes(), (std::vector<std::int64_t>{1, 5, 76}));
  EXPECT_EQ(x[0][2][0].item<float>(), 3.0f);
  for (const auto& [hop, rise] : {std::pair{0, 0.0f}, {2, 3.0f}, {3, 1.0f}, {4, 0.0f}})
    EXPECT_EQ(x[0][hop][38].item<float>(), rise) << hop;
}

TEST_F(Ear, AFolderHoldsOneRunAndDancersOptionsAreRefused) {
  TrainOptions o = options("made");
  o.effort = 0.02;
  ASSERT_TRUE(train_ear(o));
  o.seed = 2;
  EXPECT_THROW(train_ear(o), UsageError) << "a run with another seed lies there";
  o = options("other");
  o.keep = {"mover"};
  EXPECT_THROW(train_ear(o), UsageError);
}

TEST_F(Ear, NetworksThatDoNotGiveWhatAnEarSaysAreRefused) {
  std::string text = kRecipe;
  text.replace(text.find("out = 43"), 8, "out = 3 ");
  std::ofstream(folder / "ear.toml") << text;
  EXPECT_THROW(train_ear(options("made")), UsageError);
}

TEST_F(Ear, DancesNotAndDancersHearNot) {
  EXPECT_THROW(model::read_recipe(folder / "ear.toml"), UsageError);
  EXPECT_THROW(model::read_ear_recipe(model::find_recipe("ombra")), UsageError);
  EXPECT_TRUE(model::is_ear_recipe(folder / "ear.toml"));
  EXPECT_FALSE(model::is_ear_recipe(model::find_recipe("ombra")));
}

}  // namespace
}  // namespace ombra::train
