// `ombra bench record`: the figures are there and make sense; how large they are is the machine's affair.

#include "core/file.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;

TEST(BenchRecord, MeasuresCostAndRenderSpeed) {
  if (!fs::exists(fs::path(OMBRA_SOURCE) / "models/ombra/weights.safetensors")) GTEST_SKIP() << "no model";
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_cli_bench_record";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string command = std::string(OMBRA_PROGRAM) + " bench record --size 320x180 --parts 1 --frames 3 --json " +
                              (folder / "record.json").string() + " > " + (folder / "out").string() + " 2>&1";
  const int code = std::system(command.c_str());
  ASSERT_EQ(WIFEXITED(code) ? WEXITSTATUS(code) : -1, 0) << read_text(folder / "out");
  const auto figures = nlohmann::json::parse(read_text(folder / "record.json"));
  const auto& cost = figures["cost"];
  EXPECT_GT(cost["without_ms"]["median"], 0.5) << cost;
  EXPECT_GT(cost["ratio"], 0.2) << cost;
  EXPECT_GT(cost["recorded"], 3) << cost;
  EXPECT_NE(cost["encoder"], "") << cost;
  ASSERT_EQ(figures["render"].size(), 3u);
  for (const auto& render : figures["render"]) EXPECT_GT(render["real_time"], 0.0) << render;
  fs::remove_all(folder);
}

}  // namespace
}  // namespace ombra
