#pragma once
// Which name in a file means which joint: motion tools agree on nothing.
// Thread: any.

#include "train/motion.hpp"

#include <array>
#include <span>
#include <string>

namespace ombra::train {

// -> for each of our joints the index of the name that stands for it, or -1.
// Names are compared in lower case without separators, name spaces ("mixamorig:") and known prefixes; "Left"/"L",
// "Right"/"R" in front or behind are one. Synonyms are tried best first (joint_names.cpp holds the table); a name is
// used once.
std::array<int, kJoints> match_joints(std::span<const std::string> names);

}  // namespace ombra::train
