#pragma once
// Motion capture as part of a data set: seen from several sides, with its beats, drawn as silhouettes.
// Thread: one caller; draw_picture, store_distances: any.

#include "footage/data/data_set.hpp"
#include "footage/motion/pulse.hpp"
#include "footage/prepare/people_pictures.hpp"
#include "footage/prepare/prepare.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ombra::train {

// Appends one take to the table, a clip a side and its mirror (of each figure that dances it), and to the report.
void add_motion(const MotionClip& take, const PrepareOptions& options, double fps, DataTable& table,
                PeoplePictures& people, PrepareReport& report);

// The figure is drawn into a square that holds the picture, its lower rows or its middle columns. -> the square's side,
// pixels
inline int side_of(const DataTable& format) { return std::max(format.width, format.height); }
// field [side][side]: distances in heights of that square -> a picture as the format says
void store_field(std::span<const float> field, int side, const DataTable& format, std::span<std::uint8_t> picture);

// What motion and footage have in common. A take counts in the report; a clip is told its pulse; a name is held out.
void count_take(const Pulse& pulse, std::int64_t frames, PrepareReport& report);
void note_pulse(const Pulse& pulse, DataClip& clip);
bool is_held_out(const std::string& name, const PrepareOptions& options);

// Speed smoothed as a window of half a beat would; bpm 0: of 110.
std::vector<double> smooth_over_half_beat(std::span<const double> speed, double fps, double bpm);

}  // namespace ombra::train
