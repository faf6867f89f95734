// Weights of Keras become a model folder that dances: with the scale and the beginnings of a data set, and without one.
#include "train/import_keras.hpp"

#include "core/error.hpp"
#include "footage/data/data_set.hpp"
#include "model/dancers/generator.hpp"
#include "model/keras_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using model::test::Array;
using model::test::Folder;
using model::test::Keras;
using model::test::Small;

constexpr int kFrames = 60;

// Binary footage of a bar that wanders to and fro.
void write_footage(const fs::path& file, int width, int height) {
  DataTable table;
  table.fps = 10.0;
  table.width = width, table.height = height;
  table.picture = PictureKind::kBinary;
  DataClip clip;
  clip.name = "a bar", clip.source = "drawn by a test", clip.licence = "CC0", clip.beat_source = "none";
  clip.fps = table.fps, clip.length = kFrames;
  table.clips = {clip};
  Pose2 unknown;
  unknown.fill({NAN, NAN});
  table.pose.assign(kFrames, unknown);
  table.beat.assign(kFrames, NAN);
  table.energy.assign(kFrames, 1.0f);
  write_data_set(file, table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
    const auto pixels = static_cast<std::size_t>(width * height);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const double time = static_cast<double>(first) + static_cast<double>(i / pixels);
      const double centre = width * (0.5 + 0.3 * std::sin(0.3 * time));
      pictures[i] = std::abs(static_cast<double>(i % static_cast<std::size_t>(width)) - centre) < 3.0 ? 0 : 255;
    }
  });
}

struct Imported {
  Folder folder;
  ImportOptions options;

  explicit Imported(const std::string& version = "2.15.0") {
    Small small;
    small.picture = "binary";
    small.memory = "window";
    Keras keras;
    small.plain_encoder(keras, Array({small.height, small.width, 1}));
    small.plain_decoder(keras, Array({small.code}));
    small.plain_dancer(keras, Array({1, small.code}));
    model::test::write_keras(folder / "all.h5", keras.stored(), {.version = version});
    std::string text = small.recipe().text;
    const std::string as_it_is = "scaling = \"none\"";
    text.replace(text.find(as_it_is), as_it_is.size(), "scaling = \"minmax\"");
    std::ofstream(folder / "small.toml") << text;
    write_footage(folder / "data.safetensors", static_cast<int>(small.width), static_cast<int>(small.height));
    options.weights = {folder / "all.h5"};
    options.recipe = (folder / "small.toml").string();
    options.output = folder / "model";
  }
};

// Two seconds of the dance: does every number stay finite, and is it drawn?
void expect_dances(const fs::path& folder) {
  model::Generator generator(folder, "cpu", 1);
  std::vector<float> latents(static_cast<std::size_t>(generator.info().latent_size * generator.dancers()), NAN);
  for (int i = 0; i < 60; ++i) {
    const model::Timestamp timestamp{i / 30.0, i / 15.0};
    generator.advance(timestamp, {});
    generator.pull(timestamp, {}, latents);
    for (const float x : latents) ASSERT_TRUE(std::isfinite(x)) << "frame " << i;
  }
}

TEST(ImportKeras, ScaleAndBeginningsComeFromTheData) {
  Imported i;
  i.options.data = i.folder / "data.safetensors";
  const std::string report = import_keras(i.options);
  EXPECT_NE(report.find("all.h5: encoder and decoder and dancer, 3 layers\n"), std::string::npos) << report;
  EXPECT_EQ(report.find("random"), std::string::npos) << report;
  EXPECT_EQ(report.find("piecewise"), std::string::npos) << report;
  model::Model m = model::load_model(i.folder / "model", torch::kCPU);
  EXPECT_EQ(m.seeds.names.front(), "a bar");
  EXPECT_NE(m.metadata.at("credits").find("a bar: CC0; drawn by a test"), std::string::npos);
  EXPECT_EQ(m.metadata.at("imported"), "all.h5");
  const torch::Tensor scaled = m.dancer->scaled(m.seeds.latents.to(torch::kFloat));
  EXPECT_GT(scaled.min().item<double>(), -0.02) << "minmax: the data's codes lie between 0 and 1";
  EXPECT_LT(scaled.max().item<double>(), 1.02);
  expect_dances(i.folder / "model");
}

TEST(ImportKeras, WithoutDataItSaysWhatIsRandomAndDances) {
  Imported i("2.2.4");
  const std::string report = import_keras(i.options);
  EXPECT_NE(report.find("are random numbers; --data takes them from footage\n"), std::string::npos) << report;
  EXPECT_NE(report.find("piecewise linear (hard_sigmoid, Keras 2.2.4)"), std::string::npos) << report;
  const model::Model m = model::load_model(i.folder / "model", torch::kCPU);
  EXPECT_EQ(m.seeds.names.front(), "random numbers");
  EXPECT_GT(m.mean_speed, 0.0);
  expect_dances(i.folder / "model");
}

TEST(ImportKeras, LeavesNothingBehindWhenAFileDoesNotFit) {
  Imported i;
  i.options.weights = {i.folder / "small.toml"};
  EXPECT_THROW(import_keras(i.options), Error);
  i.options.weights = {i.folder / "all.h5", i.folder / "all.h5"};
  EXPECT_THROW(import_keras(i.options), Error);
  EXPECT_FALSE(fs::exists(i.folder / "model"));
}

}  // namespace
}  // namespace ombra::train
