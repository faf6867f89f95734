#pragma once
// From music with known beats to an ear: models/ear. Thread: one owner.

#include "studio/orders.hpp"

namespace ombra::train {

// Resumes what stands in <output>/training. -> false when
// interrupted. Throws Error or UsageError.
bool train_ear(const TrainOptions& options);

}  // namespace ombra::train
