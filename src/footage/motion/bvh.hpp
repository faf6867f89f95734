#pragma once
// BVH, Biovision's text format for a skeleton and its channels. Any joint order, any channels in any order.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <string>
#include <string_view>

namespace ombra::train {

// Forward kinematics: -> the joints that the names stand for, NaN for the others, in the file's own unit.
// A joint's rotations are applied in the order of its channels; position channels add to the root's offset and take
// the place of any other joint's offset. An end site is called after its parent: "HeadEnd".
// origin names the file in errors ("origin:line: ..."). Throws Error.
MotionClip parse_bvh(std::string_view text, const std::string& origin);

}  // namespace ombra::train
