#pragma once
// A trained model on disk: recipe.toml, weights.safetensors (16 bits), seeds.safetensors, README.md.
// Q books, Z code, L frames of a seed. Thread: one owner; loading may happen on any thread.

#include "model/layers/choreographer.hpp"
#include "model/layers/frame_dancer.hpp"
#include "model/layers/mover.hpp"
#include "model/layers/painter.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace ombra::model {

// Phrases of real dance to start from.
struct Seeds {
  std::vector<std::string> names;  // the clip that each comes from
  torch::Tensor latents;           // [n, L, Z] in the model's own ticks
  torch::Tensor moves;             // [n, M, Q], kind moves only
  torch::Tensor energy;            // [n] as DanceControls::energy
  std::int64_t size() const { return latents.defined() ? latents.size(0) : 0; }
};

// Those whom a painter of people can draw.
struct People {
  std::vector<std::string> names;
  torch::Tensor vectors;     // [n, people]
  torch::Tensor directions;  // [2, people] what a deviation of height and of build adds; undefined: not known
  double foot_pitch = 0.0;   // Cast
};

struct Model {
  Recipe recipe;
  Painter painter{nullptr};
  Mover mover{nullptr};                  // kind moves
  Choreographer choreographer{nullptr};  // kind moves
  FrameDancer dancer{nullptr};           // kind frames
  std::int64_t alternative = 0;          // kind frames: the one of FrameDancerSpec::alternatives that was taken
  People people;                         // painters of people
  torch::Tensor style_middles;           // [styles, Z] mean pose of each; undefined without styles
  Seeds seeds;
  double mean_speed = 1.0;                      // of the footage in code space, a tick
  std::map<std::string, std::string> metadata;  // of the weights: data, licence, version, ...
};

// Networks as the recipe says, with fresh weights.
Model make_model(Recipe recipe, std::int64_t alternative = 0);

// Throws Error that names the file, the tensor and the expected shape.
Model load_model(const std::filesystem::path& folder, const torch::Device& device);

// Writes weights and seeds; the recipe as it was read.
void save_model(const Model& model, const std::filesystem::path& folder);

// One more phrase to start from: codes [T, Z] at the recipe's rate, the last of them the newest; filled up with the
// first where they are too few. Moves are read off them at kind moves' own tempo.
void add_seed(Model& model, const torch::Tensor& codes);

// device: auto (CUDA where LibTorch has it and a card answers), cpu or cuda
torch::Device device_of(const std::string& device);

}  // namespace ombra::model
