#include "stage/flash_guard.hpp"

namespace ombra::stage {
namespace {

// Powers of two: then the last level of the mip chain is the exact mean.
constexpr int kWidth = 128, kHeight = 64;

}  // namespace

FlashGuard::FlashGuard()
    : picture_(GL_RGBA16F, kWidth, kHeight, gfx::mip_levels(kWidth, kHeight)),
      states_{gfx::Framebuffer(GL_RGBA32F, 1, 1), gfx::Framebuffer(GL_RGBA32F, 1, 1)} {}

void FlashGuard::update(const gfx::Program& guard, const gfx::EmptyVertices& vertices, int picture_unit,
                        int guard_unit) {
  picture_.texture().bind(picture_unit);
  picture_.texture().make_mipmaps();
  bind(guard_unit);
  states_[1 - newest_].bind();
  guard.use();
  guard.set("u_max_rise", started_ ? kMaxRise : 1e6f);
  guard.set("u_last_level", static_cast<float>(picture_.texture().levels() - 1));
  vertices.draw_fullscreen();
  newest_ = 1 - newest_;
  started_ = true;
}

}  // namespace ombra::stage
