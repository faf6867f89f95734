#pragma once
// What stands over the picture, or behind the dancers: a line of text and a logo. Each member is a parameter of the
// show (paths title/... and logo/...). Thread: any (values).

#include "stage/colour.hpp"

#include <string>
#include <utility>

namespace ombra::stage {

struct Overlay {
  bool on = false;
  // 0: at the left or lower edge, 1: at the right or upper one; in between its own edges share what is left of the
  // screen, so that it never leaves it
  float x = 0.5f, y = 0.5f;
  float size = 0.1f;       // of the screen's height; a text's font size, a logo's height. Less where it is too wide
  float full_size = 0.1f;  // the same before the music pushes it: that many pixels are made ready
  float opacity = 1.0f;    // 0..1
  float fade_s = 1.0f;     // how long it takes to appear, and to go
  bool behind = false;     // the figures hide it
};

struct Title : Overlay {
  std::string text;  // UTF-8, one line
  std::string font;  // a family of fontconfig's, with its style: "DejaVu Serif Bold"; "": the default sans
  Colour colour;
  Title(Overlay place = {.y = 0.1f, .size = 0.12f}, std::string words = {}, std::string face = {},
        Colour light = {1.0f, 1.0f, 1.0f})
      : Overlay(place), text(std::move(words)), font(std::move(face)), colour(light) {}
};

struct Logo : Overlay {
  std::string file;  // a PNG; "~/" is the home folder
  Logo(Overlay place = {.x = 0.97f, .y = 0.95f, .size = 0.15f}, std::string path = {})
      : Overlay(place), file(std::move(path)) {}
};

struct Titles {
  Title title;
  Logo logo;
};

}  // namespace ombra::stage
