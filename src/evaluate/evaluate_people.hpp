#pragma once
// A painter of people against the figures that it learned: every one of a folder, dancing what was held out. People that
// the model does not know are learned from training motion first, as one from footage is (train/troupe/fit_person.hpp).
// Thread: one owner.

#include "model/layers/model_folder.hpp"
#include "studio/orders.hpp"
#include "train/frame_view.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>

namespace ombra::train {

// -> a Markdown table, a row a person, and the mannequin's figures; fills report["people"], writes out/people.png: of
// each person pictures of the figure above what the painter draws.
std::string evaluate_people(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                            const std::filesystem::path& out, nlohmann::json& report);

}  // namespace ombra::train
