#include "model/door/door.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <mutex>
#include <system_error>
#include <vector>

namespace ombra::model {
namespace {

// Beside the program as it is built, or in the library folder beside the one in which it is installed.
std::vector<std::filesystem::path> places() {
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored),
                              folder = program.parent_path();
  return {folder / OMBRA_MODULE, folder.parent_path() / OMBRA_MODULE_FOLDER / OMBRA_MODULE};
}

// Its symbols are for itself alone, and it takes those of its own libraries before those of the program's: neither side
// gets the other's LLVM. Sanitizers must see every allocation, and refuse the latter.
int how() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return RTLD_NOW | RTLD_LOCAL;
#else
  return RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif
}

void* open_module() {
  for (const std::filesystem::path& place : places()) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    log::debug("loading {}", place.string());
    if (void* module = ::dlopen(place.c_str(), how())) return module;
    throw error("{}: {}\nhint: is LibTorch installed? `./ombra` builds the program anew", place.string(), ::dlerror());
  }
  throw error(
      "{} is not beside the program\nhint: `./ombra` builds it; the show with the shipped dancer does not need it",
      OMBRA_MODULE);
}

}  // namespace

void* behind_door(const char* name) {
  static std::mutex mutex;
  static void* module = nullptr;
  const std::lock_guard lock(mutex);
  if (void* here = ::dlsym(RTLD_DEFAULT, name)) return here;  // a program that has it built in, as some tests do
  if (module == nullptr) module = open_module();
  if (void* found = ::dlsym(module, name)) return found;
  throw error("{} does not hold {}\nhint: it belongs to another version; `./ombra` builds it anew", OMBRA_MODULE, name);
}

}  // namespace ombra::model
