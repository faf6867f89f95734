#pragma once
// From recorded movement to joints in the picture plane: x from the middle, y above the floor, metres.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::train {

// One dancer in space, seen by a camera that the dancer faces (by the median shoulder line): x to the viewer's right, z
// towards the viewer, y above the floor where the feet stand; resampled to fps. Keypoints of 2-D clips jitter: they
// pass a median of five frames and a Gaussian of 27 ms.
std::vector<Pose3> to_space(const MotionClip& clip, double fps);

// The same from a camera that is turned by yaw degrees round the dancer; slow drift of the hip (slower than a second),
// sideways and in depth, is taken out.
std::vector<Pose3> seen_from(std::span<const Pose3> space, double fps, double yaw_degrees);

// What an orthographic camera sees: x and y.
std::vector<Pose2> flat(std::span<const Pose3> poses);
// flat(seen_from(to_space)); yaw does not apply to 2-D clips.
std::vector<Pose2> to_picture(const MotionClip& clip, double fps, double yaw_degrees);

// Left and right swapped: the same dance as a mirror shows it.
std::vector<Pose2> mirrored(std::span<const Pose2> poses);
std::vector<Pose3> mirrored(std::span<const Pose3> poses);

// How far the pose moves a frame (2-norm over all joints), m; the first value is the second's.
std::vector<double> speed(std::span<const Pose2> poses);

struct FrameRange {
  std::size_t first = 0, count = 0;
};
// -> the dance without the standing still before and after it: that would be learned, too, and never left again
FrameRange active(std::span<const Pose2> poses, double fps);

}  // namespace ombra::train
