#pragma once
// The keys while a mapping is edited on the wall: arrows a pixel, with Shift a tenth; N and P, or the page keys, the
// next point and the one before; Ctrl+Z undo, Ctrl+Shift+Z and Ctrl+Y redo; Esc ends it. Thread: one owner (the
// show's).

#include "show/keys/keys.hpp"

#include <vector>

namespace ombra::show {

class MappingEditor;

// -> the lines of the list of keys, as Keys::lines has them for the rest: without keys that go first, see Keys
std::vector<KeyLine> mapping_lines(const Keys& keys);

// -> was it one of these, and is a mapping edited?
bool press_mapping(const KeyPress& press, MappingEditor& editor);

}  // namespace ombra::show
