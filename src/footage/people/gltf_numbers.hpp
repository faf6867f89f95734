#pragma once
// Numbers of a glTF file: accessors over views over buffers, every border checked. Thread: any.

#include <cstdint>
#include <string>
#include <vector>

namespace tinygltf {
class Model;
}

namespace ombra::train {

class GltfNumbers {
 public:
  // Both outlive it.
  GltfNumbers(const tinygltf::Model& model, const std::string& origin) : model_(model), origin_(origin) {}

  // -> an accessor's numbers, `components` of each element; normalised integers as 0..1 or -1..1. Throws Error where it
  // has other components, or leads out of its buffer.
  std::vector<float> floats(int accessor, int components) const;
  std::vector<std::uint32_t> indices(int accessor) const;

 private:
  const tinygltf::Model& model_;
  const std::string& origin_;
};

}  // namespace ombra::train
