#pragma once
// Depth for joints that are known in the picture plane alone (keypoints of videos): a small network that has seen
// motion in space from all sides. From a second of joints round a frame it gives, for each bone, whether it points
// towards the viewer or away; how far it can is known from its length (as in Taylor 2000), so that limbs keep theirs.
// B windows, W frames of one, J joints, N bones. Thread: one owner; lift(): any.

#include "footage/data/data_set.hpp"

#include <torch/torch.h>

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

struct LiftOptions {
  std::uint64_t seed = 1;
  std::int64_t steps = 3500, batch = 256;
};

// Of real capture it is off by 3.3 cm on clips that were held out, where the mean pose is off by 9.8; by 7.1 cm on all
// clips of a source and its dancers, whose joints sit elsewhere, too (10.2 and 11.3 the mean pose).
class Lift {
 public:
  // Learns from the takes of data that have depth and are not held out, turned by any angle and with the noise of
  // keypoints; ends early after Ctrl-C. Throws Error where there are none.
  static Lift train(const DataSet& data, const LiftOptions& options = {});

  // Poses of one dancer, frame by frame at the rate of the data set, metres, y above the floor -> the same with depth,
  // z towards the viewer, from the hip. Where joints are not known (NaN) nothing is.
  std::vector<Pose3> lift(std::span<const Pose2> flat) const;

 private:
  Lift(const DataSet& data, const torch::Tensor& poses);

  torch::Tensor depth(const torch::Tensor& windows) const;  // [B, W, J, 2] m -> [B, J] m, from the hip

  std::vector<std::int64_t> offsets_;  // W: frames of a window, from its middle one
  torch::Tensor bones_;                // [N] m
  torch::nn::Sequential network_;
};

// Mean distance between lifted joints and the true ones, all but the hip, over the takes with depth that are held out.
struct LiftError {
  double lifted_cm = 0.0;
  double mean_pose_cm = 0.0;  // of the mean pose's depth instead, turned as the dancer is
  std::int64_t frames = 0;    // 0: no such takes, the errors are NaN
};
// Seen from each of these sides. noise_cm: of keypoints, a normal error on every joint and coordinate that moves within
// a tenth of a second.
LiftError lift_error(const Lift& lift, const DataSet& data, std::span<const double> yaws_degrees,
                     double noise_cm = 0.0);

}  // namespace ombra::train
