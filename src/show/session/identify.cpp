#include "show/session/identify.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "drawing/canvas.hpp"

#include <SDL.h>
#include <fmt/format.h>

#include <algorithm>

namespace ombra::show {
namespace {

constexpr double kRefreshS = 0.25;
constexpr Canvas::Colour kGround{13, 11, 17}, kLetters{255, 163, 84}, kName{240, 235, 228};

void draw(SDL_Surface* surface, const std::string& number, const std::string& name) {
  Canvas card(surface->w, surface->h, kGround);
  const auto middle = [&](const std::string& text, double height, double at, Canvas::Colour colour) {
    const int fits = surface->w * 9 / 10 / std::max(1, Canvas::text_width(text));
    const int scale = std::clamp(static_cast<int>(height * surface->h / 12.0), 1, std::max(1, fits));
    card.text((surface->w - Canvas::text_width(text, scale)) / 2, static_cast<int>(at * surface->h), text, colour,
              scale);
  };
  middle(number, 0.6, 0.1, kLetters);
  middle(name, 0.12, 0.8, kName);
  SDL_Surface* picture = SDL_CreateRGBSurfaceWithFormatFrom(const_cast<std::uint8_t*>(card.rgb().data()), card.width(),
                                                            card.height(), 24, 3 * card.width(), SDL_PIXELFORMAT_RGB24);
  if (picture == nullptr) return;
  SDL_BlitSurface(picture, nullptr, surface, nullptr);
  SDL_FreeSurface(picture);
}

}  // namespace

void Identify::Close::operator()(SDL_Window* window) const { SDL_DestroyWindow(window); }

void Identify::begin(std::span<const Display> displays, double now_s) {
  if (on()) return windows_.clear();
  SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");  // no second context beside the show's
  until_s_ = now_s + kIdentifyS;
  for (std::size_t i = 0; i < displays.size(); ++i) {
    const Display& d = displays[i];
    const int side = std::max(120, std::min(d.width, d.height) / 3);
    std::unique_ptr<SDL_Window, Close> window(
        SDL_CreateWindow("Ombra display", d.x + (d.width - side) / 2, d.y + (d.height - side) / 2, side, side,
                         SDL_WINDOW_BORDERLESS | SDL_WINDOW_ALWAYS_ON_TOP | SDL_WINDOW_TOOLTIP));
    SDL_Surface* surface = window ? SDL_GetWindowSurface(window.get()) : nullptr;
    if (surface == nullptr) {
      log::warn("no number on {}: {}", d.name, SDL_GetError());
      continue;
    }
    draw(surface, fmt::format("{}", i), d.connector.empty() ? d.name : d.connector);
    SDL_UpdateWindowSurface(window.get());
    windows_.push_back(std::move(window));
  }
}

void Identify::step(double now_s) {
  if (on() && now_s > until_s_) windows_.clear();
  if (now_s < refresh_s_) return;
  refresh_s_ = now_s + kRefreshS;  // what lay over it may have gone
  for (const auto& window : windows_) SDL_UpdateWindowSurface(window.get());
}

}  // namespace ombra::show
