#pragma once
// Motion capture as part of a data set: seen from several sides, with its beats, drawn as silhouettes.
// Thread: one caller; draw_picture: any.

#include "footage/data/data_set.hpp"
#include "footage/motion/pulse.hpp"
#include "footage/prepare/prepare.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ombra::train {

// Appends one take to the table, a clip a side and its mirror, and to the report.
void add_motion(const MotionClip& take, const PrepareOptions& options, double fps, DataTable& table,
                PrepareReport& report);

// What motion and footage have in common. A take counts in the report; a clip is told its pulse; a name is held out.
void count_take(const Pulse& pulse, std::int64_t frames, PrepareReport& report);
void note_pulse(const Pulse& pulse, DataClip& clip);
bool is_held_out(const std::string& name, const PrepareOptions& options);

// Speed smoothed as a window of half a beat would; bpm 0: of 110.
std::vector<double> smooth_over_half_beat(std::span<const double> speed, double fps, double bpm);

}  // namespace ombra::train
