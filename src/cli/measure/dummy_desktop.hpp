#pragma once
// A desktop with two displays where there is none: an X server (Xorg) whose graphics card is its driver "dummy", which
// shows its pictures to nobody. It touches no device of this machine. Programs started while it lives find it through
// the environment, which is put back afterwards; it ends with this process. Thread: main.

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ombra::cli {

struct DisplaySize {
  int width = 0, height = 0;  // pixels
};

// -> X's description of a mode of that size at 60 Hz, without its name
std::string dummy_mode(const DisplaySize& size);

class DummyDesktop {
 public:
  // The displays, each at 60 Hz: "DUMMY0" for the desk, and "DUMMY1" to its right. There is no window manager.
  static constexpr const char *kDesk = "DUMMY0", *kOutput = "DUMMY1";

  // -> null and a word in why where it cannot be started. folder: for its files, which stay there
  static std::unique_ptr<DummyDesktop> start(const DisplaySize& desk, const DisplaySize& output,
                                             const std::filesystem::path& folder, std::string& why);
  ~DummyDesktop();
  DummyDesktop(const DummyDesktop&) = delete;
  DummyDesktop& operator=(const DummyDesktop&) = delete;

 private:
  DummyDesktop() = default;
  bool run(const std::filesystem::path& folder);
  bool running();
  void set(const char* name, const char* value);  // null: not there

  pid_t server_ = -1;
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;  // the environment
};

}  // namespace ombra::cli
