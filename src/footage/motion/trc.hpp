#pragma once
// TRC, OpenSim's text format for points with names: line 3 holds rate and units, line 4 the names, then one row a
// frame. Thread: any.

#include "footage/motion/motion.hpp"

#include <string>
#include <string_view>

namespace ombra::train {

// -> the joints that the names stand for, NaN where a value or a joint is missing, in metres as the header's unit says.
// origin names the file in errors ("origin:line: ..."). Throws Error.
MotionClip parse_trc(std::string_view text, const std::string& origin);

}  // namespace ombra::train
