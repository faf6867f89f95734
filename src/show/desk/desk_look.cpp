// How the dancer is drawn.
#include "show/desk/desk_widgets.hpp"

namespace ombra::show {

void draw_look(DeskContext& desk) {
  draw_params(desk, Section::Look);
  section("light");
  draw_params(desk, Section::Light);
  section("colours");
  draw_params(desk, Section::Colours);
  section("place");
  draw_params(desk, Section::Place);
}

}  // namespace ombra::show
