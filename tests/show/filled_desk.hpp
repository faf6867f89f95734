#pragma once
// A desk in a window of its own, off-screen, without a show behind it: what it shows is filled in by hand.

#include "core/error.hpp"
#include "drawing/png.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/window.hpp"
#include "show/desk/desk.hpp"
#include "show/live/mapping_editor.hpp"

#include <SDL.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ombra::show {

// -> seed phrases that look like somebody with an arm raised
inline std::shared_ptr<FieldImage> seed_pictures(int count, int size = 48) {
  auto field = std::make_shared<FieldImage>();
  field->dancers = count, field->size = size;
  for (int n = 0; n < count; ++n) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const float u = (static_cast<float>(x) + 0.5f) / static_cast<float>(size) - 0.5f;
        const float v = (static_cast<float>(y) + 0.5f) / static_cast<float>(size);
        const float lean = 0.25f * std::sin(1.7f * static_cast<float>(n)) * (0.9f - v);
        const float body = std::abs(u - lean) - (0.05f + 0.06f * std::sin(3.1f * v));
        const float head = std::hypot(u - lean, v - 0.16f) - 0.07f;
        const float arm = std::abs(v - 0.35f + 0.4f * u * std::cos(static_cast<float>(n))) - 0.02f;
        const float reach = std::max(arm, std::abs(u) - 0.3f);
        field->distance.push_back(std::min({std::max({body, 0.15f - v, v - 0.92f}), head, reach}));
      }
    }
  }
  return field;
}

class FilledDesk {
 public:
  FilledDesk(int width, int height, bool own_window = true)
      : window({.width = width, .height = height, .vsync = false, .offscreen = true}),
        desk(std::make_unique<Desk>(window)) {
    params.set(params.desk_shown.index, 1.0);
    modulation.set_rows(Modulation::default_rows(params), params);
    desk->set_presets(
        {"intro warm", "neon bars", "paper slow", "last hour", "all sixteen of them at once", "red", "blue", "encore"});
    fill_picture();
    fill_view(width, height, own_window);
    draw(3);
  }
  ~FilledDesk() { window.make_current(); }

  void draw(int frames = 1) {
    window.make_current();
    for (int i = 0; i < frames; ++i) {
      glBindFramebuffer(GL_FRAMEBUFFER, 0);
      glViewport(0, 0, window.width(), window.height());
      if (!view.own_window) {
        glClearColor(light, light, light, 1.0f);
        glClear(GL_COLOR_BUFFER_BIT);
      }
      desk->draw(params, modulation, view, actions);
    }
  }
  // The dancer is one that knows so many people.
  void know_people(int people, bool build) {
    view.people = seed_pictures(people * kPeoplePoses);
    view.dance.info.people.clear();
    for (int n = 0; n < people; ++n) view.dance.info.people.push_back(fmt::format("Somebody {}", n + 1));
    view.dance.info.knows_build = build;
    draw(3);
  }
  // The dancer is one that knows these styles.
  void know_styles(const std::vector<std::string>& names) {
    params.know_styles(names);
    view.dance.info.styles = names;
    draw(3);
  }
  gfx::Image picture() {
    draw();
    return gfx::read_pixels(0, window.width(), window.height());
  }
  DeskPlace place(std::string_view name) const {
    const auto at = desk->place_of(name);
    if (!at) throw error("{} is not to be seen on the desk", name);
    return *at;
  }
  void point_at(float x, float y) {
    mouse_x_ = x, mouse_y_ = y;
    SDL_Event event{};
    event.type = SDL_MOUSEMOTION;
    event.motion.x = static_cast<int>(x), event.motion.y = static_cast<int>(y);
    desk->event(event, params, actions);
    draw();
  }
  void point_at(std::string_view name, float across = 0.5f) {
    const DeskPlace p = place(name);
    point_at(p.left + across * (p.right - p.left), 0.5f * (p.top + p.bottom));
  }
  void button(bool down) {
    SDL_Event event{};
    event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
    event.button.button = SDL_BUTTON_LEFT;
    event.button.x = static_cast<int>(mouse_x_), event.button.y = static_cast<int>(mouse_y_);
    desk->event(event, params, actions);
    draw();
  }
  void click(float x, float y) {
    point_at(x, y);
    button(true);
    button(false);
    draw(2);
  }
  void click(std::string_view name, float across = 0.5f) {
    const DeskPlace p = place(name);
    click(p.left + across * (p.right - p.left), 0.5f * (p.top + p.bottom));
  }
  // of: a window of SDL; 0: the desk's
  void press(SDL_Keycode key, SDL_Keymod mods = KMOD_NONE, Uint32 of = 0) {
    tell_key(key, mods, of);
    draw(3);
  }
  // The same while the desk is not drawn.
  void tell_key(SDL_Keycode key, SDL_Keymod mods, Uint32 of) {
    SDL_Event event{};
    event.type = SDL_KEYDOWN;
    event.key.windowID = of;
    event.key.keysym.sym = key;
    event.key.keysym.scancode = SDL_GetScancodeFromKey(key);
    event.key.keysym.mod = static_cast<Uint16>(mods);
    desk->event(event, params, actions);
    event.type = SDL_KEYUP;
    desk->event(event, params, actions);
  }
  bool open(std::string_view panel) const {
    return std::ranges::find(desk->panels(), panel, &DeskPanel::name) != desk->panels().end();
  }

