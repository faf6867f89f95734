#pragma once
// From a data set to a model folder: painter, latents in beat time, mover, choreographer (or the frame dancer).
// Thread: one owner.

#include "studio/orders.hpp"

namespace ombra::train {

// Resumes what stands in <output>/training. -> false when interrupted (Ctrl-C); everything is saved then.
// Throws Error or UsageError.
bool train(const TrainOptions& options);

}  // namespace ombra::train
