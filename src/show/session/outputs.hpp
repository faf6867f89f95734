#pragma once
// Where the picture goes. One window: it lies behind the desk. Apart: each output is a window that covers a display of
// its own and holds the picture alone, and the show's first window is the desk's. One thread draws all; only the first
// output waits for its display. The picture of each frame is drawn once, at the size of the first output, and
// copied to the others and to the desk's preview. Outputs come back to their displays when those are plugged in again.
// Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/window.hpp"
#include "show/desk/desk.hpp"
#include "show/live/layout_watch.hpp"
#include "show/live/mapping_editor.hpp"
#include "show/live/output_choice.hpp"
#include "show/live/output_display.hpp"
#include "show/params/output_settings.hpp"
#include "show/session/identify.hpp"
#include "show/session/output_screen.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

union SDL_Event;

namespace ombra::show {

class Outputs {
 public:
  // desk: the show's first window. awaited: for OutputDisplay, where there is one window. settings: of all displays
  // that are known. vsync: false for measurements.
  Outputs(gfx::Window& desk, const OutputChoice& choice, const std::string& awaited,
          std::vector<OutputSettings> settings, bool vsync);
  ~Outputs();
  Outputs(const Outputs&) = delete;
  Outputs& operator=(const Outputs&) = delete;

  void event(const SDL_Event& event);
  // Once a frame, before begin().
  void step(double now_s);

  // Does the desk have a window of its own?
  bool apart() const { return apart_; }
  // Is anything of the picture to be seen? Else it need not be drawn.
  bool seen() const { return apart_ || !desk_.minimised(); }
  // -> what the picture of this frame is to be drawn into
  gfx::Surface begin();
  // What begin() gave, for those who read the picture.
  const gfx::Surface& picture() const { return picture_; }
  // The picture is complete: shown on every output. Waits for the first one's display. drawn: called before it waits.
  void show(double now_s, const std::function<void()>& drawn);
  // Framebuffer 0 is that of the desk's window from here on. -> is the desk to be drawn in this frame? Apart it is at
  // most 30 times a second.
  bool begin_desk(double now_s);
  void show_desk();

  double refresh_hz() const;
  void set_vsync(int refreshes);
  std::string display_name() const;  // of the first output

  void swap();
  void identify(double now_s) { identify_.begin(watch_.layout(), now_s); }
  // Takes the picture back into one window, or out again; with one display: fullscreen. -> why not, or empty
  std::string toggle_fullscreen();
  // -> why not, or empty
  std::string open(const Display& display);
  void close(std::size_t number);

  // how the picture lies on the outputs
  MappingEditor& editor() { return editor_; }

  // what the desk shows of it
  std::vector<OutputView> views() const;
  PreviewView preview() const;
  PreviewView unmapped() const;
  const std::vector<Display>& displays() const { return watch_.layout(); }
  int desk_display() const { return watch_.rests() ? desk_.display_number() : -1; }  // -1: not known at this moment
  std::vector<std::string> messages() const;
  // -> what the operator should read once, or empty
  std::string news() { return std::exchange(news_, {}); }

  // what the next show should begin with
  const OutputDisplay& one_window() const { return *one_; }
  const std::vector<OutputSettings>& settings() const { return settings_; }

 private:
  struct Output {
    OutputPlan plan;
    std::unique_ptr<OutputScreen> screen;  // null while its display is away
    stage::Mapping mapping;
    bool disturbed = true;                              // its window may have been moved
    double look_s = 0.0, cover_s = 0.0, again_s = 0.0;  // when it is looked at, put right, tried again at the earliest
  };
  void follow_layout();
  void keep_covered(double now_s);
  bool put(Output& output, const Display& display);
  void put_again(double now_s);
  void share_vsync();
  DisplayPlace place_of(const Display& display) const;
  void put_desk(const Display& display);
  void settle();
  // mapping: null: as it is kept
  void keep(const Display& display, bool on, const stage::Mapping* mapping = nullptr);
  stage::Mapping mapping_of(const Display& display) const;
  void size_picture(int width, int height, const stage::Mapping& mapping);
  bool shows_mapped() const;
  std::optional<Display> alone_on() const;
  void tell_editor();
  void heed_editor();
  void draw_alone();
  Output* first() const;
  int number_of(const Display& display) const;

  gfx::Window& desk_;
  const bool vsync_;
  LayoutWatch watch_;
  std::unique_ptr<OutputDisplay> one_;
  std::vector<std::unique_ptr<Output>> outputs_;
  std::vector<OutputSettings> settings_;
  std::vector<Display> taken_back_;  // by F11, to be filled again by it
  MappingEditor editor_;
  std::uint64_t heeded_ = 0;      // revision of the editor that is drawn
  std::optional<Display> alone_;  // what the editor was told of
  bool apart_ = false;
  int refreshes_ = 1;
  gfx::Framebuffer programme_;                // the picture where it is not drawn into the window at once
  std::unique_ptr<stage::MappingPass> over_;  // of one window that is mapped
  std::unique_ptr<stage::MappingMarks> marks_;
  std::vector<GLsync> readers_;  // of the picture of the frame before
  gfx::Surface picture_;
  double desk_due_s_ = 0.0;
  std::string news_;
  Identify identify_;
};

}  // namespace ombra::show
