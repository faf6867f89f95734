#pragma once
// A dance of frames, as in the published systems: one latent a step. One tick is one frame. Thread: one owner.

#include "model/dance_stream.hpp"
#include "model/model_folder.hpp"

namespace ombra::model {

class FramesStream : public DanceStream {
 public:
  FramesStream(std::shared_ptr<Model> model, std::uint64_t seed);

  void start(std::int64_t tick, int seed) override;
  void advance(std::int64_t tick, const DanceControls& controls) override;
  void jump(std::int64_t tick, int seed, const DanceControls& controls) override;

 private:
  // seed -1: as the recipe's seeding says
  void prime(int seed);
  void step(const DanceControls& controls, double temperature);

  std::shared_ptr<Model> model_;
  Rng rng_;
  DancerMemory memory_;
};

}  // namespace ombra::model