  gfx::Window window;
  ShowParams params{{"lantern", "neon", "paper"}};
  Modulation modulation;
  DeskView view;
  DeskActions actions;
  std::unique_ptr<Desk> desk;
  FrameStats stats;
  DrawCost cost;
  Governor governor;
  MappingEditor mapping;
  float light = 0.2f;  // behind the one-panel desk

 private:
  // Somebody in warm light, rows from below.
  void fill_picture() {
    constexpr int kWidth = 640, kHeight = 360;
    std::vector<std::uint8_t> rgba;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        const float u = (static_cast<float>(x) - 320.0f) / 180.0f, v = (static_cast<float>(y) - 150.0f) / 180.0f;
        const float glow = std::exp(-(u * u + v * v));
        const bool figure = std::hypot(u, v - 0.35f) < 0.16f || (std::abs(u) < 0.14f && v < 0.2f && v > -0.7f);
        for (const float c : {255.0f, 190.0f, 110.0f})
          rgba.push_back(static_cast<std::uint8_t>(figure ? 12.0f : 20.0f + (c - 20.0f) * glow));
        rgba.push_back(0);  // whatever alpha is left in what leaves
      }
    }
    preview_ = gfx::Texture(GL_RGBA8, kWidth, kHeight);
    preview_.fill_rgba8(rgba);
    view.preview = view.picture = {preview_.get(), 1920, 1080};
  }

  void fill_view(int width, int height, bool own_window) {
    view.own_window = own_window;
    view.width = width, view.height = height;
    view.audio.level = 0.7f, view.audio.bass = 0.8f, view.audio.mid = 0.5f, view.audio.treble = 0.3f;
    view.audio.silent = false, view.audio.input_dbfs = -18.0f, view.audio.gain_db = 4.0f;
    view.audio.grid.confidence = 0.92f, view.audio.grid.bar_confidence = 0.8f;
    view.lead.lead.bpm = 124.0, view.beat = 1.2;
    view.listener.source = "Monitor of Built-in Audio Analog Stereo";
    view.listener.rate_hz = 48000.0;
    for (int i = 0; i < 600; ++i) stats.add(1.0 / 60.0, 1.0 / 60.0);
    view.stats = &stats, view.cost = &cost, view.governor = &governor;
    view.seeds = seed_pictures(53);
    view.renderer = "llvmpipe (LLVM 15.0.6, 256 bits)";
    view.model = "models/ombra", view.decoder = "processor, 0.9 ms a picture", view.dance.info.name = "ombra";
    view.latency_ms = 38.0;
    const Display laptop{"Built-in 14\"", 1920, 1200, 60, 0, 0, "eDP-1", true};
    const Display beamer{"EPSON PJ 27\"", 1920, 1080, 60, 1920, 0, "HDMI-1"};
    const Display gone{"DELL U2720Q 27\"", 3840, 2160, 60, 3840, 0, "DP-2"};
    const Display spare{"BenQ GL2460", 1920, 1080, 75, 7680, 0, "DP-3"};
    view.outputs = {{beamer, true}, {gone, false}};
    view.displays = {laptop, beamer, spare};
    view.desk_display = 0;
    view.recording.folder = "Videos";
    mapping.set_outputs({{{beamer.name, beamer.connector, beamer.x, beamer.y, true, {}}, beamer.width, beamer.height}});
    view.mapping = &mapping;
  }

  gfx::Texture preview_;
  float mouse_x_ = 0.0f, mouse_y_ = 0.0f;
};

inline bool inside(const auto& area, float width, float height) {
  return area.left >= 0.0f && area.top >= 0.0f && area.right <= width && area.bottom <= height;
}

// Pictures of the desk for somebody to look at.
inline void keep_picture(FilledDesk& desk, const std::string& name) {
  const char* folder = std::getenv("OMBRA_DESK_PICTURES");
  if (!folder) return;
  const gfx::Image image = desk.picture();
  write_png(std::filesystem::path(folder) / (name + ".png"), image.width, image.height, 3, image.pixels);
}

}  // namespace ombra::show
