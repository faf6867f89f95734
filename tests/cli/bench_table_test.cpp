// `ombra bench`: the table is there, as text and as JSON, and its figures make sense; how large they are is the
// machine's affair.

#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;

class BenchTable : public test::ProgramTest {};

TEST_F(BenchTable, MeasuresNetworksOursBesideThePublished) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const test::Outcome ran = run("bench --quick --sections networks --json " + (folder / "bench.json").string());
  ASSERT_EQ(ran.status, 0) << ran.text();
  const auto all = nlohmann::json::parse(read_text(folder / "bench.json"));
  EXPECT_NE(all["machine"]["processor"], "");
  double cheaper = 0.0;
  int published_steps = 0, published_decoders = 0;
  for (const auto& row : all["rows"]) {
    const std::string section = row["section"], name = row["name"];
    EXPECT_GT(row["median"], 0.0) << row;
    if (row.contains("p5")) {
      EXPECT_LE(row["p5"], row["p95"]) << row;
    }
    EXPECT_NE(ran.out.find(name), std::string::npos) << name;
    if (section == "published" && name.find("LibTorch") != std::string::npos) ++published_steps;
    if (section == "decode" && name.rfind("ours", 0) != 0) ++published_decoders;
    if (name == "how many times cheaper ours is") cheaper = row["median"];
  }
  EXPECT_GE(published_steps, 9);
  EXPECT_GE(published_decoders, 9);
  EXPECT_GE(cheaper, 10.0);  // both sides run in turn on the same machine, so this holds on a busy one, too
}

TEST_F(BenchTable, DecodesEveryRecipeInOpenGl) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const test::Outcome ran = run("bench --quick --sections decode --json " + (folder / "bench.json").string());
  ASSERT_EQ(ran.status, 0) << ran.text();
  int decoded = 0;
  const auto all = nlohmann::json::parse(read_text(folder / "bench.json"));
  for (const auto& row : all["rows"]) {
    EXPECT_EQ(row["section"], "decode_gl");
    EXPECT_GT(row["median"], 0.0) << row;
    decoded += row.contains("p5") ? 1 : 0;
  }
  EXPECT_GE(decoded, 3 + 10) << "ours for 1, 4 and 16 dancers, and the other recipes";
}

TEST_F(BenchTable, MeasuresAShowOfItsOwn) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const test::Outcome ran = run("bench --quick --sections show --json " + (folder / "bench.json").string());
  ASSERT_EQ(ran.status, 0) << ran.text();
  const auto rows = nlohmann::json::parse(read_text(folder / "bench.json"))["rows"];
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_GT(rows[0]["median"], 0.1) << "nobody loads LibTorch faster";
  EXPECT_LT(rows[1]["median"], 700.0) << "MB: the budget of memory";
}

TEST_F(BenchTable, MeasuresDrawingAndWholeFrames) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const test::Outcome ran = run("bench --quick --sections draw,frame --json " + (folder / "bench.json").string());
  ASSERT_EQ(ran.status, 0) << ran.text();
  std::map<std::string, double> median;
  const auto all = nlohmann::json::parse(read_text(folder / "bench.json"));
  for (const auto& row : all["rows"]) median[row["name"]] = row["median"];
  for (const char* look : {"lantern", "neon", "paper"}) {
    EXPECT_GT(median[look + std::string(" 1280x720, finished")], 0.0) << look;
    EXPECT_GT(median[look + std::string(" 3840x2160, graphics")], median[look + std::string(" 1280x720, graphics")]);
  }
  EXPECT_GT(median["1280x720 uncapped, frames a second"], 1.0);
  EXPECT_GE(median["1280x720 at its pace, p99"], median["1280x720 at its pace, p50"]);
  EXPECT_GE(median["1280x720 at its pace, resolution in the end"], 40.0);
}

TEST_F(BenchTable, KnowsItsSections) {
  const test::Outcome ran = run("bench --sections nets");
  EXPECT_EQ(ran.status, 2) << ran.text();
  EXPECT_NE(ran.err.find("networks"), std::string::npos) << ran.text();
  const fs::path file = folder / "figures.md";
  EXPECT_EQ(run("bench --sections latency,nets --write " + file.string()).status, 2);
  EXPECT_EQ(run("bench --write " + file.string() + " latency").status, 2) << "--sections says what is written";
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(BenchTable, WritesOneSectionOfTheFileOfFigures) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const fs::path file = folder / "figures.md";
  write_atomically(file, "# Measured figures\n\nhead\n\n## Latency\n\nas measured elsewhere\n");
  const test::Outcome ran = run("bench --quick --sections show --write " + file.string());
  ASSERT_EQ(ran.status, 0) << ran.text();
  const std::string text = read_text(file);
  EXPECT_EQ(text.find("# Measured figures\n\nhead\n\n## All costs\n"), 0u) << text;
  const std::string kept = "## Latency\n\nas measured elsewhere\n";
  ASSERT_NE(text.find(kept), std::string::npos) << text;
  EXPECT_EQ(text.find(kept), text.size() - kept.size()) << text;
  for (const char* part : {"\n### Start and memory\n", "\nMeasured: ombra ", "`--quick`", "| memory held in RAM | "})
    EXPECT_TRUE(test::has(text, part)) << part << " in\n" << text;
  EXPECT_FALSE(test::has(text, "### Networks")) << text;
}

TEST_F(BenchTable, SaysInTheFileWhatCannotBeMeasuredHere) {
  const fs::path file = folder / "figures.md";
  const std::string words = "bench --quick --sections latency --write " + file.string();
  const std::string no_server = "PULSE_SERVER=unix:/nowhere/native";
  const test::Outcome ran = run(words, no_server);
  ASSERT_EQ(ran.status, 0) << ran.text();
  EXPECT_TRUE(test::has(read_text(file), "\n## Latency\n")) << read_text(file);
  EXPECT_TRUE(test::has(read_text(file), "\nNot measured here: sound server")) << read_text(file);
  const std::string old = "# Measured figures\n\nhead\n\n## Latency\n\nas measured elsewhere\n";
  write_atomically(file, old);
  ASSERT_EQ(run(words, no_server).status, 0);
  EXPECT_EQ(read_text(file), old);
}

TEST_F(BenchTable, WritesFiguresOverNothingElse) {
  const fs::path model = folder / "model";
  fs::create_directories(model);
  write_atomically(model / "figures.md", "# Measured figures\n");
  const std::string input = (model / "figures.md").string();
  EXPECT_EQ(run("bench --sections show --model " + model.string() + " --write " + input).status, 2) << "an input";
  EXPECT_EQ(read_text(input), "# Measured figures\n");
  write_atomically(folder / "letter.md", "# Dear friend\n");
  EXPECT_EQ(run("bench --sections show --write " + (folder / "letter.md").string()).status, 2) << "not of ours";
  EXPECT_EQ(read_text(folder / "letter.md"), "# Dear friend\n");
}

}  // namespace
}  // namespace ombra
