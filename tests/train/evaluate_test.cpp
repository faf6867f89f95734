// Evaluating a dancer: the tables of a tiny one, and a minute of the one that Ombra ships.
#include "evaluate/evaluate.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/prepare/prepare.hpp"
#include "train/tiny_world.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ombra::train {
namespace {

using namespace test;

TEST(Evaluate, WritesTheTablesAndTheSheets) {
  for (const std::string kind : {"moves", "frames"}) {
    EvaluateOptions o;
    o.model = model_of(kind);
    o.data = g_folder / "data.safetensors";
    o.output = g_folder / ("evaluation-" + kind);
    o.frames = 16 * 90;
    o.temperatures = {0.8};
    o.dance_only = kind == "frames";
    const std::string text = evaluate(o);
    EXPECT_EQ(text, read_text(o.output / "evaluation.md"));
    const auto report = nlohmann::json::parse(read_text(o.output / "evaluation.json"));
    ASSERT_EQ(report["dance"].size(), 1u);
    const auto& dance = report["dance"][0];
    EXPECT_EQ(dance["frames"], 16 * 90);
    EXPECT_TRUE(dance["finite"].get<bool>());
    // what they are worth is known of made-up dances (figures_test.cpp, parts_test.cpp)
    for (const char* share : {"frozen", "aligned", "shifted", "broken"}) EXPECT_TRUE(dance[share].is_number()) << share;
    EXPECT_EQ(dance["new_phrases"].is_number(), kind == "moves") << "frames have no moves";
    EXPECT_GT(dance["frechet"].get<double>(), 0.0);
    EXPECT_GT(dance["nearest"].get<double>(), 0.0);
    EXPECT_EQ(report["energy"].size(), 5u);
    EXPECT_GT(report["real"]["frechet_held_out"].get<double>(), 0.0);
    EXPECT_GT(fs::file_size(o.output / "dance_0.8.png"), 1000u);
    for (const auto& e : report["energy"]) EXPECT_GT(e["size"].get<double>(), 0.0);
    EXPECT_EQ(report.contains("tempi"), kind == "moves") << "frames know no beat";
    if (o.dance_only) continue;
    ASSERT_EQ(report["tempi"].size(), 10u) << "five tempi, loose and tight";
    for (const auto& t : report["tempi"]) EXPECT_GT(t["aligned"].get<double>(), 0.0);
    for (const char* way : {"encoder", "closely"}) {
      const auto& r = report["reconstruction"][way];
      EXPECT_TRUE(r["iou"].is_number());
      EXPECT_GT(r["outline_error_px_1080"].get<double>(), 0.0);
    }
    EXPECT_GE(report["reconstruction"]["closely"]["iou"], report["reconstruction"]["encoder"]["iou"])
        << "looking closely helps";
    EXPECT_TRUE(fs::exists(o.output / "reconstruction.png"));
  }
}

TEST(Evaluate, ADataSetThatHoldsNothingOutIsRefused) {
  PrepareOptions footage;
  footage.inputs = {g_folder / "in/other.trc"};
  footage.output = g_folder / "all.safetensors";
  footage.size = 16;
  footage.yaws = {0.0};
  footage.mirror = false;
  prepare(footage);
  EvaluateOptions o;
  o.model = model_of("moves");
  o.data = footage.output;
  o.output = g_folder / "evaluation-all";
  try {
    evaluate(o);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("hint: ombra prepare --hold-out"), std::string::npos) << e.what();
  }
}

TEST(Shipped, DancesForAMinute) {
  const fs::path folder = fs::path(OMBRA_SOURCE) / "models" / "ombra";
  if (!fs::exists(folder / "weights.safetensors")) GTEST_SKIP() << "models/ombra is not in this tree";
  EXPECT_LE(fs::file_size(folder / "weights.safetensors"), 24'000'000u);
  Generator g(folder, "cpu", 1);
  DanceControls c;
  const auto frames = danced(g, 3600, c);
  int still = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_TRUE(finite(frames[i])) << "frame " << i;
  for (std::size_t second = 0; second < 60; ++second) {
    double way = 0.0;
    for (std::size_t i = second * 60 + 1; i < (second + 1) * 60; ++i) way += apart(frames[i], frames[i - 1]);
    still += way < 0.5 ? 1 : 0;  // the whole code has a spread of about five
  }
  EXPECT_LE(still, 6) << "seconds in which it hardly moves";
  FieldImage image;
  std::vector<float> figure(static_cast<std::size_t>(g.info().figure_size));
  g.embody(frames.back(), 60.0, {}, figure);
  g.decode(figure, 96, image);
  const auto inside = std::count_if(image.distance.begin(), image.distance.end(), [](float d) { return d < 0.0f; });
  EXPECT_GT(inside, 96 * 96 / 40) << "a body is seen";
  EXPECT_LT(inside, 96 * 96 / 3);
}

}  // namespace
}  // namespace ombra::train
