// How the dancer moves.
#include "show/desk/desk_widgets.hpp"

namespace ombra::show {

void draw_dancer(DeskContext& desk) {
  const ShowParams& p = desk.params;
  draw_param(desk, p.temperature);
  draw_param(desk, p.energy);
  draw_param(desk, p.pulse);
  draw_param(desk, p.tightness);
  draw_param(desk, p.accent);
  draw_param(desk, p.smoothness);
  draw_param(desk, p.top_p);
  draw_param(desk, p.count);
  draw_param(desk, p.speed);
  draw_param(desk, p.hold);
  draw_param(desk, p.jump);
}

}  // namespace ombra::show
