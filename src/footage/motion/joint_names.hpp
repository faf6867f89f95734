#pragma once
// Which name in a file means which joint: motion tools agree on nothing.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::train {

// -> for each of our joints the index of the name that stands for it, or -1. Each name is used once.
// What a name says (joint_words.hpp) is weighed against the others of its side: a "leg" below an upper leg is the knee,
// above a shin the hip; a "shoulder" above an arm is the collar bone. parents: index of the joint that each hangs on,
// -1 a root; empty: not known. A limb whose joints would hang on one another the wrong way round, or on one of the
// other side, is not taken. Where there are several dancers (roots, or name spaces) the most complete one is taken, or
// the first.
std::array<int, kJoints> match_joints(std::span<const std::string> names, std::span<const int> parents = {});

// -> the first few names that stand for nothing
std::vector<std::string> unused_names(std::span<const std::string> names, const std::array<int, kJoints>& match);

// What was looked for, for people: "left elbow, forearm, lower arm or radius"
std::string looked_for(int joint);
// A name that is surely understood: "LeftForeArm"
std::string clear_name(int joint);

}  // namespace ombra::train
