#include "footage/video/key.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

constexpr std::pair<KeyKind, const char*> kNames[] = {{KeyKind::kAuto, "auto"},
                                                      {KeyKind::kBelow, "below"},
                                                      {KeyKind::kAbove, "above"},
                                                      {KeyKind::kDistance, "distance"},
                                                      {KeyKind::kGreen, "green"},
                                                      {KeyKind::kBlue, "blue"},
                                                      {KeyKind::kRemoveBlue, "remove-blue"},
                                                      {KeyKind::kBackground, "background"},
                                                      {KeyKind::kRim, "rim"},
                                                      {KeyKind::kNone, "none"}};

// Half of the levels over which ink goes from 0 to 1: as wide as the range up to the nearer end allows, so that a pixel
// that the figure half covers is half ink. (Inside a figure, cleaning fills up what is no edge.)
float softness(double threshold, double end) {
  const double room = std::min(threshold, end - threshold);
  return static_cast<float>(std::clamp(0.8 * room, 1.0, 90.0));
}

// -> ink of a level that lies `inside` levels within the figure's range
float ramp(float inside, float soft) { return std::clamp(0.5f + 0.5f * inside / soft, 0.0f, 1.0f); }

template <typename Inside>
void fill(std::span<const std::uint8_t> rgb, std::span<float> ink, float soft, const Inside& inside) {
  for (std::size_t i = 0; i < ink.size(); ++i) ink[i] = ramp(inside(&rgb[3 * i]), soft);
}

Colour parse_colour(const std::string& text) {
  if (const auto rgb = parse_rgb(text)) return *rgb;
  throw UsageError(fmt::format(
      "'{}' is not a colour\nhint: \"#rrggbb\" (the figure's), \"ground:#rrggbb\", or \"ground\" to measure it", text));
}

}  // namespace

const char* name_of(KeyKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  return "";
}

KeyKind parse_key(const std::string& name) {
  std::string all;
  for (const auto& [kind, known] : kNames) {
    if (name == known) return kind;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  throw UsageError(fmt::format("'{}' is not a key\nhint: {}", name.substr(0, 40), all));
}

void parse_key_colour(const std::string& text, KeySpec& key) {
  constexpr std::string_view kGround = "ground";
  key.colour.reset();
  key.colour_is_ground = text.rfind(kGround, 0) == 0;
  if (text == kGround) return;
  key.colour = parse_colour(key.colour_is_ground && text.size() > kGround.size() && text[kGround.size()] == ':'
                                ? text.substr(kGround.size() + 1)
                                : text);
}

double colour_distance(const std::uint8_t* rgb, const Colour& colour) {
  int sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += (rgb[c] - colour[c]) * (rgb[c] - colour[c]);
  return std::sqrt(static_cast<double>(sum));
}

void raise_contrast(std::span<std::uint8_t> rgb, double contrast) {
  if (contrast == 1.0) return;
  std::array<std::uint8_t, 256> table{};
  for (int v = 0; v < 256; ++v)
    table[static_cast<std::size_t>(v)] =
        static_cast<std::uint8_t>(std::clamp(127.5 + contrast * (v - 127.5), 0.0, 255.0) + 0.5);
  for (std::uint8_t& v : rgb) v = table[v];
}

void key_picture(const KeySpec& key, std::span<const std::uint8_t> rgb, std::span<float> ink) {
  const auto level = static_cast<float>(key.threshold.value_or(0.0));
  const Colour colour = key.colour.value_or(Colour{});
  switch (key.kind) {
    case KeyKind::kBelow:
      fill(rgb, ink, softness(level, 255.0),
           [&](const std::uint8_t* p) { return level + 0.5f - static_cast<float>(luma(p)); });
      break;
    case KeyKind::kAbove:
      fill(rgb, ink, softness(level, 255.0),
           [&](const std::uint8_t* p) { return static_cast<float>(luma(p)) - level - 0.5f; });
      break;
    case KeyKind::kDistance: {
      const float sign = key.colour_is_ground ? -1.0f : 1.0f;
      fill(rgb, ink, softness(level, 441.0),
           [&](const std::uint8_t* p) { return sign * (level - static_cast<float>(colour_distance(p, colour))); });
      break;
    }
    case KeyKind::kGreen:
      fill(rgb, ink, std::max(level, 1.0f),
           [&](const std::uint8_t* p) { return level - static_cast<float>(green_excess(p)); });
      break;
    case KeyKind::kBlue:
      fill(rgb, ink, std::max(level, 1.0f),
           [&](const std::uint8_t* p) { return level - static_cast<float>(blue_excess(p)); });
      break;
    case KeyKind::kRemoveBlue:
      for (std::size_t i = 0; i < ink.size(); ++i) {
        const std::uint8_t* p = &rgb[3 * i];
        ink[i] = std::min(ramp(level - static_cast<float>(blue_excess(p)), std::max(level, 1.0f)),
                          ramp(127.5f - static_cast<float>(luma(p)), 40.0f));
      }
      break;
    case KeyKind::kNone:
      std::fill(ink.begin(), ink.end(), 1.0f);
      break;
    case KeyKind::kAuto:
    case KeyKind::kBackground:
    case KeyKind::kRim:
      std::fill(ink.begin(), ink.end(), 0.0f);
      break;
  }
}

void suppress_spill(KeyKind kind, std::span<std::uint8_t> rgb) {
  if (kind != KeyKind::kGreen && kind != KeyKind::kBlue) return;
  const std::size_t screen = kind == KeyKind::kGreen ? 1 : 2, other = 3 - screen;
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3)
    rgb[i + screen] = std::min(rgb[i + screen], std::max(rgb[i], rgb[i + other]));
}

}  // namespace ombra::train
