#pragma once
// One step of several dancers of frames, as in the published systems: one latent a step from a network over codes. Two
// executors: Ombra's own kernels, and LibTorch (model/torch_dancer) where the model lies on a graphics card or has
// layers that the kernels do not know. The same dance, to rounding. T steps, Z code. Thread: one owner.

#include "core/rng.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/inference/fast_network.hpp"

#include <memory>

namespace ombra::model {

// What the dance so far leaves behind; each executor uses its own part.
struct FrameMemory {
  FastNetwork::Memory state;
  std::vector<float> seen;      // [T][Z], as the network sees them: scaled
  std::shared_ptr<void> other;  // LibTorch's
};

struct FrameStep {
  FrameMemory* memory;
  Rng* rng;
  double temperature;
  std::span<float> next;  // [Z]: the answer
};

// The network with its weights, and how codes are scaled for it: scaled = (code - mean) / spread.
struct FramePlan {
  std::vector<LayerPlan> layers;
  std::vector<float> mean, spread;  // [Z]
};

class FrameStepper {
 public:
  virtual ~FrameStepper() = default;
  // On Ombra's own kernels; null where they do not know a layer.
  static std::unique_ptr<FrameStepper> make(const DancerFile& file);
  // The same with the given weights instead of the file's.
  static std::unique_ptr<FrameStepper> make(const FrameDancerSpec& spec, const FramePlan& plan);

  // A dance that begins after a phrase [L][Z]; a window is filled up with its first code.
  virtual void begin(FrameMemory& memory, std::span<const float> phrase) = 0;
  virtual void step(std::span<const FrameStep> steps) = 0;
};

}  // namespace ombra::model
