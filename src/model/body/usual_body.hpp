#pragma once
// One body for all: 41 bones, hair and a skirt, 1.72 m tall. What a pose makes of it is what a painter is told, whoever
// is to be drawn. Places, directions and lengths are the means of the 24 figures that Ombra's painter has learned from
// (made with MakeHuman's data, CC0). Thread: any.

#include "model/body/bone_tree.hpp"

namespace ombra::model {

// hips spine chest neck head hair_1 .. hair_3; of each side shoulder upper_arm lower_arm hand, two phalanges of five
// fingers, upper_leg lower_leg foot toes; skirt_front_1 skirt_front_2, likewise back, left and right
const BoneTree& usual_body();

}  // namespace ombra::model
