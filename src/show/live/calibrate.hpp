#pragma once
// Setting the offset by ear and eye: a click twice a second through the sound output that recordings are played
// through, and a flash drawn for the time at which its frame is seen, moved by show/offset_ms as the dance is. Thread:
// one owner (the show's); opening the output is on a thread of its own, so that the picture goes on.

#include "audio/input/player.hpp"

#include <cmath>
#include <future>
#include <memory>
#include <string>

namespace ombra::show {

inline constexpr double kClickEveryS = 0.5;  // 120 a minute
inline constexpr double kFlashS = 0.060;

// When it clicks, and what is to be seen then.
struct ClickGrid {
  double click_s = 0.0;  // one of the times at which a click is heard

  // -> s since the last click for a frame seen at seen_s, 0 .. kClickEveryS (exclusive). offset_s > 0: the picture
  // comes late on its way, so it is drawn ahead
  double since_click(double seen_s, double offset_s) const {
    const double since = std::fmod(seen_s + offset_s - click_s, kClickEveryS);
    return since < 0.0 ? since + kClickEveryS : since;
  }
  bool flash(double seen_s, double offset_s) const { return since_click(seen_s, offset_s) < kFlashS; }
};

// -> two seconds of clicks, to be looped: the first sample of a click is its loudest half wave
audio::Track click_track(int rate_hz = 48000);

// What the screen shows.
struct CalibrationView {
  bool on = false;
  bool flash = false;
  double since_click_s = 0.0;
  std::string sound;  // where it clicks, or why it does not
  bool audible = false;
};

class Calibration {
 public:
  // audible: false keeps silent, as --silent asks
  explicit Calibration(bool audible);

  // Once a frame. seen_s: when the frame that is drawn now is seen.
  CalibrationView at(double now_s, double seen_s, double offset_s);

 private:
  void follow_player(double now_s);

  ClickGrid grid_;
  std::string sound_;
  bool wanted_ = true;
  std::unique_ptr<audio::Player> player_;
  std::future<std::unique_ptr<audio::Player>> opening_;  // not waited for: a sound server may hang
};

}  // namespace ombra::show
