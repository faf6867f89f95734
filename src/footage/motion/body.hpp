#pragma once
// The dancer's body: strokes round the joints, shaped by hand until the silhouette was one to watch.
// The strokes are a smooth function of the 20 joints in the picture plane alone. Thread: any.

#include "footage/motion/motion.hpp"
#include "model/figure/strokes.hpp"

#include <array>

namespace ombra::train {

inline constexpr int kBodyStrokes = 28;

// pose in metres, y above the floor -> strokes in fractions of the picture's height (core/frames.hpp)
std::array<model::Stroke, kBodyStrokes> body_strokes(const Pose2& pose);

}  // namespace ombra::train
