// `ombra bench`: the table is there, as text and as JSON, and its figures make sense; how large they are is the
// machine's affair.

#include "core/file.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int status;
  std::string out;
};

Ran bench(const fs::path& folder, const std::string& words) {
  const std::string command =
      std::string(OMBRA_PROGRAM) + " bench " + words + " > " + (folder / "out").string() + " 2>&1";
  const int code = std::system(command.c_str());
  return {WIFEXITED(code) ? WEXITSTATUS(code) : -1, read_text(folder / "out")};
}

TEST(BenchTable, MeasuresNetworksOursBesideThePublished) {
  if (!fs::exists(fs::path(OMBRA_SOURCE) / "models/ombra/weights.safetensors")) GTEST_SKIP() << "no model";
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_cli_bench_table";
  fs::create_directories(folder);
  const Ran ran = bench(folder, "--quick --sections networks --json " + (folder / "bench.json").string());
  ASSERT_EQ(ran.status, 0) << ran.out;
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
    if (section == "step" && name.rfind("ours", 0) != 0) ++published_steps;
    if (section == "decode" && name.rfind("ours", 0) != 0) ++published_decoders;
    if (row["unit"] == "x") cheaper = row["median"];
  }
  EXPECT_GE(published_steps, 9);
  EXPECT_GE(published_decoders, 9);
  EXPECT_GE(cheaper, 10.0);  // both sides run in turn on the same machine, so this holds on a busy one, too
  fs::remove_all(folder);
}

TEST(BenchTable, KnowsItsSections) {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_cli_bench_sections";
  fs::create_directories(folder);
  const Ran ran = bench(folder, "--sections nets");
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_NE(ran.out.find("networks"), std::string::npos) << ran.out;
  fs::remove_all(folder);
}

}  // namespace
}  // namespace ombra
