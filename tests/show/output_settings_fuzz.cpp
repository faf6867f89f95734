// libFuzzer target: any bytes are either read as settings of outputs, with sane mappings, or refused with an Error.
// clang++ -fsanitize=fuzzer,address,undefined; built where CMake is given -DOMBRA_FUZZ=ON and clang.

#include "core/error.hpp"
#include "show/params/output_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    std::vector<std::string> remarks;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto all = ombra::show::read_outputs(text, "fuzz", remarks);
    for (const auto& each : all) {
      if (!(ombra::stage::sane(each.mapping) == each.mapping)) std::abort();
    }
    remarks.clear();
    if (!(ombra::show::read_outputs(ombra::show::write_outputs(all), "fuzz", remarks) == all)) std::abort();
  } catch (const ombra::Error&) {
  }
  return 0;
}
