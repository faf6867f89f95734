#pragma once
// What a painter is told of a moment of a dance: how each part of the usual body is turned, where hair and hems hang as
// they swing behind it, where fingers point, and where it all is. 3-vectors, so that another camera sees the same
// numbers turned, and so that every point on a body is linear in them.
//
//   parts    hips, chest, head; of the left side, then of the right one: shoulder, upper arm, lower arm, hand, upper
//            leg, lower leg, foot, toes: three vectors each, where the part's x, y and z of rest (BoneTree) point now
//   hair     its three links; skirt: front, back, left and right, two links each: where they point
//   fingers  of the left hand, then of the right one: thumb .. little finger, two phalanges each: where they point
//   place    x and z of the hips, m, and in the middle how high they are over where they are at rest, standing on the
//            floor or off it as far as the dancer is
//
// Thread: any (constants).

#include <cstdint>

namespace ombra::model {

inline constexpr std::int64_t kBodyParts = 19, kHangingLinks = 11, kPhalanges = 20;
inline constexpr std::int64_t kBodyVectors = 3 * kBodyParts + kHangingLinks + kPhalanges + 1;
inline constexpr std::int64_t kBodyNumbers = 3 * kBodyVectors;

}  // namespace ombra::model
