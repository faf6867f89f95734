#pragma once
// The keys while a mapping is edited on the wall: arrows a pixel, with Shift a tenth; N and P, or the page keys, the
// next point and the one before; Ctrl+Z undo, Ctrl+Shift+Z and Ctrl+Y redo; Esc ends it. Thread: one owner (the
// show's).

#include "show/keys/keys.hpp"

namespace ombra::show {

class MappingEditor;

// -> was it one of these, and is a mapping edited?
bool press_mapping(const KeyPress& press, MappingEditor& editor);

}  // namespace ombra::show
