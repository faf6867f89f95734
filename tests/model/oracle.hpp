#pragma once
// Networks from a few lines of TOML, and what PyTorch says of them (oracle.py, oracle.safetensors).

#include "model/layers/layers.hpp"
#include "model/layers/tensors.hpp"

#include <gtest/gtest.h>

namespace ombra::model::test {

// A layer list as a recipe holds it: text is the inside of `layers = [ ... ]`. Keeps the TOML alive.
struct Layers {
  explicit Layers(const std::string& text) : root(parse_toml("layers = [\n" + text + "\n]", "test.toml")) {
    for (const toml::node& node : *root["layers"].as_array()) {
      const toml::table* table = node.as_table();
      list.push_back({*(*table)["layer"].value<std::string>(), table});
    }
  }
  Network network(Shape input, std::int64_t code = 1) const {
    return Network(read_layers(list, std::move(input), code, "test.toml", "test"));
  }

  toml::table root;
  LayerList list;
};

// The reference tensors by name.
inline const SafetensorsFile& oracle() {
  static const SafetensorsFile file(std::filesystem::path(OMBRA_SOURCE) / "tests/model/oracle.safetensors");
  return file;
}
inline torch::Tensor expected(const std::string& name) { return tensor_of(oracle().tensor(name)); }

inline void expect_near(const torch::Tensor& got, const torch::Tensor& wanted, double tolerance) {
  ASSERT_EQ(got.sizes(), wanted.sizes());
  const torch::Tensor apart = (got.detach() - wanted).abs();
  EXPECT_LE(apart.max().item<double>(), tolerance * (1.0 + wanted.abs().max().item<double>()));
}

}  // namespace ombra::model::test
