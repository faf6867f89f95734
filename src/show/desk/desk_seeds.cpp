// The gallery of seed phrases: a click lets the dancers go on from that phrase at the next beat.
#include "show/desk/desk_gallery.hpp"

namespace ombra::show {

void draw_seeds(DeskContext& desk, float height) {
  DeskMemory& m = desk.memory;
  if (keep_pictures(m.seeds, desk.view.seeds)) m.chosen_seed = -1;
  if (!m.seeds.field || m.seeds.field->dancers == 0) {
    ImGui::TextDisabled("this dancer has no seed phrases");
    return;
  }
  const auto after = [&](int n, bool clicked) {
    if (clicked) desk.params.set(desk.params.seed.index, n + 1);
    if (n < 9) number_card(n + 1);  // a key has it
    if (n == m.chosen_seed) frame_card(theme::kWarm, 1.0f);
    help("Continue from here at the next beat.");
  };
  draw_gallery(m.seeds, {.id = "seeds", .cards = m.seeds.field->dancers, .after = after}, height);
}

}  // namespace ombra::show
