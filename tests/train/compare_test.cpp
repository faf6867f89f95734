// All systems side by side: two tiny ones, and a folder that is none.
#include "evaluate/compare.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "model/figure/safetensors.hpp"
#include "train/tiny_world.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ombra::train {
namespace {

using namespace test;
using nlohmann::json;

// As the published systems are: wide binary pictures, few a second, squares as losses, a window of codes.
constexpr const char* kTinyBinary = R"(name = "tiny-binary"
kind = "frames"
semantics = "keras"
[frames]
width = 20
height = 16
fps = 10.0
picture = "binary"
[painter]
code = 8
guided = false
loss = "mse"
encoder = [
  { layer = "flatten" },
  { layer = "dense", out = 8 },
]
decoder = [
  { layer = "dense", out = 320, activation = "sigmoid" },
  { layer = "reshape", shape = [1, 16, 20] },
]
[painter.train]
steps = 200
batch = 16
rate = 1e-2
warmup = 2
[dancer]
loss = "mse"
memory = "window"
context = 3
layers = [
  { layer = "lstm", out = 8 },
  { layer = "dense", out = 8 },
]
[dancer.train]
steps = 12
batch = 4
window = 3
warmup = 2
)";

CompareOptions options_of(std::vector<fs::path> models, const std::string& output) {
  CompareOptions o;
  o.models = std::move(models);
  o.data = g_folder / "data.safetensors";
  o.output = g_folder / output;
  o.frames = 16 * 150;
  o.pictures = 40;
  return o;
}

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    count += text.substr(at, end - at).find(part) != std::string::npos ? 1 : 0;
    at = end + 1;
  }
  return count;
}

TEST(Compare, TwoSystemsAndABrokenFolderSideBySide) {
  const fs::path broken = g_folder / "broken";
  fs::create_directories(broken);
  fs::copy_file(model_of("moves") / "recipe.toml", broken / "recipe.toml");
  const CompareOptions o = options_of({model_of("moves"), broken, model_of("frames")}, "comparison");
  const std::string text = compare(o);
  EXPECT_EQ(text, read_text(o.output / "comparison.md"));
  EXPECT_EQ(lines_with(text, "| model-moves |"), 3u) << text << "networks, dance at 1 and at 0.6";
  EXPECT_EQ(lines_with(text, "| model-frames |"), 3u);
  EXPECT_EQ(lines_with(text, "| broken | not judged: "), 1u);
  EXPECT_EQ(lines_with(text, "weights.safetensors: cannot read"), 1u) << "and why";
  EXPECT_EQ(lines_with(text, "real dance"), 2u);

  const json report = json::parse(read_text(o.output / "comparison.json"));
  EXPECT_GT(report["real"]["held_out"]["frechet"].get<double>(), 0.0);
  EXPECT_NEAR(report["real"]["training"]["speed"].get<double>(), 1.0, 1e-6);
  EXPECT_NEAR(report["real"]["training"]["frechet"].get<double>(), 0.0, 1e-3) << "real dance against itself";
  EXPECT_LT(report["real"]["training"]["frozen"].get<double>(), 0.1);
  EXPECT_GT(report["picture_space"]["explained"].get<double>(), 0.8);
  ASSERT_EQ(report["systems"].size(), 3u);
  EXPECT_FALSE(report["systems"][1]["failure"].get<std::string>().empty());
  for (const std::size_t i : {0u, 2u}) {
    const json& s = report["systems"][i];
    SCOPED_TRACE(s.dump());
    EXPECT_TRUE(s["painter"]["accuracy"].is_number());
    EXPECT_TRUE(s["painter"]["iou"].is_number());
    EXPECT_EQ(s["painter"]["pictures"], 40);
    EXPECT_GT(s["painter"]["loss"].get<double>(), 0.0);
    EXPECT_GT(s["painter"]["edge_px"].get<double>(), 0.0);
    EXPECT_TRUE(std::isfinite(s["dancer"]["loss"].get<double>()));
    EXPECT_TRUE(s["dancer"]["accuracy"].is_null()) << "neither predicts codes by their squares";
    EXPECT_GT(s["parameters"].get<int>(), s["painter_parameters"].get<int>());
    ASSERT_EQ(s["dance"].size(), 2u);
    EXPECT_EQ(s["dance"][0]["temperature"], 1.0);
    for (const json& d : s["dance"]) {
      EXPECT_TRUE(d["finite"].get<bool>());
      EXPECT_GT(d["frechet"].get<double>(), 0.0);
      EXPECT_TRUE(d["frozen"].is_number());
      EXPECT_GT(d["nearest"].get<double>(), 0.0);
    }
    EXPECT_GE(s["jumps_a_minute"].get<double>(), 0.0);
    EXPECT_GT(s["cost"]["picture_ms"].get<double>(), 0.0);
    EXPECT_LE(s["cost"]["lowest_ms"], s["cost"]["picture_ms"]);
    EXPECT_LE(s["cost"]["picture_ms"], s["cost"]["highest_ms"]);
    EXPECT_GT(s["cost"]["steps_per_second"].get<double>(), 1.0);
    EXPECT_TRUE(s["trained_s"]["painter"].is_number());
    EXPECT_GT(s["steps"]["painter"].get<int>(), 0);
  }
  for (const char* sheet : {"overview.png", "model-moves/reconstruction.png", "model-moves/dance.png",
                            "model-frames/reconstruction.png", "model-frames/dance.png"}) {
    EXPECT_GT(fs::file_size(o.output / sheet), 500u) << sheet;
  }
}

TEST(Compare, APublishedKindOfSystemHasThePapersFigures) {
  write_atomically(g_folder / "binary.toml", kTinyBinary);
  ASSERT_TRUE(train(options("binary", "model-binary")));
  const CompareOptions o = options_of({model_of("binary")}, "comparison-binary");
  const std::string text = compare(o);
  EXPECT_NE(text.find("20x16 binary, 10 a second"), std::string::npos) << text;
  const json s = json::parse(read_text(o.output / "comparison.json"))["systems"][0];
  SCOPED_TRACE(s.dump());
  EXPECT_GT(s["painter"]["accuracy"].get<double>(), 0.85);
  EXPECT_LT(s["painter"]["loss"].get<double>(), 0.15) << "squares of light, a pixel";
  EXPECT_GT(s["painter"]["iou"].get<double>(), 0.2);
  EXPECT_EQ(s["dancer"]["unit"], "mse");
  EXPECT_TRUE(s["dancer"]["accuracy"].is_number());
  ASSERT_EQ(s["dance"].size(), 1u) << "it has no temperature";
  EXPECT_TRUE(s["dance"][0]["temperature"].is_null());
  EXPECT_TRUE(std::isfinite(s["dance"][0]["frechet"].get<double>()));
  EXPECT_NEAR(s["cost"]["steps_per_second"].get<double>(), 10.0, 2.0);
}

TEST(Compare, WhenNoModelCanBeReadItSaysWhy) {
  try {
    compare(options_of({g_folder / "nowhere"}, "comparison-of-none"));
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("none of the models could be judged"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("nowhere"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace ombra::train
