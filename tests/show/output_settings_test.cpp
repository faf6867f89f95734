#include "show/params/output_settings.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/rng.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ombra::show {
namespace {

OutputSettings everything() {
  OutputSettings s{"EPSON \"EB\" ä", "HDMI-1", 1920, -1080, true, {}};
  stage::Mapping& m = s.mapping;
  m.quarter_turns = 3, m.flip_x = true, m.keep_shape = false;
  m.source = {0.1, 0.2, 0.3, 0.4};
  m.scale = {1.25, 0.1 + 0.2}, m.offset = {-0.5, 1.0 / 3.0};
  m.corners[1] = {1.03, -0.02};
  m.mesh = {3, 2, std::vector<glm::dvec2>(6, {0.01, -0.02})};
  m.masks = {{{{0.0, 0.0}, {0.5, -0.1}, {0.2, 1.4}}, 0.05, true, false}};
  m.colours = {0.1, 1.2, 0.9, {1.0, 0.7, 1.5}};
  m.blends[stage::kRightSide] = {0.2, 1.5};
  m.light_gamma = 1.9;
  return s;
}

TEST(OutputSettings, AreReadAsTheyWereWritten) {
  const std::vector<OutputSettings> all = {everything(), {"LG", "", 0, 0, false, {}}};
  std::vector<std::string> remarks;
  EXPECT_EQ(read_outputs(write_outputs(all), "outputs.toml", remarks), all);
  EXPECT_TRUE(remarks.empty()) << remarks.front();
}

TEST(OutputSettings, LieInAFileBesideTheSession) {
  const test::TempFolder folder;
  const auto path = folder.path() / "deeper" / "outputs.toml";
  std::vector<std::string> remarks;
  EXPECT_TRUE(load_outputs(path, remarks).empty()) << "none yet";
  save_outputs(path, std::vector<OutputSettings>{everything()});
  EXPECT_EQ(load_outputs(path, remarks), std::vector<OutputSettings>{everything()});
  write_atomically(path, "output = [");
  EXPECT_THROW(load_outputs(path, remarks), Error);
  write_atomically(path, std::string(3u << 20, '#'));
  EXPECT_THROW(load_outputs(path, remarks), Error) << "larger than any that was written";
}

TEST(OutputSettings, WrongValuesAreLeftOutWithTheirLine) {
  std::vector<std::string> remarks;
  const auto all = read_outputs(
      "shine = 1\n"
      "[[output]]\n"
      "display = \"A\"\n"
      "x = 1.5\n"
      "quarter_turns = 1\n"
      "corners = [[0, 0], [1, 1], [1, 0], [0, 1]]\n"
      "gains = [1, 2, \"3\"]\n"
      "scale = [2, nan]\n"
      "gamma = inf\n"
      "brightness = 99\n"
      "mesh = {columns = 3, rows = 100, bend = []}\n"
      "glow = 4\n"
      "[[output.mask]]\n"
      "points = [[0, 0], [1, 0]]\n"
      "[[output.mask]]\n"
      "points = [[0, 0], [1, 0], [1, 1e300]]\n",
      "my.toml", remarks);
  ASSERT_EQ(all.size(), 1u);
  stage::Mapping expected;
  expected.quarter_turns = 1;
  expected.colours.brightness = stage::kMaxBrightness;
  expected.masks = {{{{0, 0}, {1, 0}, {1, 2}}}};
  EXPECT_EQ(all[0].display, "A");
  EXPECT_EQ(all[0].mapping, expected);
  for (const char* line : {"my.toml:1:", "my.toml:4:", "my.toml:6:", "my.toml:7:", "my.toml:8:", "my.toml:9:",
                           "my.toml:11:", "my.toml:12:", "my.toml:13:"}) {
    const auto says = [&](const std::string& remark) { return remark.starts_with(line); };
    EXPECT_TRUE(std::ranges::any_of(remarks, says)) << line;
  }
  EXPECT_EQ(remarks.size(), 9u);
}

TEST(OutputSettings, HowMuchIsReadIsBounded) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "[[output]]\ndisplay = \"D\"\nnonsense = 1\n";
  std::vector<std::string> remarks;
  EXPECT_EQ(read_outputs(text, "many", remarks).size(), kMaxOutputSettings);
  EXPECT_LE(remarks.size(), 20u);
  text = "[[output]]\n";
  for (int i = 0; i < 40; ++i) {
    text += "[[output.mask]]\npoints = [";
    for (int k = 0; k < 200; ++k) text += "[0.1, 0.2], ";
    text += "]\n";
  }
  const auto all = read_outputs(text, "many", remarks);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].mapping.masks.size(), stage::kMaxMasks);
  EXPECT_EQ(all[0].mapping.masks[0].points.size(), stage::kMaxMaskPoints);
  EXPECT_THROW(read_outputs(std::string(100'000, '['), "deep", remarks), Error);
  EXPECT_THROW(read_outputs("x = " + std::string(100'000, '['), "deep", remarks), Error);
}

TEST(OutputSettings, AnyBytesAreReadOrRefused) {
  const std::string good = write_outputs(std::vector<OutputSettings>{everything()});
  Rng rng(7);
  for (int round = 0; round < 400; ++round) {
    std::string text = good;
    for (int i = 0; i < 1 + round % 6; ++i)
      text[static_cast<std::size_t>(rng.uniform() * static_cast<double>(text.size()))] =
          static_cast<char>(rng.uniform() * 256.0);
    std::vector<std::string> remarks;
    try {
      for (const OutputSettings& each : read_outputs(text, "spoilt", remarks))
        EXPECT_EQ(stage::sane(each.mapping), each.mapping);
    } catch (const Error&) {
    }
  }
}

TEST(OutputSettings, AreFoundByNameAndOfTwinsByConnectorOrPlace) {
  const std::vector<OutputSettings> all = {{"LG", "DP-1", 0, 0, true, {}},
                                           {"LG", "DP-2", 1920, 0, true, {}},
                                           {"EPSON", "HDMI-1", 0, 0, true, {}},
                                           {"TV", "", 100, 0, true, {}}};
  EXPECT_EQ(find_output(all, {"LG", "DP-2", 0, 0, true}), &all[1]);
  EXPECT_EQ(find_output(all, {"LG", "", 1920, 0, true}), &all[1]) << "the desktop does not say";
  EXPECT_EQ(find_output(all, {"LG", "DP-3", 0, 0, true}), nullptr);
  EXPECT_EQ(find_output(all, {"EPSON", "DP-9", 7, 7, false}), &all[2]) << "on another cable";
  EXPECT_EQ(find_output(all, {"TV", "DP-1", 0, 0, false}), &all[3]);
  EXPECT_EQ(find_output(all, {"BENQ", "DP-1", 0, 0, false}), nullptr);
}

TEST(OutputSettings, AreKeptInTheirPlaceAndTheNewestStay) {
  std::vector<OutputSettings> all;
  for (int i = 0; i < 40; ++i) keep_output(all, {std::to_string(i), "", 0, 0, true, {}});
  EXPECT_EQ(all.size(), kMaxOutputSettings);
  EXPECT_EQ(all.front().display, "8");
  keep_output(all, {"20", "DP-1", 5, 5, false, {}});
  EXPECT_EQ(all.size(), kMaxOutputSettings);
  EXPECT_EQ(find_output(all, {"20", "", 0, 0, false})->connector, "DP-1");
  keep_output(all, {"20", "DP-2", 9, 9, false, {}}, true);
  EXPECT_EQ(std::ranges::count(all, "20", &OutputSettings::display), 2) << "a twin is another";
}

}  // namespace
}  // namespace ombra::show
