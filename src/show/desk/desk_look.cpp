// How the dancer is drawn.
#include "show/desk/desk_widgets.hpp"

namespace ombra::show {

void draw_look(DeskContext& desk) {
  const ShowParams& p = desk.params;
  draw_param(desk, p.look);
  section("light");
  draw_param(desk, p.glow);
  draw_param(desk, p.swell);
  draw_param(desk, p.throb);
  draw_param(desk, p.flash);
  draw_param(desk, p.trails);
  draw_param(desk, p.softness);
  draw_param(desk, p.grain);
  section("colours");
  draw_param(desk, p.ink);
  draw_param(desk, p.light);
  draw_param(desk, p.backdrop);
  section("place");
  draw_param(desk, p.figure_size);
  draw_param(desk, p.spread);
  draw_param(desk, p.mirror);
}

}  // namespace ombra::show
