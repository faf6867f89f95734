#pragma once
// How good is a model? Reconstruction of held-out clips, and the dance it makes when nobody helps it.
// Thread: one owner.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct EvaluateOptions {
  std::filesystem::path model, data;
  std::filesystem::path output;  // folder for evaluation.json and contact sheets; empty: beside the model
  std::int64_t frames = 60000;   // of free-running dance at each temperature, at the data set's frame rate
  std::vector<double> temperatures = {0.3, 0.6, 0.8, 1.0, 1.3};
  double bpm = 120.0;
  double accent = 0.0;      // DanceControls::accent
  double pulse = 1.5;       // DanceControls::pulse
  double tightness = 0.9;   // DanceControls::tightness
  bool dance_only = false;  // leave the reconstruction out
  std::uint64_t seed = 1;
};

// -> the tables as Markdown; writes evaluation.json and the contact sheets. Throws Error.
std::string evaluate(const EvaluateOptions& options);

}  // namespace ombra::train
