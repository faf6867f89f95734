#pragma once
// A person from footage as a step of a training: which frames, under which name, kept beside the checkpoints when it is
// done. Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "studio/orders.hpp"
#include "train/frame_view.hpp"

#include <functional>
#include <string>

namespace ombra::train {

// The name of the person whom this training is to learn from silhouettes; empty: it learns the figures of --bodies, or
// the recipe draws no people. Throws UsageError where --person cannot be, or the name cannot be shown or is that of
// another, Error where the footage is too short.
std::string person_wanted(const model::Recipe& recipe, const FrameView& view, const TrainOptions& options);

// Networks that are taken over from another model unchanged: those that were named, and the painter where a person is
// learned.
std::vector<std::string> networks_kept(const TrainOptions& options, const std::string& person);
// Is all that dances taken over as it is? Then nothing but the person is learned.
bool only_outline(const model::Recipe& recipe, const TrainOptions& options);

// Adds that person to the model's cast, whose painter stays as it is. left_s: seconds until it should be done; empty:
// as long as it takes. -> false when interrupted. Throws Error where the footage shows too little.
bool learn_person(model::Model& m, const FrameView& view, const std::string& name, const TrainOptions& options,
                  const std::function<double()>& left_s);

}  // namespace ombra::train
