#include "show/keys/mapping_keys.hpp"

#include "show/live/mapping_editor.hpp"

#include <SDL.h>

#include <algorithm>
#include <iterator>

namespace ombra::show {
namespace {

struct Row {
  Key key;
  MappingKey act;
  std::string_view name;  // of a line of the list
  std::string_view help;  // neighbours with the same are one line
};

constexpr std::string_view kMoves = "the point a pixel, with Shift a tenth", kNext = "the next point",
                           kPrevious = "the point before", kRedo = "does it again";

constexpr Row kRows[] = {
    {{SDLK_LEFT, 0}, MappingKey::kLeft, "mapping_move", kMoves},
    {{SDLK_RIGHT, 0}, MappingKey::kRight, "mapping_move", kMoves},
    {{SDLK_UP, 0}, MappingKey::kUp, "mapping_move", kMoves},
    {{SDLK_DOWN, 0}, MappingKey::kDown, "mapping_move", kMoves},
    {{SDLK_n, 0}, MappingKey::kNext, "mapping_next", kNext},
    {{SDLK_PAGEDOWN, 0}, MappingKey::kNext, "mapping_next", kNext},
    {{SDLK_p, 0}, MappingKey::kPrevious, "mapping_previous", kPrevious},
    {{SDLK_PAGEUP, 0}, MappingKey::kPrevious, "mapping_previous", kPrevious},
    {{SDLK_z, Key::kCtrl}, MappingKey::kUndo, "mapping_undo", "takes it back"},
    {{SDLK_y, Key::kCtrl}, MappingKey::kRedo, "mapping_redo", kRedo},
    {{SDLK_z, Key::kCtrl | Key::kShift}, MappingKey::kRedo, "mapping_redo", kRedo},
    {{SDLK_ESCAPE, 0}, MappingKey::kEnd, "mapping_end", "done"},
};

// A key with Shift is the one without where there is no row for it.
const Row* find(const KeyPress& press) {
  if ((press.mods & KMOD_GUI) != 0) return nullptr;
  const unsigned mods = modifiers_of(press.mods);
  for (const Key& key : {Key{press.key, mods}, Key{press.key, mods & ~Key::kShift}}) {
    const Row* found = std::ranges::find(kRows, key, &Row::key);
    if (found != std::end(kRows)) return found;
  }
  return nullptr;
}

}  // namespace

std::vector<KeyLine> mapping_lines(const Keys& keys) {
  std::vector<KeyLine> lines;
  for (const Row& row : kRows) {
    if (keys.goes_first(row.key)) continue;
    if (lines.empty() || lines.back().first != row.name)
      lines.push_back({.group = "Mapping", .first = row.name, .help = row.help});
    lines.back().keys.push_back(key_text(row.key));
  }
  return lines;
}

bool press_mapping(const KeyPress& press, MappingEditor& editor) {
  const Row* row = editor.editing() ? find(press) : nullptr;
  return row && editor.press(row->act, (press.mods & KMOD_SHIFT) != 0, press.repeat);
}

}  // namespace ombra::show
