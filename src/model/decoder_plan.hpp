#pragma once
// A painter's decoder as plain steps with their weights: what an executor beside LibTorch needs to draw the same
// pictures (gfx/gl_decoder). Built from the layers and weights that LibTorch uses by model/plan_builder.hpp.
// Pictures are [C, H, W]; a vector of F numbers is a picture [F, 1, 1]. Thread: any (values).

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ombra::model {

enum class PlanActivation { kLinear, kRelu, kElu, kSilu, kGelu, kSigmoid, kTanh };

enum class PlanKind {
  kDense,          // over the vector
  kConv,           // pads with zeros: top rows and left columns before, as many as the output needs after
  kConvTranspose,  // its output begins at row top, column left of the full result
  kMaxPool,        // the largest of factor x factor; what is beyond the edge does not count
  kUpsample,       // by factor, nearest or bilinear
  kPixelShuffle,   // by factor
  kCrop,           // the upper left corner
  kFlatten,        // [C, H, W] -> [F], the numbers of the picture in its order or, channels_last, pixel by pixel
  kReshape,        // the numbers in their order -> [C, H, W] or, channels_last, pixel by pixel
  kActivation,     // alone
};

struct PlanShape {
  int channels = 0, height = 1, width = 1;
  std::int64_t numbers() const { return std::int64_t{channels} * height * width; }
  bool operator==(const PlanShape&) const = default;
};

struct PlanStep {
  PlanKind kind = PlanKind::kActivation;
  PlanShape in, out;
  PlanActivation activation = PlanActivation::kLinear;
  int kernel_height = 1, kernel_width = 1, stride = 1;
  int top = 0, left = 0;
  int factor = 1;
  bool bilinear = false;
  bool channels_last = false;  // flatten, reshape
  // dense [out][in], conv [out][in][kernel_height][kernel_width], conv_transpose [in][out][..][..]; bias [out]
  std::vector<float> weights, bias;
};

// What the last step's numbers are.
enum class PlanEnd {
  kStrokes,    // strokes * 6 raw numbers, see model/strokes.hpp and `raw_stroke` below
  kDistances,  // a picture of distances, in kMaxDistance
  kLight,      // a picture of light from 0 to 1, on which the figure is dark
};

struct DecoderPlan {
  int code = 0;  // Z
  std::vector<PlanStep> steps;
  PlanEnd end = PlanEnd::kLight;
  int strokes = 0;      // kStrokes
  PlanShape output;     // of the last step
  double span = 1.0;    // else: side of the show's square in picture heights, >= 1 (model/painter.hpp)
  int side() const;     // of that square in pixels
  std::size_t weights() const;  // numbers in all, biases included
};

// A plan, or why there is none: then LibTorch decodes.
struct PlanOrReason {
  std::shared_ptr<const DecoderPlan> plan;
  std::string reason;
};

// How raw numbers become strokes: ends around the picture's middle, radius = kRadius * softplus(raw + kRadiusShift).
inline constexpr float kStrokeRadius = 0.03f, kStrokeRadiusShift = 0.54f, kStrokeMiddle = 0.5f;

}  // namespace ombra::model
