#pragma once
// Motion capture as part of a data set: seen from several sides, with its beats, drawn as silhouettes.
// Thread: one caller; draw_picture: any.

#include "footage/data/data_set.hpp"
#include "footage/prepare/prepare.hpp"

#include <span>
#include <vector>

namespace ombra::train {

// Appends one take to the table, a clip a side and its mirror, and to the report.
void add_motion(const MotionClip& take, const PrepareOptions& options, double fps, DataTable& table,
                PrepareReport& report);

// Speed smoothed as a window of half a beat would; bpm 0: of 110.
std::vector<double> smooth_over_half_beat(std::span<const double> speed, double fps, double bpm);

}  // namespace ombra::train
