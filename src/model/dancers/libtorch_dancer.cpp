#include "model/dancers/libtorch_dancer.hpp"

#include "model/door/door.hpp"

namespace ombra::model {

std::unique_ptr<LibTorchDancer> open_libtorch_dancer(const std::filesystem::path& model, const std::string& device) {
  using Open = LibTorchDancer*(const std::filesystem::path&, const std::string&);
  return std::unique_ptr<LibTorchDancer>(behind_door<Open>("ombra_open_libtorch_dancer")(model, device));
}

}  // namespace ombra::model
