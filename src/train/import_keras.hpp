#pragma once
// From weights that were trained in Keras to a model folder that dances: networks by model/layers/keras_weights.hpp,
// and what such files do not hold: the scale of the codes, and poses to begin from. Thread: one owner.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct ImportOptions {
  std::vector<std::filesystem::path> weights;  // HDF5
  std::string recipe;
  std::filesystem::path data;  // scale and beginnings come from its clips; empty: from chance
  std::filesystem::path output;
  std::uint64_t seed = 1;
};

// -> what was found where, and what had to be guessed, as lines to print. Throws Error or UsageError.
std::string import_keras(const ImportOptions& options);

}  // namespace ombra::train
