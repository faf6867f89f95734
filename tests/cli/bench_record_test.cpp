// `ombra bench record`: the figures are there and make sense; how large they are is the machine's affair.

#include "cli/program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;

class BenchRecord : public test::ProgramTest {};

TEST_F(BenchRecord, MeasuresCostAndRenderSpeed) {
  if (test::shipped_model().empty()) GTEST_SKIP() << "no model";
  const test::Outcome done =
      run("bench record --size 320x180 --parts 1 --frames 3 --json " + (folder / "record.json").string());
  ASSERT_EQ(done.status, 0) << done.text();
  const auto figures = nlohmann::json::parse(read_text(folder / "record.json"));
  const auto& cost = figures["cost"];
  EXPECT_GT(cost["without_ms"]["median"], 0.5) << cost;
  EXPECT_GT(cost["ratio"], 0.2) << cost;
  EXPECT_GT(cost["recorded"], 3) << cost;
  EXPECT_NE(cost["encoder"], "") << cost;
  ASSERT_EQ(figures["render"].size(), 3u);
  for (const auto& render : figures["render"]) EXPECT_GT(render["real_time"], 0.0) << render;
}

}  // namespace
}  // namespace ombra
