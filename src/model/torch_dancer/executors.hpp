#pragma once
// The two kinds of dance on LibTorch, see model/dancers/move_networks.hpp and frame_stepper.hpp.
// Thread: one owner. The model outlives them.

#include "model/dancers/frame_stepper.hpp"
#include "model/dancers/move_networks.hpp"
#include "model/layers/model_folder.hpp"

#include <memory>

namespace ombra::model {

std::unique_ptr<MoveNetworks> torch_moves(std::shared_ptr<Model> model);
std::unique_ptr<FrameStepper> torch_frames(std::shared_ptr<Model> model);

}  // namespace ombra::model
