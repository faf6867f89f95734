#pragma once
// The learned ear, live: the bands of each hop in, what it says of it out (models/ear, trained by `ombra train`). It
// speaks `delay` hops late, so that an attack has been heard.

#include "audio/beat/ear_bands.hpp"
#include "model/figure/network_layout.hpp"
#include "model/inference/stream_network.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

// What the ear says of a hop, as probabilities.
struct EarSays {
  float beat = 0.0f;                            // a beat sounded
  float bar = 0.0f;                             // if so, it was the first of a bar
  float pulse = 0.0f;                           // the music has a beat
  std::array<float, model::kEarTempi> tempo{};  // of each class, sum 1
};

// The rises of the bands that the network is given beside them are those against so many hops before.
inline constexpr std::size_t kEarRiseHops = 2;

// A trained ear. Thread: any, once it is made.
class EarFile {
 public:
  // folder: recipe.toml and weights.safetensors. Throws Error that names the file and what is wrong with it.
  explicit EarFile(const std::filesystem::path& folder);
  // The one that comes with Ombra (models/ear), read once. Null where it cannot be read, which is logged: a show goes
  // on without.
  static std::shared_ptr<const EarFile> shipped();

  int delay_hops() const { return delay_; }
  std::unique_ptr<model::StreamNetwork> network() const;
  // What it has learned from, source and group each ("drums drummer1/session2"); empty: not known
  const std::set<std::string>& learned_from() const { return learned_from_; }

 private:
  int delay_ = 0;
  std::set<std::string> learned_from_;
  std::vector<model::LayerPlan> plan_;
};

// Thread: one owner each; no allocation after construction.
class Ear {
 public:
  explicit Ear(const EarFile& file) : delay_(file.delay_hops()), network_(file.network()) {}

  int delay_hops() const { return delay_; }
  // bands: EarBands::kBands numbers
  const EarSays& hear(std::span<const float> bands);
  // As if nothing had been heard.
  void forget();

 private:
  // immutable after construction
  const int delay_;
  // state
  std::unique_ptr<model::StreamNetwork> network_;
  std::array<std::array<float, EarBands::kBands>, kEarRiseHops> before_{};  // newest first
  std::array<float, 2 * EarBands::kBands> input_{};
  std::array<float, model::kEarOutputs> out_{};
  EarSays says_;
};

}  // namespace ombra::audio
