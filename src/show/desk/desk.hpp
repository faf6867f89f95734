#pragma once
// The operator's desk over the picture: what the show hears, where the beat is, every control, what is wrong.
// Thread: render only; the window's OpenGL context is current.

#include "audio/input/listener.hpp"
#include "core/frames.hpp"
#include "gfx/texture.hpp"
#include "gfx/window.hpp"
#include "show/dance/dance_thread.hpp"
#include "show/desk/keys.hpp"
#include "show/desk/message_board.hpp"
#include "show/live/beat_lead.hpp"
#include "show/live/calibrate.hpp"
#include "show/live/displays.hpp"
#include "show/live/frame_stats.hpp"
#include "show/live/governor.hpp"
#include "show/live/recording.hpp"
#include "show/offline/take.hpp"
#include "show/params/modulation.hpp"
#include "show/params/show_params.hpp"

#include <SDL_events.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct ImFont;

namespace ombra::show {

struct DeskContext;

// A window that shows the picture alone, on a display of its own.
struct OutputView {
  Display display;     // that it is on, or that it waits for
  bool there = false;  // the display is connected and shows the picture
};

// What leaves, scaled: an OpenGL texture with rows from below. 0: there is none, the picture is behind the desk.
struct PreviewView {
  unsigned texture = 0;
  int width = 0, height = 0;  // of what leaves, pixels
};

// What the desk shows, filled in by the session once a frame.
struct DeskView {
  AudioFrame audio;
  audio::ListenerStatus listener;
  double beat = 0.0;  // of the music, now
  BeatStatus lead;
  CalibrationView calibration;
  double black = 0.0;  // share of the light that the blackout takes from the picture
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
  bool own_window = false;  // the desk fills a window of its own; else it lies over the picture
  PreviewView preview;
  std::vector<OutputView> outputs;  // in their order; the first gives the picture its size
  std::vector<Display> displays;    // of the desktop
  int desk_display = -1;            // the one among them that the desk is on
  std::vector<audio::InputDevice> inputs;
  std::vector<Message> messages;  // what is wrong or worth knowing, in plain words, the first before all
};

// What the operator asked for that is not a parameter.
struct DeskActions {
  bool quit = false, toggle_fullscreen = false, refresh_inputs = false;
  bool type_tempo = false, refresh_midi = false;
  std::optional<std::string> open_input, open_midi;
  std::optional<std::string> save_preset, load_preset;  // names
  bool replace_preset = false;                          // the one that is saved may stand in the place of another
  bool swap_outputs = false;                            // desk and picture change places
  bool identify = false;                                // every display shows its number
  std::optional<Display> open_output;                   // the picture fills this display, too
  std::optional<std::size_t> close_output;              // number of the output
  bool locked_key = false;                              // something was asked for that the lock keeps from the show
};

struct DeskFonts {
  ImFont* text = nullptr;
  ImFont* large = nullptr;
  float height = 0.0f;  // of the text, pixels
};

// Where a tab ("Beat"), a button or the row of a parameter ("beat/lead", label and value) lies, as far as it is seen.
struct DeskPlace {
  std::string_view name;
  float left, top, right, bottom;  // pixels of the window
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
  int chosen_seed = -1;   // the last one, marked in the gallery
  std::size_t panel = 0;  // the one that is open: dance, beat, look, music, machine
  std::array<char, 16> tempo{};
  std::array<char, 251> preset_name{};  // as long as a file's name may be, without its ending
  std::vector<std::string> presets;
  // Fields for text that were drawn in this frame, pixels, and the one that gets the keyboard in the next.
  struct Field {
    std::string name;
    float left, top, right, bottom;
  };
  std::vector<Field> fields;
  std::string focus;
  std::vector<DeskPlace> places;  // that were drawn in this frame
};
inline constexpr const char* kTempoField = "tempo";

class Desk {
 public:
  explicit Desk(gfx::Window& window);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Every event goes through here first. Keys of any window are the show's; only those of the desk's own window, or
  // of none (0), type, point and click on it.
  void event(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  // Draws the desk into framebuffer 0; changes params and modulation as the operator does.
  void draw(ShowParams& params, Modulation& modulation, const DeskView& view, DeskActions& actions);
  const Keys& keys() const { return keys_; }
  // Binds keys anew, see Keys::bind.
  std::vector<std::string> bind_keys(const std::vector<KeyRow>& rows, const std::string& file) {
    return keys_.bind(rows, file);
  }
  void set_presets(std::vector<std::string> names) { memory_.presets = std::move(names); }
  // The window's close button, or the desktop, wants the show to end: asks as Esc does; the second time it is a yes.
  void close(const ShowParams& params, DeskActions& actions);
  void ask_replace(const std::string& preset) { keys_.ask_replace(preset); }
  // -> in the frame that was drawn last; nothing where it was not to be seen. For tests, which click on it.
  std::optional<DeskPlace> place_of(std::string_view name) const;

 private:
  enum class Typing {
    kNo,
    kComing,  // a field is about to get the keyboard: what is typed meanwhile is kept for it
    kYes,
    kPaused,  // it lost the keyboard to a click on nothing: keys wait until something else is clicked, Esc or Enter
  };
  void build_fonts(float height);
  void press(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  void output_event(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  void ask_to_close(const ShowParams& params, DeskActions& actions);
  bool keep_text(const SDL_Event& event);
  bool keep_up(const SDL_Event& event);
  void click(float x, float y);
  void draw_desk(DeskContext& desk);
  void stop_what_is_open(bool locked, bool asking);
  void follow_typing(bool locked);

  gfx::Window& window_;
  Keys keys_;
  Typing typing_ = Typing::kNo;
  int coming_frames_ = 0;  // until the field that is about to get the keyboard is given up
  std::string kept_text_;
  std::vector<int> pressed_;  // scancodes of keys that went down since the last frame
  std::vector<SDL_Event> kept_ups_;
  int close_popups_ = 0;     // innermost ones, before the next frame
  bool desk_drawn_ = false;  // in the frame before
  bool locked_ = false;      // then, too
  DeskFonts fonts_;
  DeskMemory memory_;
  double mouse_still_s_ = 0.0;
  bool over_output_ = false;   // where the pointer is
  bool close_told_ = false;    // by the desk's window in this frame: the desktop may say it once more
  bool help_clicked_ = false;  // the button went down on the list of keys
  // off-screen there is no pointer to ask for, only events
  float mouse_x_ = -1.0f, mouse_y_ = -1.0f;
  std::array<bool, 3> mouse_down_{};
};

}  // namespace ombra::show
