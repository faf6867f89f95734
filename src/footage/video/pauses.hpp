#pragma once
// Pauses of a video, and what becomes of times in it where some are cut short.
// Thread: any (values).

#include <cstdint>
#include <optional>
#include <vector>

namespace ombra::train {

// Where a frame is shown for longer than one that moves would be: screen recorders write none while nothing changes.
struct Pauses {
  // Time that is left out from a moment of the video on.
  struct Cut {
    double at_s = 0.0, seconds = 0.0;  // at_s: from where the reading starts, as the file counts
  };
  std::int64_t count = 0;
  double seconds = 0.0;   // of all of them in the video
  std::vector<Cut> cuts;  // of those that are too long, in order

  double cut_s() const {
    double sum = 0.0;
    for (const Cut& cut : cuts) sum += cut.seconds;
    return sum;
  }
  // -> where a moment of the video is when the cuts are gone; nothing for one that is cut out
  std::optional<double> moved(double time_s) const {
    double gone = 0.0;
    for (const Cut& cut : cuts) {
      if (cut.at_s + cut.seconds > time_s) {
        if (cut.at_s < time_s) return std::nullopt;
        break;
      }
      gone += cut.seconds;
    }
    return time_s - gone;
  }
};

}  // namespace ombra::train
