// Runs `ombra bench latency` against a sound server of its own. The limits are generous: the machine may be busy.

#include "audio/pulse_sink.hpp"
#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;

class BenchLatency : public test::ProgramTest {};

TEST_F(BenchLatency, SaysThatThereIsNoSoundServer) {
  const char* before = std::getenv("PULSE_SERVER");
  const std::string kept = before ? before : "";
  ::setenv("PULSE_SERVER", "unix:/nowhere/native", 1);
  EXPECT_EQ(run("bench latency --clicks 1").status, 1);
  kept.empty() ? ::unsetenv("PULSE_SERVER") : ::setenv("PULSE_SERVER", kept.c_str(), 1);
  const std::string said = read_text(folder / "stderr");
  EXPECT_NE(said.find("sound server"), std::string::npos) << said;
  EXPECT_NE(said.find("hint:"), std::string::npos) << said;
  EXPECT_EQ(run("bench latency --clicks 0").status, 2);
}

TEST_F(BenchLatency, AnswersClicksAndSplitsTheTime) {
  const fs::path model = test::shipped_model();
  if (model.empty()) GTEST_SKIP() << "no model";
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  const fs::path json = folder / "latency.json";
  ASSERT_EQ(
      run("bench latency --clicks 8 --size 320x180 --model " + model.string() + " --json " + json.string()).status, 0)
      << read_text(folder / "stderr");
  const auto all = nlohmann::json::parse(read_text(json));
  ASSERT_EQ(all.size(), 1u);
  const auto& m = all[0];
  EXPECT_EQ(m["clicks"], 8) << m;
  EXPECT_GE(m["answered"], 6) << m;
  double parts = 0.0;
  for (const char* part : {"capture", "analysis", "wait", "draw", "present"}) {
    parts += m[std::string(part) + "_ms"]["median"].get<double>();
  }
  EXPECT_NEAR(parts, m["sum_ms"]["median"].get<double>(), 25.0) << m;
  EXPECT_GT(m["sum_ms"]["least"], 0.0) << m;
  EXPECT_LT(m["sum_ms"]["median"], 150.0) << m;
  std::printf("%s", read_text(folder / "stdout").c_str());
}

}  // namespace
}  // namespace ombra
