#pragma once
// What a training takes over from another model of the same recipe. Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "train/troupe/people_draw.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

// Weights of the folder's networks: those in `keep`, with the words of how they were trained, or all where none is
// named. Throws UsageError for a network that the recipe has not.
void begin_with(model::Model& m, const std::filesystem::path& folder, const std::vector<std::string>& keep);

// The cast as well, and all that a dance begins with (seeds, styles, speed, the words of how it was made): for one
// person more, who dances as the model does until it learns to dance otherwise.
void take_over_people(model::Model& m, const std::filesystem::path& folder);

// A recipe of people with as many numbers a person as the folder's model, to which people may have been added
// (troupe/own_axis.hpp).
void as_many_axes(model::Recipe& recipe, const std::filesystem::path& folder);

// [people, P] vectors of a troupe, of those whom the folder's model knows; the others begin as the mean of all.
torch::Tensor vectors_of(const Troupe& troupe, const std::filesystem::path& folder);

// Poses of the phrases that a model starts from: what is left of the dance it learned. [N, 40], in space [N, 60]
torch::Tensor remembered_poses(model::Model& m, const std::filesystem::path& folder);

}  // namespace ombra::train
