#pragma once
// A dance by its joints, for dancers whose code is a pose in space: can a classifier tell it from real dance, is the
// style that is asked for danced, do feet stay where they stand? Inside of evaluate/ only. Thread: one owner.

#include "evaluate/metrics.hpp"
#include "train/corpus.hpp"

namespace ombra::train {

// passages: all clips of the data set. -> Markdown; fills report["joints"], ["two_sample"] and ["styles"]; "" where the
// code is not a pose in space. Writes styles.png: a row a style. Throws Error.
std::string evaluate_joints(const EvaluateOptions& options, const FrameView& view, const std::vector<Passage>& passages,
                            model::Model& m, const std::filesystem::path& out, nlohmann::json& report);

}  // namespace ombra::train
