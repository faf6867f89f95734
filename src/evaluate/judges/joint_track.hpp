#pragma once
// What a judge of movement is shown: joints as the dancer's own body sees them, wherever it stands and faces.
// T frames. Thread: any.

#include <torch/torch.h>

namespace ombra::train {

inline constexpr std::int64_t kJudgedNumbers = 116;  // F of a track

// Poses in space [T, 60], metres, T >= 2 -> [T, 116]: nineteen joints from the hip with the heading taken out and the
// hip's height (m), then how fast each of these changes (m/s).
torch::Tensor judged_track(const torch::Tensor& poses, double fps);

}  // namespace ombra::train
