#pragma once
// The panels of the desk, one file each. All of them draw into the ImGui window that is open.
// Thread: render only.

#include "show/desk/desk.hpp"

namespace ombra::show {

struct DeskContext {
  ShowParams& params;
  Modulation& modulation;
  const DeskView& view;
  DeskActions& actions;
  DeskMemory& memory;
  const DeskFonts& fonts;
  const Keys& keys;
};

// --- parts that stand around the panels; width in pixels, 0: all that there is
// One line, whatever there is to say; pointing at it or clicking it shows all.
void draw_status(const DeskContext& desk, float width = 0.0f);
// Tempo, who leads it, and a lamp for each beat of the bar.
void draw_tempo(const DeskContext& desk, float width = 0.0f);
// The last seconds and the bands, so many text heights high, and a line about the input.
void draw_sound(DeskContext& desk, float ems);
void draw_record_button(DeskContext& desk, float width);
// What is recorded, and the take if there is one: a line each.
void draw_recording_line(DeskContext& desk);
void draw_take_line(const DeskContext& desk);
// Streams and other programs that the picture goes to.
void draw_sharing(DeskContext& desk);
// Where the music comes from: a list that opens.
void draw_input_choice(DeskContext& desk, float width = 0.0f);
// Work while the show is locked, too, but for the test card.
void draw_show_mode(DeskContext& desk, float width = 0.0f);
void draw_lock(DeskContext& desk, float width);
// -> help for whatever locks
std::string lock_help(const DeskContext& desk);
// What leaves, in its shape, in what the ImGui window has room for.
void draw_preview(const DeskContext& desk);
// Where it leaves to, and where else it could.
void draw_outputs(DeskContext& desk);

// --- panels
void draw_show(DeskContext& desk);
void draw_look(DeskContext& desk);
void draw_title(DeskContext& desk);
void draw_dance(DeskContext& desk);
// Only where the dancer draws people: who they are, which way they are turned, and all of them to click.
void draw_people(DeskContext& desk);
bool knows_people(const DeskContext& desk);
void draw_beat(DeskContext& desk);
void draw_modulation(DeskContext& desk);
void draw_setup(DeskContext& desk);
void draw_machine(DeskContext& desk);
// All keys, over a whole window of this size in pixels, which takes the pointer. front: nothing is drawn over it.
void draw_keys(DeskContext& desk, int width, int height, bool front);
// Only where there is an output that can be mapped.
void draw_mapping(DeskContext& desk);
// The output that is edited with the picture on it and its points, which the mouse drags. height: pixels.
void draw_mapping_canvas(DeskContext& desk, float height);

// --- parts of panels
// In what is left of the ImGui window, less so many pixels, scrolling by itself; 0 rows: as many as there are.
void draw_presets(DeskContext& desk, int rows);
// height: room for the gallery, which scrolls by itself where its pictures need more; 0: as high as it is.
void draw_seeds(DeskContext& desk, float height);

// Over the whole window, instead of the desk.
void draw_calibration(const DeskContext& desk, int width, int height);

}  // namespace ombra::show
