// What `ombra bench --write` is made of: tables as Markdown, and a file of which single sections are replaced.

#include "cli/measure/figures_file.hpp"
#include "cli/measure/bench_table.hpp"
#include "core/error.hpp"
#include "core/file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::cli {
namespace {

const std::vector<std::string> kOrder = {"## All costs", "### Networks", "### Drawing", "## Latency"};

TEST(BenchTableText, IsTheSameOnTheTerminalAndInMarkdown) {
  BenchTable table;
  table.part("draw");
  table.section("draw", "draw: a picture");
  table.add("lantern", {1.0, 2.5, 4.0});
  table.add("nothing was measured", {});
  table.add_figure("how many times", 2.75, "x");
  table.part("show");
  table.section("show", "show: pictures");
  table.add_figure("left out", 0.0, "");
  EXPECT_EQ(table.markdown("draw"),
            "draw: a picture\n"
            "\n"
            "| | median | middle 90 % |\n"
            "|---|---|---|\n"
            "| lantern | 2.50 ms | 1 to 4 |\n"
            "| how many times | 2.75 x | |\n");
  EXPECT_EQ(table.markdown("show"), "show: pictures\n\n| | measured |\n|---|---|\n| left out | 0 |\n");
  EXPECT_EQ(table.markdown("beat"), "");
  for (const char* part : {"draw: a picture\n", "lantern", " 2.50 ms", "(1 to 4)", "show: pictures\n"})
    EXPECT_NE(table.text().find(part), std::string::npos) << part << " in\n" << table.text();
}

TEST(BenchTableText, HasTablesOfTheirOwnColumns) {
  BenchTable table;
  table.section("latency", "from sound to light");
  table.columns({{"ms", 8}, {"median", 7}, {"", 0, true}});
  table.cells({"wait", "7.0", "this | that"});
  table.add_figure("beside it", 1.5, "ms");
  EXPECT_EQ(table.text(),
            "\nfrom sound to light\n"
            "       ms  median \n"
            "     wait     7.0 this | that\n"
            "  beside it                                                1.50 ms  \n");
  EXPECT_EQ(table.markdown(),
            "from sound to light\n"
            "\n"
            "| ms | median | |\n"
            "|---|---|---|\n"
            "| wait | 7.0 | this \\| that |\n"
            "\n"
            "| | measured |\n"
            "|---|---|\n"
            "| beside it | 1.50 ms |\n");
  EXPECT_EQ(table.json()["tables"][0]["rows"][0][1], "7.0");
}

TEST(FiguresFile, ReplacesOneSectionAndKeepsTheOthers) {
  FiguresFile file(
      "# Measured figures\n\nhead\n\n## All costs\n\nabout\n\n### Networks\n\nold networks\n\n### Drawing\n\nold "
      "drawing\n\n## Latency\n\nold latency\n\n### By hand\n\nmore\n\n## Another's\n\nkept\n",
      kOrder);
  const std::string before = file.text();
  file.set("### Networks", {"new", "| table |\n"});
  std::string expected = before;
  expected.replace(expected.find("old networks"), 12, "new\n\n| table |");
  EXPECT_EQ(file.text(), expected);
  file.set("## Latency", {"new latency"});  // with what stands below it
  expected = expected.substr(0, expected.find("old latency")) + "new latency\n\n## Another's\n\nkept\n";
  EXPECT_EQ(file.text(), expected);
  file.set("## All costs", {"new about"});  // but what is a section itself stays
  expected.replace(expected.find("about"), 5, "new about");
  EXPECT_EQ(file.text(), expected);
}

TEST(FiguresFile, PutsWhatIsMissingInItsPlace) {
  FiguresFile file("", kOrder);
  EXPECT_EQ(file.text(), "");
  file.set("## Latency", {"l"});
  file.set("### Drawing", {"d"});
  file.set_head({"# Title"});
  file.set("## All costs", {});
  file.set("### Networks", {"n"});
  EXPECT_FALSE(file.has("## Beat tracking"));
  EXPECT_EQ(file.text(), "# Title\n\n## All costs\n\n### Networks\n\nn\n\n### Drawing\n\nd\n\n## Latency\n\nl\n");
  FiguresFile again(file.text(), kOrder);
  EXPECT_EQ(again.text(), file.text());
}

TEST(FiguresFile, IsNoFileOfAnotherKind) {
  const auto file = std::filesystem::path(testing::TempDir()) / "figures.md";
  std::filesystem::remove(file);
  EXPECT_EQ(read_figures(file), "");
  write_atomically(file, "# Ombra\n\nA live AI shadow dancer.\n");
  EXPECT_THROW(read_figures(file), UsageError);
  write_atomically(file, std::string(kFiguresTitle) + "\n");
  EXPECT_EQ(read_figures(file), std::string(kFiguresTitle) + "\n");
}

TEST(FiguresFile, HasShortLines) {
  std::string words;
  for (int i = 0; i < 100; ++i) words += "words ";
  const std::string lines = paragraph(words);
  EXPECT_EQ(lines.find('\n'), 125u) << "21 words of 5 and 20 blanks";
  EXPECT_EQ(lines.size(), words.size() - 1);
}

}  // namespace
}  // namespace ombra::cli
