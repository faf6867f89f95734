#pragma once
// The operator's desk, over the picture or in a window of its own: what the show hears, where the beat is, every
// control, what is wrong. Thread: render only; the window's OpenGL context is current.

#include "audio/input/listener.hpp"
#include "core/frames.hpp"
#include "gfx/texture.hpp"
#include "gfx/window.hpp"
#include "show/dance/dance_thread.hpp"
#include "show/desk/message_board.hpp"
#include "show/keys/desk_actions.hpp"
#include "show/keys/keys.hpp"
#include "show/live/beat_lead.hpp"
#include "show/live/calibrate.hpp"
#include "show/live/displays.hpp"
#include "show/live/frame_stats.hpp"
#include "show/live/governor.hpp"
#include "show/live/recording.hpp"
#include "show/live/sharing.hpp"
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
class MappingEditor;

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
  SharingView sharing;
  TakeStatus take;
  DanceStatus dance;
  std::shared_ptr<const FieldImage> seeds, people;  // see DanceThread
  const FrameStats* stats = nullptr;
  const DrawCost* cost = nullptr;
  const Governor* governor = nullptr;
  int width = 0, height = 0;  // of the picture that leaves, pixels
  double latency_ms = 0.0;    // sound at the input to the changed picture
  double step_s = 1.0 / 60.0;
  std::string renderer, model, decoder;
  bool own_window = false;  // the desk fills a window of its own; else it lies over the picture
  PreviewView preview;
  PreviewView picture;               // the same before it is mapped; 0: it is drawn into the window at once
  std::vector<OutputView> outputs;   // in their order; the first gives the picture its size
  std::vector<Display> displays;     // of the desktop
  int desk_display = -1;             // the one among them that the desk is on
  MappingEditor* mapping = nullptr;  // how the picture lies on the outputs; null: nothing of that can be changed
  std::vector<audio::InputDevice> inputs;
  std::vector<Message> messages;  // what is wrong or worth knowing, in plain words, the first before all
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

// A panel that is open in a column: of the one-panel desk the only one.
struct DeskPanel {
  std::string_view name;           // of its tab
  float left, top, right, bottom;  // pixels of the window
  float overflow;                  // pixels that it can be scrolled by
};

// Small pictures, all of them in one texture.
struct PictureSheet {
  std::shared_ptr<const FieldImage> field;  // of which it is
  gfx::Texture texture;                     // empty without any
};

// What the panels keep between frames.
struct DeskMemory {
  static constexpr std::size_t kMaxColumns = 6;
  static constexpr int kStrip = 240;  // samples of sound history shown, 60 a second
  std::array<float, kStrip> level{}, bass{}, onset{};
  int strip_at = 0;
  double strip_debt_s = 0.0;
  std::uint64_t onsets = 0;
  PictureSheet seeds, people;
  int chosen_seed = -1;                                         // the last one, marked in the gallery
  std::array<std::size_t, kMaxColumns> open{0, 1, 2, 4, 5, 6};  // number of the panel in each column
  std::size_t columns = 1;                                      // that there are
  std::size_t flash_column = 0;                                 // its frame is lit
  double flash_s = 0.0;                                         // for so long
  bool own_window = false, narrow = false;  // the desk fills its window; one column of it is all there is room for
  std::string help;                         // for what the mouse rests on in this frame
  std::vector<DeskPanel> panels;            // that were drawn in this frame
  std::array<char, 16> tempo{};
  std::array<char, 251> preset_name{};  // as long as a file's name may be, without its ending
  std::vector<std::string> presets;
  double mapping_x = 0.0, mapping_y = 0.0;  // where the point that the mouse holds is wanted, shares of the output
  bool mapping_held = false;                // it holds one
  std::size_t mapping_mask = 0;             // the mask that is looked at
  std::string preset;                       // the one that was loaded or saved last, "": none
  std::string preset_text;                  // as it was then
  std::uint64_t preset_compared = 0;        // Params::changes() when it was last compared with the controls
  bool preset_changed = false;              // what that came to
  std::string doomed_preset;                // that is asked about before it is deleted
  std::array<char, 1001> stream_address{};  // that is being typed
  int draft_of = -1;                        // parameter whose text is being typed, or was last
  std::string draft;                        // that text
  // Fields for text that were drawn in this frame, pixels, and the one that gets the keyboard in the next.
  struct Field {
    std::string name;
    float left, top, right, bottom;
    float from = 0.0f;  // clicks that miss it from here on are meant for it: where its column begins, or its name
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
  // The controls are those of this preset now: it was loaded or saved. "": of none.
  void set_preset(const std::string& name, const ShowParams& params, const Modulation& modulation);
  // The window's close button, or the desktop, wants the show to end: asks as Esc does; the second time it is a yes.
  void close(const ShowParams& params, DeskActions& actions);
  void ask_replace(const std::string& preset) { keys_.ask_replace(preset); }
  // -> in the frame that was drawn last; nothing where it was not to be seen. For tests, which click on it.
  std::optional<DeskPlace> place_of(std::string_view name) const;
  const std::vector<DeskPlace>& places() const { return memory_.places; }
  const std::vector<DeskPanel>& panels() const { return memory_.panels; }

 private:
  enum class Typing {
    kNo,
    kComing,  // a field is about to get the keyboard: what is typed meanwhile is kept for it
    kYes,
    kPaused,  // it lost the keyboard to a click on nothing: keys wait until something else is clicked, Esc or Enter
  };
  void build_fonts(float height);
  void press(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  bool open_first(const ShowParams& params) const;
  void press_show(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  void output_event(const SDL_Event& event, ShowParams& params, DeskActions& actions);
  void ask_to_close(const ShowParams& params, DeskActions& actions);
  void await_field();
  void end_editing(const ShowParams& params);
  bool meant_for_field(const SDL_Event& event);
  bool keep_text(const SDL_Event& event);
  bool keep_up(const SDL_Event& event);
  void click(float x, float y);
  void draw_desk(DeskContext& desk);
  const char* typing_hint() const;
  void stop_what_is_open(bool locked, bool asking);
  void follow_typing(bool locked);

  gfx::Window& window_;
  Keys keys_;
  MappingEditor* mapping_ = nullptr;  // of the view that was drawn last
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
