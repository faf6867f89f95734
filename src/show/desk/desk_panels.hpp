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

// One line, whatever there is to say; pointing at it or clicking it shows all.
void draw_status(const DeskContext& desk);
void draw_meters(DeskContext& desk);
void draw_recording(DeskContext& desk);
// Works while the show is locked, too, but for the test card.
void draw_show_mode(DeskContext& desk);
void draw_beat(DeskContext& desk);
void draw_seeds(DeskContext& desk);
void draw_look(DeskContext& desk);
void draw_modulation(DeskContext& desk);
void draw_machine(DeskContext& desk);
// All keys, over a whole window of this size in pixels, which takes the pointer. front: nothing is drawn over it.
void draw_keys(DeskContext& desk, int width, int height, bool front);
// Over the whole window, instead of the desk.
void draw_calibration(const DeskContext& desk, int width, int height);

}  // namespace ombra::show
