#pragma once
// What Ombra does with LibTorch besides the show: training, evaluation, comparison, import, measurements. The functions
// load it through model/door and do what those of the same names in train/ and evaluate/ do. They throw what these
// throw, and Error when LibTorch is not there. Thread: one owner.

#include "studio/orders.hpp"

namespace ombra::studio {

// -> false when interrupted (Ctrl-C); everything is saved then
bool train(const train::TrainOptions& options);
// -> the tables as Markdown
std::string evaluate(const train::EvaluateOptions& options);
std::string compare(const train::CompareOptions& options);
// -> what was found where, and what had to be guessed, as lines to print
std::string import_keras(const train::ImportOptions& options);
train::NetworkCosts network_costs(const train::NetworkCostOptions& options);

}  // namespace ombra::studio
