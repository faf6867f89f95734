#pragma once
// How well a dance that follows what was heard stops on beats that are known: the shipped dancer, on its clock, with
// its usual controls. Thread: one owner.

#include "core/frames.hpp"
#include "footage/motion/pulse.hpp"
#include "model/figure/seen_joints.hpp"

#include <filesystem>
#include <span>

namespace ombra::cli {

class BeatDancer {
 public:
  // Throws Error when the model cannot be read, or its codes are no poses.
  explicit BeatDancer(std::filesystem::path model);

  // hops: consecutive ones of a piece; beats_s: where its beats truly are. From five seconds on.
  train::Alignment dance(std::span<const AudioFrame> hops, std::span<const double> beats_s) const;

 private:
  // immutable after construction
  const std::filesystem::path model_;
  const model::SeenJoints seen_;
};

}  // namespace ombra::cli
