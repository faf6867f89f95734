#pragma once
// The pictures that passes draw and read, kept in a size that fits the output.
// Thread: render only.

#include "gfx/framebuffer.hpp"
#include "stage/looks.hpp"

#include <array>
#include <optional>

namespace ombra::stage {

// One picture that passes draw and read; two in turn where the frame before is needed.
struct PassTarget {
  std::array<std::optional<gfx::Framebuffer>, 2> pictures;
  int newest = 0;

  // width, height: of the output, pixels
  void fit(const SlotInfo& slot, int width, int height);
};

}  // namespace ombra::stage
