#include "stage/looks.hpp"

namespace ombra::stage {

const SlotInfo& info(Slot slot) {
  constexpr int kAll = 1 << 20;
  // indexed by Slot; half floats where light is summed in linear units, bytes where 0..1 is enough
  static const SlotInfo kInfo[kSlots] = {
      {GL_RGBA8, 1, kAll, false},   // mask
      {GL_R16F, 2, 540, false},     // distance
      {GL_RG16F, 2, 540, true},     // trail
      {GL_RG16F, 8, 90, false},     // wide_x
      {GL_RG16F, 8, 90, false},     // wide
      {GL_R16F, 4, 180, false},     // rays
      {GL_RGBA16F, 2, 540, false},  // light
  };
  return kInfo[static_cast<int>(slot)];
}

const std::vector<Look>& all_looks() {
  static const Pass kMask{"mask.glsl", Slot::kMask, Draw::kOver};
  static const Pass kDistance{"distance.glsl", Slot::kDistance, Draw::kMin};
  static const Pass kTrail{"trail.glsl", Slot::kTrail};
  static const Pass kWideX{"wide_x.glsl", Slot::kWideX};
  static const Pass kWideY{"wide_y.glsl", Slot::kWide};
  static const std::vector<Look> kLooks = {
      {"lantern",
       {kMask,
        kDistance,
        kTrail,
        kWideX,
        kWideY,
        {"lantern_rays.glsl", Slot::kRays},
        {"lantern_light.glsl", Slot::kLight}},
       "lantern.glsl"},
      {"neon", {kMask, kDistance, kTrail, kWideX, kWideY, {"neon_light.glsl", Slot::kLight}}, "neon.glsl"},
      {"paper", {kMask, kDistance, kTrail, kWideX, kWideY, {"paper_light.glsl", Slot::kLight}}, "paper.glsl"},
  };
  return kLooks;
}

}  // namespace ombra::stage
