#pragma once
// Two tiny dancers, one of each kind, trained on made-up footage in a folder of their own (dance_test.cpp makes them).

#include "model/dancers/generator.hpp"
#include "train/train.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train::test {

namespace fs = std::filesystem;
using model::DanceControls;
using model::Generator;
using model::Timestamp;

inline fs::path g_folder;  // of this run of the program: footage, data set, two models

inline TrainOptions options(const char* kind, const std::string& output) {
  TrainOptions o;
  o.recipe = (g_folder / (std::string(kind) + ".toml")).string();
  o.data = g_folder / "data.safetensors";
  o.output = g_folder / output;
  o.device = "cpu";
  return o;
}

inline fs::path model_of(const std::string& kind) { return g_folder / ("model-" + kind); }

inline constexpr double kBpm = 120.0;
inline Timestamp timestamp(double time_s) { return {time_s, time_s * kBpm / 60.0}; }

inline DanceControls controls() {
  DanceControls c;
  c.accent = 0.0f;
  c.grounded = false;  // what is pulled is what the mover gives
  c.freeze_guard = false;
  return c;
}

inline std::vector<float> pulled(const Generator& g, const Timestamp& m, const DanceControls& c) {
  std::vector<float> latents(static_cast<std::size_t>(g.info().latent_size * g.dancers()), NAN);
  g.pull(m, c, latents);
  return latents;
}

inline std::vector<std::vector<float>> danced(Generator& g, int frames, const DanceControls& c, double from_s = 0.0,
                                              double fps = 60.0) {
  std::vector<std::vector<float>> all;
  for (int i = 0; i < frames; ++i) {
    const Timestamp m = timestamp(from_s + i / fps);
    g.advance(m, c);
    all.push_back(pulled(g, m, c));
  }
  return all;
}

inline double apart(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

inline bool finite(const std::vector<float>& v) {
  return std::all_of(v.begin(), v.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace ombra::train::test
