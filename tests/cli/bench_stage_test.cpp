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

}  // namespace
}  // namespace ombra
