#pragma once
// A painter's decoder as plain steps with their weights and shapes: what an executor beside LibTorch needs to draw the
// same pictures (gfx/gl_decoder, model/inference/fast_pictures).
// Pictures are [C, H, W]; a vector of F numbers is a picture [F, 1, 1]. Thread: any (values).

#include "model/figure/network_layout.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ombra::model {

struct PlanShape {
  int channels = 0, height = 1, width = 1;
  std::int64_t numbers() const { return std::int64_t{channels} * height * width; }
  bool operator==(const PlanShape&) const = default;
};

// One layer over pictures or vectors; layers that do nothing once trained are left out.
struct PlanStep {
  LayerPlan layer;
  PlanShape in, out;
  int top = 0, left = 0;  // conv: rows and columns of zeros before; conv_transpose: of the full result that are cut off

  const std::vector<float>& weights() const { return layer.dense[0].weight; }
  const std::vector<float>& bias() const { return layer.dense[0].bias; }
  int factor() const { return static_cast<int>(layer.factor); }
};

// What the last step's numbers are.
enum class PlanEnd {
  kStrokes,    // strokes * 6 raw numbers, see model/figure/strokes.hpp and kStrokeRadius
  kDistances,  // a picture of distances, in kMaxDistance
  kLight,      // a picture of light from 0 to 1, on which the figure is dark
};

struct DecoderPlan {
  int code = 0;  // Z
  std::vector<PlanStep> steps;
  PlanEnd end = PlanEnd::kLight;
  int strokes = 0;              // kStrokes
  PlanShape output;             // of the last step
  double span = 1.0;            // else: side of the show's square in picture heights, >= 1 (model/layers/painter.hpp)
  int side() const;             // of that square in pixels
  std::size_t weights() const;  // numbers in all, biases included
};

// A plan, or why there is none: then LibTorch decodes.
struct PlanOrReason {
  std::shared_ptr<const DecoderPlan> plan;
  std::string reason;
};

// The plan of any network over vectors; its end (unless it is strokes) and span are left to the caller. Without a plan
// where it has a layer that only LibTorch can run.
PlanOrReason decoder_plan(const NetworkLayout& network, std::vector<LayerPlan> layers);
// The plan of a painter whose recipe has such pictures. span: see model/layers/painter.hpp
PlanOrReason painter_plan(PictureKind picture, const NetworkLayout& decoder, std::vector<LayerPlan> layers,
                          double span);

// How raw numbers become strokes: ends around the picture's middle, radius = kRadius * softplus(raw + kRadiusShift).
inline constexpr float kStrokeRadius = 0.03f, kStrokeRadiusShift = 0.54f, kStrokeMiddle = 0.5f;

}  // namespace ombra::model
