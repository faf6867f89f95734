#pragma once
// A dance of frames, as in the published systems: one latent a step. One tick is one frame. Thread: one owner.

#include "model/dancers/dance_stream.hpp"
#include "model/dancers/frame_stepper.hpp"

namespace ombra::model {

class FramesStream : public DanceStream {
 public:
  FramesStream(std::shared_ptr<const DancerFile> file, std::shared_ptr<FrameStepper> stepper, std::uint64_t seed);

  void start(std::int64_t tick, int seed) override;
  void advance(std::span<DanceStream* const> together, double tick, const DanceControls& controls) override;
  void jump(std::int64_t tick, int seed, const DanceControls& controls) override;

 private:
  // seed -1: as the recipe's seeding says
  void prime(int seed);
  std::vector<float> random_phrase();  // [context][Z], even over the range of the codes
  void step(const DanceControls& controls, double temperature);
  FrameStep asked(double temperature);           // of the stepper
  void answered(const DanceControls& controls);  // appends it
  // Has it danced long enough for the freeze guard to watch it?
  bool guarded(const DanceControls& controls) const;
  bool still(std::int64_t ticks) const;

  std::shared_ptr<const DancerFile> file_;
  std::shared_ptr<FrameStepper> stepper_;  // of all dancers
  const std::int64_t second_;              // in ticks
  Rng rng_;
  FrameMemory memory_;
  std::vector<float> next_;  // [Z]
};

}  // namespace ombra::model
