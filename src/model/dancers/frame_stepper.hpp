#pragma once
// One step of several dancers of frames (frame_dancer.hpp): a batch without LibTorch on the CPU, one after the other
// with LibTorch where the model lies on a graphics card or has layers that only LibTorch runs. The same dance, to
// rounding. T steps, Z code. Thread: one owner.

#include "core/rng.hpp"
#include "model/inference/fast_network.hpp"
#include "model/layers/frame_dancer.hpp"

namespace ombra::model {

// What the dance so far leaves behind; one of the bodies uses each half.
struct FrameMemory {
  FastNetwork::Memory state;
  std::vector<float> seen;  // [T][Z], as the network sees them: scaled
  DancerMemory lib_torch;
};

struct FrameStep {
  FrameMemory* memory;
  Rng* rng;
  double temperature;
  std::span<float> next;  // [Z]: the answer
};

class FrameStepper {
 public:
  // lib_torch: that body whatever the model
  explicit FrameStepper(FrameDancer dancer, bool lib_torch = false);

  // A dance that begins after a phrase [1, L, Z].
  void begin(FrameMemory& memory, const torch::Tensor& phrase);
  void step(std::span<const FrameStep> steps);

 private:
  // immutable after construction
  FrameDancer dancer_;
  std::unique_ptr<FastNetwork> network_;  // null: LibTorch
  std::vector<float> mean_, spread_;
  // scratch
  std::vector<float> says_;
  std::vector<const float*> seen_;
  std::vector<float*> says_of_;
  std::vector<FastNetwork::Memory*> states_;
};

}  // namespace ombra::model
