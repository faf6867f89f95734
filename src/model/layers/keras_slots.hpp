#pragma once
// A recipe's layer as Keras would have written it: which Keras layers it takes, of which shapes, and how their numbers
// become its own. Inside of model/ only. Thread: one owner.

#include "model/figure/recipe.hpp"
#include "model/keras/keras_file.hpp"

#include <torch/torch.h>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace ombra::model {

// One Keras layer as it is expected.
struct KerasShape {
  std::string kind;                                   // "Conv2D"
  std::vector<std::int64_t> kernel, recurrent, bias;  // recurrent: empty where the kind has none; bias may be missing
  std::vector<std::string> names;  // words that tell it from its neighbours where several make one layer: "mean"

  std::string text() const;  // "Conv2D (kernel [3, 3, 1, 128], bias [128])"
  bool fits(const KerasLayer& layer) const;
};

// One layer of the recipe that has weights.
struct KerasSlot {
  std::string where;                                // "[painter] encoder, layer 3 (conv)"
  std::string kind;                                 // as in the recipe
  std::map<std::string, torch::Tensor> parameters;  // "conv.weight"
  std::vector<KerasShape> takes;                    // so many Keras layers one after the other
  std::vector<KerasShape> instead;                  // or these; may be empty

  // Copies the numbers; `from` must fit `takes` or `instead`, in any order that their names give.
  void fill(std::span<const KerasLayer> from) const;
};

// -> the layers with weights of one network; prefix: of the names of its parameters in `module`, as "encoder."
// Throws UsageError for a layer that Keras does not have.
std::vector<KerasSlot> keras_slots(const LayerList& layers, const torch::nn::Module& module, const std::string& prefix,
                                   const std::string& where, const Recipe& recipe);

// -> the layers in the order of `expected`, by their names where these say so, else as they are
std::vector<const KerasLayer*> in_order(std::span<const KerasLayer> layers, const std::vector<KerasShape>& expected);

}  // namespace ombra::model
