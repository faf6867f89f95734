#pragma once
// The two halves of an evaluation: what the painter reconstructs, and what the dancer does alone. Inside of
// evaluate/ only.
// Thread: one owner.

#include "evaluate/evaluate.hpp"
#include "model/layers/model_folder.hpp"
#include "train/frame_view.hpp"

#include <nlohmann/json.hpp>

namespace ombra::train {

inline constexpr int kLarge = 1080;            // pixels: a projector's picture
inline constexpr int kSpeck = 16;              // pixels: smaller pieces are not seen
inline constexpr std::int64_t kSampled = 400;  // pictures that are drawn large, per figure

// Reconstruction of held-out clips, by the encoder alone and refined: -> a Markdown table; fills
// report["reconstruction"].
std::string evaluate_reconstruction(const FrameView& view, model::Model& m, const std::filesystem::path& out,
                                    nlohmann::json& report);

// Free-running dance at every temperature and energy: -> Markdown; fills report["real"], ["dance"] and ["energy"].
std::string evaluate_dance(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                           const std::filesystem::path& out, nlohmann::json& report);

// A picture as a data set stores it, for contact sheets: field [1, 1, S, S] -> S * S distances in 1/15 pixel
std::vector<std::uint8_t> sheet_picture(const torch::Tensor& field);

// Numbers of picture i of a stack of fields [B, 1, S, S], contiguous
std::span<const float> picture_of(const torch::Tensor& fields, std::int64_t i);

}  // namespace ombra::train
