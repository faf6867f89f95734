#pragma once
// From weights that were trained in Keras to a model folder that dances: networks by model/layers/keras_weights.hpp,
// and what such files do not hold: the scale of the codes, and poses to begin from. Thread: one owner.

#include "studio/orders.hpp"

#include <string>

namespace ombra::train {

// -> what was found where, and what had to be guessed, as lines to print. Throws Error or UsageError.
std::string import_keras(const ImportOptions& options);

}  // namespace ombra::train
