#pragma once
// Holds the rhythm of the picture: when drawing takes longer than a refresh it has the stage draw fewer pixels, and
// only when even the fewest are too many it lets a picture stay for two refreshes, three, four; the first, too, where
// the display is faster than 75 Hz, as nobody would give sharpness for 144 pictures a second. It goes back slowly, and
// the more slowly the more often going back was a mistake, so that the picture does not pump. Fewer pixels help only
// where drawing is what takes the time: that is read from the GPU's own clock, and frames that are late for another
// reason leave the resolution alone, and where there was little to do it is the display that holds them back. Pure
// arithmetic on the times it is told. Thread: one owner.

#include <cstddef>
#include <string>
#include <vector>

namespace ombra::show {

// One frame; all in seconds.
struct FrameTimes {
  double step_s = 0.0;  // since the frame before
  double busy_s = 0.0;  // of the loop's own work, without waiting for the display
  double draw_s = 0.0;  // of the GPU's work, the newest that is known; 0: not known
};

class Governor {
 public:
  static constexpr double kMinScale = 0.4;

  // What it has to keep to. on: off draws at `most` and at every refresh. most, least: kMinScale..1, of the window's
  // width and height.
  void set(bool on, double most, double least = kMinScale);
  // Once a frame. refresh_s: of the display. -> whether scale or refreshes are other than before
  bool frame(const FrameTimes& times, double refresh_s);

  double scale() const { return scale_; }       // of width and height, least..most
  int refreshes() const { return refreshes_; }  // that a picture stays for, at least 15 pictures a second
  // What it does, for the operator; empty when it does nothing.
  std::string message() const;
  bool holding() const { return on_ && (scale_ < most_ || refreshes_ > 1); }

 private:
  struct Window {
    double step_p95_s = 0.0, step_p50_s = 0.0, busy_p50_s = 0.0, draw_p50_s = 0.0;
  };
  Window measure() const;
  bool lower(const Window& w, double refresh_s);
  bool raise(const Window& w, double refresh_s);
  bool change(double scale, int refreshes, bool up);

  bool on_ = true;
  double most_ = 1.0, least_ = kMinScale, scale_ = 1.0;
  int refreshes_ = 1;
  double refresh_s_ = 0.0;          // of the display that the last frame was on
  std::vector<FrameTimes> frames_;  // since the last look at them
  double seconds_ = 0.0;            // that they took
  double settle_s_ = 1.0;           // to go until times count: what has just changed is still being made
  double good_s_ = 0.0;             // for so long all has been well
  double needed_good_s_ = 3.0;      // and for so long it must be before more is tried
  double since_up_s_ = 1e9;         // since more was last tried
  int looks_late_ = 0;              // at the times, one after the other, that found half of all frames late
};

}  // namespace ombra::show
