#include "show/keys/mapping_keys.hpp"

#include "show/live/mapping_editor.hpp"

#include <SDL.h>

#include <optional>

namespace ombra::show {
namespace {

std::optional<MappingKey> meant(const KeyPress& press) {
  const bool shift = (press.mods & KMOD_SHIFT) != 0;
  if ((press.mods & (KMOD_ALT | KMOD_GUI)) != 0) return std::nullopt;
  if ((press.mods & KMOD_CTRL) != 0) {
    if (press.key == SDLK_z) return shift ? MappingKey::kRedo : MappingKey::kUndo;
    return press.key == SDLK_y ? std::optional(MappingKey::kRedo) : std::nullopt;
  }
  switch (press.key) {
    case SDLK_LEFT:
      return MappingKey::kLeft;
    case SDLK_RIGHT:
      return MappingKey::kRight;
    case SDLK_UP:
      return MappingKey::kUp;
    case SDLK_DOWN:
      return MappingKey::kDown;
    case SDLK_PAGEDOWN:
    case SDLK_n:
      return MappingKey::kNext;
    case SDLK_PAGEUP:
    case SDLK_p:
      return MappingKey::kPrevious;
    case SDLK_ESCAPE:
      return MappingKey::kEnd;
    default:
      return std::nullopt;
  }
}

}  // namespace

bool press_mapping(const KeyPress& press, MappingEditor& editor) {
  const auto key = editor.editing() ? meant(press) : std::nullopt;
  return key && editor.press(*key, (press.mods & KMOD_SHIFT) != 0, press.repeat);
}

}  // namespace ombra::show
