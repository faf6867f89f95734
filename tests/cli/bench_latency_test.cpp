// Runs `ombra bench latency` against a sound server of its own. The limits are generous: the machine may be busy.

#include "audio/pulse_sink.hpp"
#include "core/file.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;

int run(const std::string& words, const fs::path& folder) {
  const std::string command = std::string(OMBRA_PROGRAM) + " bench latency " + words + " >" +
                              (folder / "out").string() + " 2>" + (folder / "err").string() + " </dev/null";
  const int code = std::system(command.c_str());
  return WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

// -> the model to dance with, or empty
fs::path model() {
  const char* given = std::getenv("OMBRA_TEST_MODEL");
  const fs::path folder = given ? fs::path(given) : fs::path(OMBRA_SOURCE) / "models/ombra";
  return fs::exists(folder / "weights.safetensors") ? folder : fs::path();
}

TEST(BenchLatency, SaysThatThereIsNoSoundServer) {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_bench_latency";
  fs::create_directories(folder);
  const char* before = std::getenv("PULSE_SERVER");
  const std::string kept = before ? before : "";
  ::setenv("PULSE_SERVER", "unix:/nowhere/native", 1);
  EXPECT_EQ(run("--clicks 1", folder), 1);
  kept.empty() ? ::unsetenv("PULSE_SERVER") : ::setenv("PULSE_SERVER", kept.c_str(), 1);
  const std::string said = read_text(folder / "err");
  EXPECT_NE(said.find("sound server"), std::string::npos) << said;
  EXPECT_NE(said.find("hint:"), std::string::npos) << said;
  EXPECT_EQ(run("--clicks 0", folder), 2);
  fs::remove_all(folder);
}

TEST(BenchLatency, AnswersClicksAndSplitsTheTime) {
  if (model().empty()) GTEST_SKIP() << "no model in " << OMBRA_SOURCE << "/models/ombra";
  std::string why;
  const auto server = test::PulseSink::start(why);
  if (!server) GTEST_SKIP() << why;
  const fs::path json = server->folder() / "latency.json";
  ASSERT_EQ(run("--clicks 8 --size 320x180 --model " + model().string() + " --json " + json.string(), server->folder()),
            0)
      << read_text(server->folder() / "err");
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
  std::printf("%s", read_text(server->folder() / "out").c_str());
}

}  // namespace
}  // namespace ombra
