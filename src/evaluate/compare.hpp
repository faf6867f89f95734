#pragma once
// All systems side by side on the same footage: what their painters give back, what their dancers do when nobody helps,
// and what that costs. Dance is judged from pictures, in a space that belongs to no system (picture_space.hpp).
// Thread: one owner.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct CompareOptions {
  std::vector<std::filesystem::path> models;
  std::filesystem::path data;
  std::filesystem::path output = "comparison";  // folder for comparison.md, comparison.json and the sheets
  std::int64_t frames = 14400;  // pictures of free dance of each system and temperature, by 16 dancers together
  std::int64_t pictures = 480;  // of held-out clips that go through each painter
  double bpm = 120.0;
  double pulse = 1.5;  // DanceControls::pulse
  std::uint64_t seed = 1;
};

// -> the tables as Markdown. Systems are loaded one after another; one that cannot be read is reported in its row and
// the others go on. Throws Error when no system could be judged, when the data set cannot be used, or on Ctrl-C.
std::string compare(const CompareOptions& options);

}  // namespace ombra::train
