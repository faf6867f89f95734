// libFuzzer: figures of strangers. Built with Clang and -DOMBRA_FUZZ=ON.

#include "core/error.hpp"
#include "footage/people/gltf_file.hpp"
#include "footage/people/person_dance.hpp"
#include "footage/people/rig.hpp"
#include "train/synthetic.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombra::train;
  static const std::filesystem::path path = std::filesystem::temp_directory_path() / fmt::format("{}.glb", ::getpid());
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    Person person = read_gltf(path);
    fit_rig(person, "fuzzed");
    const PersonDance dance(std::make_shared<const Person>(std::move(person)), std::vector(2, test::standing()), 30.0,
                            1);
    std::vector<float> ink(32 * 32);
    dance.draw(1, {}, 32, ink);
  } catch (const ombra::Error&) {
  }
  return 0;
}
