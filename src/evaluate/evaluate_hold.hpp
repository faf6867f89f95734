#pragma once
// How still does a dancer stand that is held? Inside of evaluate/ only. Thread: one owner.

#include "studio/orders.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace ombra::train {

// Painters of people: dances are held at moments of chance, each as another one of the cast, and drawn as the show does
// it, 60 times a second at 1080 lines, once hair and hems have come to rest. -> a line of Markdown; fills
// report["held"]. Throws Error.
std::string evaluate_hold(const EvaluateOptions& options, nlohmann::json& report);

}  // namespace ombra::train
