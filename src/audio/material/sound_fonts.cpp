#include "audio/material/sound_fonts.hpp"

#include "core/error.hpp"

#include <system_error>

namespace ombra::audio {
namespace {

constexpr const char* kFonts[] = {
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",              // fluid-soundfont-gm
    "/usr/share/sounds/sf3/MuseScore_General_Lite.sf3",  // musescore-general-soundfont-small
    "/usr/share/sounds/sf2/TimGM6mb.sf2",                // timgm6mb-soundfont
};

}  // namespace

std::vector<std::filesystem::path> sound_fonts() {
  std::vector<std::filesystem::path> found;
  for (const char* font : kFonts) {
    std::error_code code;
    if (std::filesystem::is_regular_file(font, code)) found.emplace_back(font);
  }
  if (found.empty()) {
    throw error(
        "/usr/share/sounds: no sound fonts to play with\nhint: sudo apt-get install fluid-soundfont-gm "
        "timgm6mb-soundfont musescore-general-soundfont-small");
  }
  return found;
}

}  // namespace ombra::audio
