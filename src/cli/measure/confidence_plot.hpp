#pragma once
// What confidence was worth as a picture (a reliability diagram, DeGroot and Fienberg 1983): for each tenth of it the
// share of the beats that were met, on the diagonal where both agree. Thread: any.

#include "audio/testbench/beat_score.hpp"

#include <map>
#include <string>

namespace ombra::cli {

// sources: by name, "" over all. -> SVG; tenths with fewer than 20 beats are left out
std::string confidence_plot(const std::map<std::string, audio::Calibration>& sources);

}  // namespace ombra::cli
