// How the dancer is drawn, and what is written over it.
#include "show/desk/desk_widgets.hpp"

namespace ombra::show {

void draw_look(DeskContext& desk) {
  draw_params(desk, Section::kLook);
  section("light");
  draw_params(desk, Section::kLight);
  section("colours");
  draw_params(desk, Section::kColours);
  section("place");
  draw_params(desk, Section::kPlace);
}

void draw_title(DeskContext& desk) {
  draw_params(desk, Section::kTitle);
  section("logo");
  draw_params(desk, Section::kLogo);
}

}  // namespace ombra::show
