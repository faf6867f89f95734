// `ombra bench stage`: its figures are there and make sense, and the desk's window costs the picture next to nothing.

#include "audio/pulse_sink.hpp"
#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace ombra {
namespace {

class BenchStage : public test::ProgramTest {
 protected:
  void SetUp() override {
    if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
    if (test::find_program("Xorg").empty()) GTEST_SKIP() << "Xorg is not installed";
  }
  // -> the rows by their names; a desktop of the user's is left alone
  std::map<std::string, double> measure(const std::string& words) {
    const auto json = folder / "stage.json";
    const test::Outcome done = run("bench stage --size 640x360 " + words + " --json " + json.string(),
                                   "env -u DISPLAY -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER");
    EXPECT_EQ(done.status, 0) << done.text();
    std::map<std::string, double> rows;
    if (done.status != 0) return rows;
    const auto told = nlohmann::json::parse(read_text(json));
    for (const auto& row : told["rows"])
      rows[row["section"].get<std::string>() + ": " + row["name"].get<std::string>()] = row["median"];
    EXPECT_FALSE(test::says(done, "not measured here")) << done.text();
    return rows;
  }
};

TEST_F(BenchStage, MeasuresWindowsMappingsAndPixelsOut) {
  const auto rows = measure("--parts 1 --seconds 3 --pictures 2");
  std::map<std::string, int> of_section;
  for (const auto& [name, value] : rows) {
    EXPECT_GT(value, 0.0) << name;
    ++of_section[name.substr(0, name.find(':'))];
  }
  EXPECT_EQ(of_section["stage_windows"], 8);
  EXPECT_GE(of_section["stage_mapping"], 8);
  EXPECT_GE(of_section["stage_sharing"], 3);
}

// Both kinds of shows meet the same machine in one run. What else runs there may hit one of them: three tries. A
// graphics card draws the desk beside the picture; a processor with two cores has been seen to need 1.4 times as long
// for its slowest frames in a hundred (2.2 before the desk was drawn in strips).
TEST_F(BenchStage, TheDesksWindowCostsThePictureNoRefresh) {
  double median = 0.0, slowest = 0.0;
  for (int tries = 0; tries < 3; ++tries) {
    const auto rows = measure("--no-mapping --no-sharing --parts 2 --seconds 5");
    const auto row = [&](const std::string& name) {
      const auto its = rows.find("stage_windows: " + name);
      return its == rows.end() ? 0.0 : its->second;
    };
    median = row("with the desk in a window of its own, at its pace, p50") / row("the picture alone, at its pace, p50");
    slowest = row("the desk's window: ratio of p99, at its pace");
    EXPECT_GT(median, 0.5);
    EXPECT_GT(slowest, 0.5);
    if (median < 1.1 && slowest < 1.8) return;
  }
  EXPECT_LT(median, 1.1);
  EXPECT_LT(slowest, 1.8);
}

}  // namespace
}  // namespace ombra
