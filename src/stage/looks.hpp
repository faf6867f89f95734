#pragma once
// A look is data: which shader draws into which picture, in which order. Adding one is a row here and its files.
// Thread: any (constant tables).

#include "gfx/gl.hpp"

#include <string>
#include <vector>

namespace ombra::stage {

// The pictures that passes draw and read; each is the sampler of the same name in shaders/common.glsl.
enum class Slot { kMask, kDistance, kTrail, kWideX, kWide, kRays, kLight, kCount };
inline constexpr int kSlots = static_cast<int>(Slot::kCount);

struct SlotInfo {
  GLenum format;
  int divisor;        // the output's width and height divided by this,
  int most_lines;     // and by more where it would be higher than this: what is soft needs no more
  bool keeps_before;  // two pictures in turn: a pass that draws it reads the one of the frame before
};
const SlotInfo& info(Slot slot);

enum class Draw {
  kScreen,  // a fullscreen triangle
  kOver,    // the figures' near boxes, back to front, painted over each other
  kMin,     // the figures' far boxes, the smaller value stays
};

struct Pass {
  std::string fragment;
  Slot target;
  Draw draw = Draw::kScreen;
};

struct Look {
  std::string name;
  std::vector<Pass> passes;  // in order, before the last one
  std::string final;         // draws the output, and before that the small picture that the flash guard measures
};

// All looks, the default first.
const std::vector<Look>& all_looks();

}  // namespace ombra::stage
