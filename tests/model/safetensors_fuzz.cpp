// libFuzzer target: any bytes are either read or refused with an Error.
// clang++ -fsanitize=fuzzer,address,undefined; built where CMake is given -DOMBRA_FUZZ=ON and clang.

#include "core/error.hpp"
#include "model/figure/safetensors.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const ombra::model::SafetensorsFile file(std::as_bytes(std::span(data, size)), "fuzz");
    for (const ombra::model::TensorView& tensor : file.tensors()) static_cast<void>(ombra::model::to_floats(tensor));
  } catch (const ombra::Error&) {
  }
  return 0;
}
