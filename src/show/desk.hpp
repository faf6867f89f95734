#pragma once
// The operator's desk over the picture: what the show hears, where the beat is, every control, what is wrong.
// Thread: render only; the window's OpenGL context is current.

#include "audio/listener.hpp"
#include "core/frames.hpp"
#include "gfx/texture.hpp"
#include "gfx/window.hpp"
#include "show/beat_lead.hpp"
#include "show/calibrate.hpp"
#include "show/dance_thread.hpp"
#include "show/frame_stats.hpp"
#include "show/governor.hpp"
#include "show/modulation.hpp"
#include "show/recording.hpp"
#include "show/show_params.hpp"
#include "show/take.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

union SDL_Event;
struct ImFont;

namespace ombra::show {

// What the desk shows, filled in by the session once a frame.
struct DeskView {
  AudioFrame audio;
  audio::ListenerStatus ears;
  double beat = 0.0;  // of the music, now
  BeatStatus lead;
  CalibrationView calibration;
  RecordingView recording;
  TakeStatus take;
  DanceStatus dance;
  std::shared_ptr<const FieldImage> seeds;
  const FrameStats* stats = nullptr;
  const DrawCost* cost = nullptr;
  const Governor* governor = nullptr;
  int width = 0, height = 0;  // of the window, pixels
  double latency_ms = 0.0;    // sound at the input to the changed picture
  double step_s = 1.0 / 60.0;
  std::string renderer, model, decoder;
  std::vector<audio::InputDevice> inputs;
  std::vector<std::string> messages;  // what is wrong or worth knowing, in plain words
};

// What the operator asked for that is not a parameter.
struct DeskActions {
  bool quit = false, toggle_fullscreen = false, refresh_inputs = false, default_rows = false;
  bool type_tempo = false, refresh_midi = false;
  std::optional<std::string> open_input, open_midi;
  std::optional<std::string> save_preset, load_preset;  // names
};

// Keys that work whether the desk is shown or not. Esc asks before it quits: then Enter or Y quits, any other key
// stays.
class Keys {
 public:
  // key, mods: of SDL. -> was it one of ours?
  bool press(int key, unsigned mods, bool repeat, ShowParams& params, DeskActions& actions);
  bool asking() const { return asking_; }
  void ask(bool asking) { asking_ = asking; }

 private:
  bool asking_ = false;
};

struct DeskFonts {
  ImFont* text = nullptr;
  ImFont* large = nullptr;
  float height = 0.0f;  // of the text, pixels
};

// What the panels keep between frames.
struct DeskMemory {
  static constexpr int kStrip = 240;  // samples of sound history shown, 60 a second
  std::array<float, kStrip> level{}, bass{}, onset{};
  int strip_at = 0;
  double strip_debt_s = 0.0;
  std::uint64_t onsets = 0;
  std::shared_ptr<const FieldImage> seeds;
  gfx::Texture seed_texture;
  int seed_columns = 1;
  int chosen_seed = -1;     // the last one, marked in the gallery
  std::size_t panel = 0;    // the one that is open: dance, beat, look, music, machine
  bool type_tempo = false;  // the cursor goes into the field for the tempo
  std::array<char, 16> tempo{};
  std::array<char, 64> preset_name{};
  std::vector<std::string> presets;
};

class Desk {
 public:
  explicit Desk(gfx::Window& window);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Every event of the window goes through here first.
  void event(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  // Draws the desk into framebuffer 0; changes params and modulation as the operator does.
  void draw(ShowParams& params, Modulation& modulation, const DeskView& view, DeskActions& actions);
  void set_presets(std::vector<std::string> names) { memory_.presets = std::move(names); }

 private:
  void build_fonts(float height);

  gfx::Window& window_;
  Keys keys_;
  DeskFonts fonts_;
  DeskMemory memory_;
  double mouse_still_s_ = 0.0;
  // off-screen there is no pointer to ask for, only events
  float mouse_x_ = -1.0f, mouse_y_ = -1.0f;
  std::array<bool, 3> mouse_down_{};
};

}  // namespace ombra::show
