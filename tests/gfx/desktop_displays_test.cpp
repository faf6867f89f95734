// A desktop of two displays whose settings change while a window is open: an X server of its own with Xorg's dummy
// driver, which needs no hardware. Skipped where there is none (xserver-xorg-video-dummy, x11-xserver-utils).

#include "gfx/desktop_displays.hpp"

#include <SDL.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ombra::gfx {
namespace {

// On a display number that it chooses itself.
class Server {
 public:
  Server() {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("ombra-xorg-{}", ::getpid());
    std::filesystem::create_directories(folder_);
    const std::string config = folder_ / "xorg.conf", log = folder_ / "xorg.log";
    std::ofstream(config) << R"(
Section "Device"
  Identifier "d"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Screen"
  Identifier "s"
  Device "d"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "640x480"
    Virtual 1280 480
  EndSubSection
EndSection
)";
    int ends[2];
    if (::pipe(ends) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      std::freopen("/dev/null", "w", stdout);
      std::freopen("/dev/null", "w", stderr);
      const std::string fd = std::to_string(ends[1]);
      ::execlp("Xorg", "Xorg", "-displayfd", fd.c_str(), "-config", config.c_str(), "-logfile", log.c_str(), "-noreset",
               "-nolisten", "tcp", nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    std::string text;  // comes in pieces
    for (char c = 0; text.size() < 16 && ::read(ends[0], &c, 1) == 1 && c != '\n';) text += c;
    ::close(ends[0]);
    if (!text.empty()) name_ = ":" + text;
  }
  ~Server() {
    if (process_ > 0) ::kill(process_, SIGTERM), ::waitpid(process_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& name() const { return name_; }  // "": there is none
  // As the desktop's settings do it. -> done?
  bool set(const std::string& outputs) const {
    return std::system(fmt::format("xrandr -d {} {} >/dev/null 2>&1", name_, outputs).c_str()) == 0;
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = -1;
  std::string name_;
};

// -> "name x", as SDL lists them
std::vector<std::string> listed() {
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
  }
  std::vector<std::string> out;
  for (int i = 0; i < SDL_GetNumVideoDisplays(); ++i) {
    SDL_Rect r{};
    SDL_GetDisplayBounds(i, &r);
    out.push_back(fmt::format("{} {}", SDL_GetDisplayName(i), r.x));
  }
  return out;
}
using List = std::vector<std::string>;

TEST(DesktopDisplays, SdlLearnsWhatTheDesktopsSettingsDid) {
  const Server server;
  if (server.name().empty()) GTEST_SKIP() << "no Xorg with its dummy driver here";
  // asked for once, the second output counts as plugged in
  const std::string on = "--output DUMMY1 --mode 640x480 --pos 640x0", off = "--output DUMMY1 --off";
  server.set("--addmode DUMMY1 640x480");
  if (!server.set(on) || !server.set("-q")) GTEST_SKIP() << "no xrandr here, or an Xorg with one output only";
  ::setenv("DISPLAY", server.name().c_str(), 1);
  ::setenv("SDL_VIDEODRIVER", "x11", 1);
  ASSERT_EQ(SDL_InitSubSystem(SDL_INIT_VIDEO), 0) << SDL_GetError();
  SDL_Window* window = SDL_CreateWindow("test", 700, 50, 200, 100, 0);
  ASSERT_NE(window, nullptr) << SDL_GetError();
  {
    DesktopDisplays displays(window);
    displays.refresh();
    EXPECT_EQ(listed(), (List{"DUMMY0 0", "DUMMY1 640"}));
    ASSERT_TRUE(server.set(off));
    displays.refresh();
    EXPECT_EQ(listed(), List{"DUMMY0 0"});
    EXPECT_EQ(SDL_GetWindowDisplayIndex(window), 0);
    ASSERT_TRUE(server.set(on));
    displays.refresh();
    EXPECT_EQ(listed(), (List{"DUMMY0 0", "DUMMY1 640"}));
    ASSERT_TRUE(server.set("--output DUMMY0 --pos 640x0 --output DUMMY1 --pos 0x0"));  // the same bounds, swapped
    displays.refresh();
    List swapped = listed();
    std::sort(swapped.begin(), swapped.end());
    EXPECT_EQ(swapped, (List{"DUMMY0 640", "DUMMY1 0"}));
  }
  SDL_DestroyWindow(window);
  SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

}  // namespace
}  // namespace ombra::gfx
