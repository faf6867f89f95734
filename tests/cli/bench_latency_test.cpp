// Runs `ombra bench latency` against a sound server of its own. The limits are generous: the machine may be busy.

#include "audio/pulse_sink.hpp"
#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

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

constexpr const char* kParts[] = {"capture", "analysis", "wait", "draw", "present"};

double sum_of(const nlohmann::json& measured, const char* figure) {
  double sum = 0.0;
  for (const std::string part : kParts) sum += measured[part + "_ms"][figure].get<double>();
  return sum;
}

class HeardLatency : public BenchLatency {
 protected:
  void SetUp() override {
    model_ = test::shipped_model();
    if (model_.empty()) GTEST_SKIP() << "no model";
    std::string why;
    server_ = test::PulseSink::start(why);
    if (!server_) GTEST_SKIP() << why;
  }
  // -> what was measured; null where no click was answered
  nlohmann::json measured(int clicks) const {
    const fs::path json = folder / "latency.json";
    fs::remove(json);
    const test::Outcome done = run("bench latency --size 320x180 --clicks " + std::to_string(clicks) + " --model " +
                                   model_.string() + " --json " + json.string());
    EXPECT_TRUE(done.status == 0 || says(done, "no picture answered")) << done.err;
    if (done.status != 0) return nullptr;
    const auto all = nlohmann::json::parse(read_text(json));
    EXPECT_EQ(all.size(), 1u);
    std::printf("%s", done.out.c_str());
    return all[0];
  }

  fs::path model_;
  std::unique_ptr<test::PulseSink> server_;
};

TEST_F(HeardLatency, AnswersClicks) {
  const auto m = measured(8);
  ASSERT_TRUE(m.is_object());
  EXPECT_EQ(m["clicks"], 8) << m;
  EXPECT_GE(m["answered"], 6) << m;
  EXPECT_GT(m["sum_ms"]["least"], 0.0) << m;
  EXPECT_LT(m["sum_ms"]["median"], 150.0) << m;
  // no click is quicker than the quickest of all parts, nor slower than the slowest
  EXPECT_LE(sum_of(m, "least"), m["sum_ms"]["least"].get<double>() + 1e-6) << m;
  EXPECT_GE(sum_of(m, "most"), m["sum_ms"]["most"].get<double>() - 1e-6) << m;
}

TEST_F(HeardLatency, ThePartsOfAClickAreItsWholeWay) {
  nlohmann::json m;
  for (int attempt = 0; attempt < 3 && !m.is_object(); ++attempt) m = measured(1);
  ASSERT_TRUE(m.is_object()) << "three clicks, none of them answered";
  ASSERT_EQ(m["answered"], 1) << m;
  EXPECT_NEAR(sum_of(m, "median"), m["sum_ms"]["median"].get<double>(), 1e-6) << m;
}

}  // namespace
}  // namespace ombra
