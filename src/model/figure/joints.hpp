#pragma once
// The skeleton: joints of a pose, in the order in which data sets, codes and networks number them. Thread: any
// (values).

#include <array>
#include <cstdint>

namespace ombra::model {

// x to the viewer's right, y up, z towards the viewer; metres.
struct Joint3 {
  float x = 0, y = 0, z = 0;
};
struct Joint2 {
  float x = 0, y = 0;
};

inline constexpr int kJoints = 20;
inline constexpr std::int64_t kPoseNumbers = 2 * kJoints;  // (x, y) of each joint in metres
enum Joint : int {
  kHip,
  kSpine,
  kNeck,
  kHead,
  kLShoulder,
  kLElbow,
  kLWrist,
  kLHand,
  kRShoulder,
  kRElbow,
  kRWrist,
  kRHand,
  kLHip,
  kLKnee,
  kLAnkle,
  kLBigToe,
  kRHip,
  kRKnee,
  kRAnkle,
  kRBigToe,
};
// The joint that each hangs on, -1 the hip's; parents come before their children.
inline constexpr std::array<int, kJoints> kParentJoint = {
    -1,      kHip,    kSpine, kNeck, kNeck,  kLShoulder, kLElbow, kLWrist, kNeck,  kRShoulder,
    kRElbow, kRWrist, kHip,   kLHip, kLKnee, kLAnkle,    kHip,    kRHip,   kRKnee, kRAnkle};

using Pose3 = std::array<Joint3, kJoints>;
using Pose2 = std::array<Joint2, kJoints>;

}  // namespace ombra::model
