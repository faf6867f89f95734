// libFuzzer target: any text is either read as motion or refused with an Error. The first byte picks the format.
// clang++ -fsanitize=fuzzer,address,undefined; built where CMake is given -DOMBRA_FUZZ=ON and clang.
// motion_seeds/ holds texts as several programs write them, motion_fuzz.dict their words.

#include "core/error.hpp"
#include "footage/motion/bvh.hpp"
#include "footage/motion/manifest.hpp"
#include "footage/motion/picture_pose.hpp"
#include "footage/motion/skeleton.hpp"
#include "footage/motion/trc.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombra::train;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 3 == 2) {
      parse_manifest(text, "fuzz");
      return 0;
    }
    MotionClip clip = data[0] % 3 == 0 ? parse_trc(text, "fuzz") : parse_bvh(text, "fuzz");
    complete(clip, "fuzz");
    if (static_cast<double>(clip.frames.size()) / clip.fps < 60.0) active(to_picture(clip, 30.0, 40.0), 30.0);
  } catch (const ombra::Error&) {
  }
  return 0;
}
