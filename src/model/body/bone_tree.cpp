#include "model/body/bone_tree.hpp"

namespace ombra::model {

int BoneTree::find(BodyBone bone, BodySide side, int number) const {
  for (std::size_t i = 0; i < bones.size(); ++i) {
    const std::optional<BoneRole>& role = bones[i].role;
    if (role && role->bone == bone && role->side == side && (number == 0 || role->number == number))
      return static_cast<int>(i);
  }
  return -1;
}

}  // namespace ombra::model
