#pragma once
// One system of a comparison: what its networks do with held-out clips of the common footage, by the papers' own
// figures and by ones that mean the same for all. Inside of evaluate/ only.
// Thread: one owner.

#include "evaluate/neutral_footage.hpp"
#include "model/layers/model_folder.hpp"
#include "train/frame_view.hpp"

#include <filesystem>

namespace ombra::train {

// Pictures of held-out clips through the encoder and back. NaN where nothing is held out.
struct PainterFigures {
  std::int64_t pictures = 0;
  double accuracy = NAN;  // keras_metrics.hpp, on the system's own pictures; of distances: which side of the outline
  double loss = NAN;      // the recipe's own, a pixel, without penalties on the code
  double iou = NAN;       // of the figures in the common picture
  double edge_px = NAN;   // outline_error_px there, in its pixels
};

// How the dancer predicts held-out clips, in the units that it was trained in. NaN where that is not known.
struct DancerFigures {
  double loss = NAN;
  double accuracy = NAN;  // categorical_accuracy of predicted codes (mse only)
  std::string unit;       // of the loss: "mse", "nats a number", "nats a move"
};

// Spread evenly over all held-out frames, at most `pictures` of them; writes a sheet of pairs, the original above.
PainterFigures evaluate_painter(model::Model& m, const FrameView& view, const NeutralFootage& footage,
                                std::int64_t pictures, const std::filesystem::path& sheet);

// Held-out clips as one camera saw them, at most about `frames` of them.
DancerFigures evaluate_dancer(model::Model& m, const FrameView& view, std::int64_t frames);

// Pictures as the system itself makes them (wide ones at half their size), row by row, `columns` a row, every second
// row tinted.
void write_own_pictures(const std::filesystem::path& path, const model::Recipe& recipe, const torch::Tensor& pictures,
                        int columns);

}  // namespace ombra::train
