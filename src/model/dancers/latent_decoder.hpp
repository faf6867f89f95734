#pragma once
// The painter's decoder at work on the processor: latents to distance fields. Two executors: Ombra's own kernels, and
// LibTorch (model/torch_dancer) where the model lies on a graphics card or has layers that the kernels do not know.
// Both draw the same, to rounding; a third decodes plan() in OpenGL (gfx/gl_decoder). Z code. Thread: one owner.

#include "core/frames.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/figure/decoder_plan.hpp"

#include <memory>
#include <span>

namespace ombra::model {

class LatentDecoder {
 public:
  virtual ~LatentDecoder() = default;
  // On Ombra's own kernels. Throws Error as the weights are read.
  static std::unique_ptr<LatentDecoder> make(const DancerFile& file);
  static std::unique_ptr<LatentDecoder> make(std::shared_ptr<const DecoderPlan> plan);

  // latents [n][Z] -> image.distance [n][size][size], resized as needed
  virtual void decode(std::span<const float> latents, std::size_t n, int size, FieldImage& image) = 0;
  // The decoder with its weights, for another executor.
  virtual PlanOrReason plan() const = 0;
};

// The painter's decoder with its weights out of the file.
PlanOrReason decoder_plan_of(const DancerFile& file);

}  // namespace ombra::model
