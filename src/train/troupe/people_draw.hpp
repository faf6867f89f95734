#pragma once
// People who dance, drawn on the spot: what a painter of people learns from. Scenes of a few seconds are played, a
// person and a piece of a clip by chance, and seen from all sides. What is drawn at a step depends on the step alone.
// B pictures, S size. Thread: one owner.

#include "core/rng.hpp"
#include "footage/data/data_set.hpp"
#include "footage/people/person_dance.hpp"
#include "model/figure/pose_code.hpp"

#include <torch/torch.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ombra::train {

using Troupe = std::vector<std::shared_ptr<const Person>>;
// Everybody of a folder but those left out by name. Throws Error.
Troupe read_troupe(const std::filesystem::path& folder, const std::vector<std::string>& left_out = {});

struct DrawnPeople {
  torch::Tensor bodies;  // [B, kBodyNumbers]
  torch::Tensor who;     // [B] numbers in the troupe
  torch::Tensor poses;   // [B, 60] as the camera sees them, the hip where the figure's is
  torch::Tensor fields;  // [B, 1, S, S] in picture heights, clamped
};

class PeopleDraw {
 public:
  // Of the clips with joints in space, or of those of them that are held out; each once, from the front. Where it is
  // learned from, dancers kick now and then: footage has few kicks, and none in a gown.
  PeopleDraw(const DataSet& data, Troupe troupe, bool held_out);

  bool empty() const { return takes_.empty(); }
  const Troupe& troupe() const { return troupe_; }
  // Radians that ankle to toe points up where the dancers stand, in the median over the clips.
  double foot_pitch() const;
  // A painter learns to draw people from all sides; who looks at a silhouette cannot tell front from back, and is shown
  // dancers as a camera is placed before them.
  enum class Camera { kAnywhere, kInFront };
  DrawnPeople draw(std::int64_t step, std::int64_t batch, std::int64_t size, Rng& rng,
                   Camera camera = Camera::kAnywhere);
  // The same without pictures.
  DrawnPeople pose(std::int64_t step, std::int64_t batch, Rng& rng, Camera camera = Camera::kAnywhere);

 private:
  struct Take {
    std::vector<Pose3> poses;
    model::Footing footing;
    double fps;
  };
  struct Scene {
    int who = 0;
    double fps = 0.0;
    std::vector<Pose3> poses;
    std::shared_ptr<const PersonDance> dance;
    std::vector<float> bodies;  // [frames][kBodyNumbers]
  };
  struct Shot {
    const Scene* scene;
    std::size_t frame;
    float yaw;
  };
  Scene play(std::int64_t number) const;
  std::vector<Shot> shots(std::int64_t step, std::int64_t batch, Rng& rng, Camera camera);
  static DrawnPeople pose(const std::vector<Shot>& shots);
  void play_up_to(std::int64_t step);

  // immutable after construction
  const Troupe troupe_;
  const bool kicks_;
  std::vector<Take> takes_;
  std::vector<double> until_;  // frames of the takes up to each
  // state
  std::map<std::int64_t, Scene> scenes_;
};

}  // namespace ombra::train
