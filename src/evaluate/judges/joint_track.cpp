#include "evaluate/judges/joint_track.hpp"

#include "model/figure/pose_code.hpp"

#include <cstring>

namespace ombra::train {

using torch::Tensor;

Tensor judged_track(const Tensor& poses, double fps) {
  const Tensor from = poses.to(torch::kFloat).contiguous();
  const std::int64_t frames = from.size(0);
  Tensor places = torch::empty({frames, kJudgedNumbers / 2});
  for (std::int64_t t = 0; t < frames; ++t) {
    model::Pose3 pose;
    std::memcpy(&pose, from.data_ptr<float>() + t * model::kSpaceNumbers, sizeof pose);
    const float heading = model::heading_of(pose);
    float* to = places.data_ptr<float>() + t * kJudgedNumbers / 2;
    for (std::size_t j = 1; j < pose.size(); ++j) {
      const model::Joint3 own =
          model::turned({pose[j].x - pose[0].x, pose[j].y - pose[0].y, pose[j].z - pose[0].z}, -heading);
      *to++ = own.x, *to++ = own.y, *to++ = own.z;
    }
    *to = pose[0].y;
  }
  const Tensor change = (places.slice(0, 1) - places.slice(0, 0, -1)) * fps;
  return torch::cat({places, torch::cat({change.slice(0, 0, 1), change})}, 1);
}

}  // namespace ombra::train
