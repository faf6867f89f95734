#pragma once
// A trained dancer on disk as plain values, without LibTorch: recipe.toml, weights.safetensors (16 bits),
// seeds.safetensors. Q books, Z code, L latents and M moves of a seed. Thread: any (values).

#include "model/figure/network_layout.hpp"
#include "model/figure/pose_code.hpp"
#include "model/figure/safetensors.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ombra::model {

// Phrases of real dance to start from.
struct SeedPhrases {
  std::vector<std::string> names;                               // the clip that each comes from
  std::size_t code = 0, length = 0, books = 0, moves_each = 0;  // Z, L, Q, M
  std::vector<float> latents;                                   // [n][L][Z] in the model's own ticks
  std::vector<float> energy;                                    // [n] as DanceControls::energy
  std::vector<std::int64_t> moves;                              // [n][M][Q], kind moves only

  int size() const { return static_cast<int>(energy.size()); }
  std::span<const float> latents_of(int seed) const {
    return std::span(latents).subspan(static_cast<std::size_t>(seed) * length * code, length * code);
  }
  std::span<const std::int64_t> moves_of(int seed) const {
    return std::span(moves).subspan(static_cast<std::size_t>(seed) * moves_each * books, moves_each * books);
  }
};

// The people that a painter of people has learned: vectors [n][size], any point between which is somebody, too.
struct Cast {
  std::vector<std::string> names;
  std::size_t size = 0;
  std::vector<float> vectors;
  std::vector<float> taller, stouter;  // [size] what a deviation of the cast adds; empty: not known
  float foot_pitch = 0.0f;             // radians that ankle to toe points up where a dancer of the footage stands

  std::size_t people() const { return names.size(); }
  std::span<const float> vector_of(std::size_t person) const { return std::span(vectors).subspan(person * size, size); }
};

struct DancerFile {
  Recipe recipe;
  std::shared_ptr<const SafetensorsFile> weights;  // may be let go when the networks are made
  double mean_speed = 1.0;                         // of the footage in code space, a tick
  SeedPhrases seeds;
  PoseCode pose;                     // guided codes only
  Cast cast;                         // painters of people only
  std::vector<float> style_middles;  // [styles][Z] mean pose of each; empty: no styles
  std::int64_t alternative = 0;      // kind frames: the one of FrameDancerSpec::alternatives that was taken
  std::vector<float> low, high;      // kind frames: range of the codes [Z]
};

// Throws Error that names the file, the tensor and the expected shape.
DancerFile read_dancer(const std::filesystem::path& folder);

// A tensor of that shape. Throws Error that names the file, the tensor and the expected shape when it is missing or has
// another one, or holds NaN or infinity.
const TensorView& checked_tensor(const SafetensorsFile& file, const std::string& name, const Shape& shape);

// The tensors of a file whose names begin with the prefix, as checked_tensor() finds them; it outlives the source.
WeightSource weights_in(const SafetensorsFile& file, std::string prefix);
// Small random numbers instead, as training begins with them: for measurements.
WeightSource fresh_weights(std::uint64_t seed);

}  // namespace ombra::model
