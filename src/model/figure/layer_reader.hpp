#pragma once
// How one layer of a list is read: its settings, the check of its shape, what it makes of it. Inside of network_layout
// only. Thread: one owner.

#include "model/figure/network_layout.hpp"

#include <fmt/format.h>
#include <array>

namespace ombra::model {

// Everything that reading a layer needs: its settings, the shape so far, which becomes what the layer gives.
struct LayerReader {
  ConfigReader in;
  Shape shape;
  std::int64_t code;
  bool keras = false;
  Shape input = {};  // of the network

  void expect(std::size_t dims, const char* what) const;
  // The setting `key` as an activation function; linear where it is not given.
  ActivationKind activation(const std::string& key);
  // flatten and reshape: are pictures read row by row, the channels of a pixel side by side?
  bool channels_last(std::size_t dims);
  std::int64_t positive(const char* key, std::int64_t fallback) { return in.integer(key, 1, 4096, fallback); }
  // `kernel`: one number, or [height, width]
  std::array<std::int64_t, 2> kernel(std::int64_t fallback);
  // A recipe is a user's file: weights are counted before they are allocated.
  void afford(std::initializer_list<std::int64_t> factors) const;
  void expect_known_length(const char* what) const;

  // The layer layer.word: its plan, and shape becomes what it gives. Throws UsageError.
  void read(LayerLayout& layer);

  // Each gives false where the word is none of its own; else layer.plan and shape are set.
  bool picture_layer(LayerLayout& layer);   // picture_layers.cpp
  bool vector_layer(LayerLayout& layer);    // vector_layers.cpp
  bool sequence_layer(LayerLayout& layer);  // sequence_layers.cpp
};

}  // namespace ombra::model
