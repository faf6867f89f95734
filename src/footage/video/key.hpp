#pragma once
// A key says which part of a colour picture is the dancer: ink, 0 ground .. 1 figure, soft across the edge.
// Levels are 0..255; brightness is Rec. 601 luma.
// Thread: any (values).

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ombra::train {

using Colour = std::array<std::uint8_t, 3>;

enum class KeyKind {
  kAuto,        // chosen by choose_key
  kBelow,       // figure: darker than the threshold
  kAbove,       // figure: brighter
  kDistance,    // figure: at most the threshold away from its colour (or farther than that from the ground's)
  kGreen,       // ground: green screen; threshold: how far green exceeds red and blue at half cover
  kBlue,        // the same of a blue screen
  kRemoveBlue,  // blue pixels become white, then what is darker than half is the figure
  kBackground,  // figure: differs from the median picture of a camera that stands still (footage/video/background.hpp)
  kRim,   // figure: dark, with light all round it (footage/video/rim_key.hpp); threshold: levels darker than that light
  kNone,  // no figure is looked for: pictures stay as they are
};

struct KeySpec {
  KeyKind kind = KeyKind::kAuto;
  std::optional<double> threshold{};  // levels; of kDistance up to 441; nothing: choose_key measures it
  std::optional<Colour> colour{};     // of kDistance; nothing: the ground's, measured
  bool colour_is_ground = false;
  double contrast = 1.0;  // raised before anything else, about middle grey
};

// -> as the command line and recipes spell it: auto, below, above, distance, green, blue, remove-blue, background, rim,
// none
const char* name_of(KeyKind kind);
// Throws UsageError with a hint that lists the names.
KeyKind parse_key(const std::string& name);
// "#rrggbb" is the figure's colour, "ground:#rrggbb" the ground's, "ground" the ground's as it is measured.
// Throws UsageError.
void parse_key_colour(const std::string& text, KeySpec& key);

inline int luma(const std::uint8_t* rgb) { return (77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) >> 8; }
inline int green_excess(const std::uint8_t* rgb) { return rgb[1] - (rgb[0] > rgb[2] ? rgb[0] : rgb[2]); }
inline int blue_excess(const std::uint8_t* rgb) { return rgb[2] - (rgb[0] > rgb[1] ? rgb[0] : rgb[1]); }
double colour_distance(const std::uint8_t* rgb, const Colour& colour);

void raise_contrast(std::span<std::uint8_t> rgb, double contrast);

// rgb [pixels][3] -> ink [pixels], for every kind but kAuto, kBackground, kRim (no ink: they need more than
// one pixel) and kNone (all ink). The key must have its threshold and its colour.
void key_picture(const KeySpec& key, std::span<const std::uint8_t> rgb, std::span<float> ink);

// Takes the screen's light off the figure: green (or blue) is limited to the larger of the other two.
// Does nothing for other keys.
void suppress_spill(KeyKind kind, std::span<std::uint8_t> rgb);

}  // namespace ombra::train
