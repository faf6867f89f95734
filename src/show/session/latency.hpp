#pragma once
// From sound to light: how long after a click the first picture answers it, and where the time goes.
// Thread: one owner.

#include "show/session/picture_watcher.hpp"

#include <optional>
#include <vector>

namespace ombra::show {

// One hop of sound on its way; all times in seconds on the clock of core/clock.hpp.
struct HeardHop {
  double time_s = 0.0;                        // as in AudioFrame
  double arrived_s = 0.0, published_s = 0.0;  // as in HopTimes
  std::uint64_t onsets = 0;
};

// One picture: the show begins it with the newest hop, it is drawn, it is given to the display.
struct PictureTimes {
  double begun_s = 0.0, drawn_s = 0.0, shown_s = 0.0;
  double brightness = 0.0;  // mean of the middle of the picture, 0..255
};

// The parts of one click's way, in seconds; they add up to total_s.
struct Latency {
  double click_s = 0.0;     // when the sink played it
  double capture_s = 0.0;   // until the first hop with it had come in (a monitor may hear it before it is played)
  double analysis_s = 0.0;  // until the onset was published
  double wait_s = 0.0;      // until the show began a picture
  double draw_s = 0.0;      // until that picture was drawn
  double present_s = 0.0;   // until it was given to the display
  double total_s = 0.0;
};

// Keeps every hop and every picture of a show.
class LatencyWatcher : public PictureWatcher {
 public:
  void heard(const AudioFrame& frame, const audio::HopTimes& times) override;
  void drawn(double begun_s, const gfx::Surface& surface) override;
  void shown() override;

  const std::vector<HeardHop>& hops() const { return hops_; }
  const std::vector<PictureTimes>& pictures() const { return pictures_; }

 private:
  std::vector<HeardHop> hops_;
  std::vector<PictureTimes> pictures_;
};

// The first picture whose brightness differs from what it was before the click by a quarter of the most that it differs
// within kAnswerS.
// -> nothing when no picture did
std::optional<Latency> answer(double click_s, const std::vector<HeardHop>& hops,
                              const std::vector<PictureTimes>& pictures);
inline constexpr double kAnswerS = 0.25;

struct Spread {
  double least = 0.0, median = 0.0, p95 = 0.0, most = 0.0;
};
// values: at least one
Spread spread(std::vector<double> values);

}  // namespace ombra::show
