#pragma once
// A show off-screen whose desk is operated: with the places of its controls, clicks, and pictures of the window.

#include "core/error.hpp"
#include "gfx/framebuffer.hpp"
#include "show/headless_show.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ombra::show {

struct Show {
  std::shared_ptr<CapsuleDancer::Script> script = std::make_shared<CapsuleDancer::Script>();
  std::unique_ptr<Session> session;

  explicit Show(std::vector<std::string> sets = {}, int width = 640, int height = 360) {
    SessionOptions options = headless_options(width, height, script);
    options.sets = std::move(sets);
    session = std::make_unique<Session>(std::move(options));
  }

  void frames(int n) {
    for (int i = 0; i < n; ++i) ASSERT_TRUE(session->frame()) << "the show ended at frame " << i;
    gfx::gl_check("the show");
  }
  bool on_desk(const char* name) const { return session->desk().place_of(name).has_value(); }
  // across: from the left end of the place, 0, to the right one, 1. A row begins with its label, its value begins at
  // 0.3.
  Spot spot(const char* name, float across = 0.5f) const {
    const auto place = session->desk().place_of(name);
    if (!place) throw error("{} is not to be seen on the desk", name);
    return {static_cast<int>(place->left + across * (place->right - place->left)),
            static_cast<int>(0.5f * (place->top + place->bottom))};
  }
  void click(Spot at, int which = SDL_BUTTON_LEFT) {
    point_at(at);
    frames(1);
    press_button(true, at, which);
    frames(1);
    press_button(false, at, which);
    frames(1);
  }
  gfx::Image picture(int width = 640, int height = 360) {
    session->frame();
    gfx::Image image = gfx::read_pixels(0, width, height);
    return image;
  }
};

}  // namespace ombra::show
