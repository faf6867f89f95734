#pragma once
// How good is a model? Reconstruction of held-out clips, and the dance it makes when nobody helps it.
// Thread: one owner.

#include "studio/orders.hpp"

#include <string>

namespace ombra::train {

// -> the tables as Markdown; writes evaluation.json and the contact sheets. Throws Error.
std::string evaluate(const EvaluateOptions& options);

}  // namespace ombra::train
