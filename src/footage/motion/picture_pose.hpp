#pragma once
// From recorded movement to joints in the picture plane: x from the middle, y above the floor, metres.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::train {

// An orthographic camera that the dancer faces (by the median shoulder line) and that is then turned by yaw degrees;
// resampled to fps. Slow drift of the hip (slower than a second) is taken out; the floor is where the feet stand.
// Keypoints of 2-D clips jitter: they pass a median of five frames and a Gaussian of 27 ms; yaw does not apply to them.
std::vector<Pose2> to_picture(const MotionClip& clip, double fps, double yaw_degrees);

// Left and right swapped: the same dance as a mirror shows it.
std::vector<Pose2> mirrored(std::span<const Pose2> poses);

// How far the pose moves a frame (2-norm over all joints), m; the first value is the second's.
std::vector<double> speed(std::span<const Pose2> poses);

struct FrameRange {
  std::size_t first = 0, count = 0;
};
// -> the dance without the standing still before and after it: that would be learned, too, and never left again
FrameRange active(std::span<const Pose2> poses, double fps);

}  // namespace ombra::train
