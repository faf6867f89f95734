#pragma once
// A dancer on LibTorch, as model/dancers/libtorch_dancer.hpp wants it from behind the door. Thread: one owner.

#include "model/dancers/libtorch_dancer.hpp"

namespace ombra::model {

// device: auto, cpu or cuda. Throws as load_model and device_of do.
std::unique_ptr<LibTorchDancer> torch_dancer(const std::filesystem::path& folder, const std::string& device);

}  // namespace ombra::model
