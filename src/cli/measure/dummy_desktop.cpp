#include "cli/measure/dummy_desktop.hpp"

#include "core/clock.hpp"
#include "core/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace ombra::cli {
namespace {

constexpr const char* kProgram = "Xorg";
constexpr double kStartS = 20.0, kEndS = 3.0;
constexpr int kNumberPipe = 3;  // where the server writes the number of its display

constexpr const char* kSettings = R"(Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoEnableDevices" "false"
  Option "AutoAddGPU" "false"
  Option "AutoBindGPU" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 512000
  Option "Monitor-{0}" "desk"
  Option "Monitor-{1}" "output"
EndSection
Section "Monitor"
  Identifier "desk"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline "first" {2}
  Option "PreferredMode" "first"
  Option "Primary" "true"
EndSection
Section "Monitor"
  Identifier "output"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline "second" {3}
  Option "PreferredMode" "second"
  Option "Enable" "true"
  Option "Position" "{4} 0"
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "desk"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual {5} {6}
  EndSubSection
EndSection
)";
constexpr int kMoreAcross = 1920, kMoreDown = 360;  // pixels, for displays that come later

}  // namespace

std::string dummy_mode(const DisplaySize& size) {
  // blanking as CEA-861 has it for 1080p
  const int across = size.width + 280, down = size.height + 45;
  return fmt::format("{:.6f} {} {} {} {} {} {} {} {}", 60e-6 * across * down, size.width, size.width + 88,
                     size.width + 132, across, size.height, size.height + 4, size.height + 9, down);
}

std::unique_ptr<DummyDesktop> DummyDesktop::start(const DisplaySize& desk, const DisplaySize& output,
                                                  const std::filesystem::path& folder, std::string& why) {
  std::unique_ptr<DummyDesktop> desktop(new DummyDesktop);
  std::filesystem::create_directories(folder);
  write_atomically(
      folder / "xorg.conf",
      fmt::format(fmt::runtime(kSettings), kDesk, kOutput, dummy_mode(desk), dummy_mode(output), desk.width,
                  desk.width + output.width + kMoreAcross, std::max(desk.height, output.height) + kMoreDown));
  if (desktop->run(folder)) return desktop;
  why = "Xorg with its driver \"dummy\" does not start here";
  return nullptr;
}

DummyDesktop::~DummyDesktop() {
  for (const auto& [name, value] : before_)
    value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
  if (!running()) return;
  ::kill(server_, SIGTERM);
  for (const double end_s = now_s() + kEndS; running() && now_s() < end_s;) ::poll(nullptr, 0, 20);
  if (!running()) return;
  ::kill(server_, SIGKILL);
  ::waitpid(server_, nullptr, 0);
}

bool DummyDesktop::running() {
  if (server_ > 0 && ::waitpid(server_, nullptr, WNOHANG) == server_) server_ = -1;
  return server_ > 0;
}

void DummyDesktop::set(const char* name, const char* value) {
  const char* old = std::getenv(name);
  before_.emplace_back(name, old ? std::optional<std::string>(old) : std::nullopt);
  value ? ::setenv(name, value, 1) : ::unsetenv(name);
}

// -> does it answer?
bool DummyDesktop::run(const std::filesystem::path& folder) {
  const std::string config = (folder / "xorg.conf").string(), log = (folder / "xorg.log").string(),
                    said = (folder / "xorg.out").string(), pipe = std::to_string(kNumberPipe);
  const std::array words = {kProgram,
                            "-displayfd",
                            pipe.c_str(),
                            "-config",
                            config.c_str(),
                            "-logfile",
                            log.c_str(),
                            "-noreset",
                            "-novtswitch",
                            "-sharevts",
                            "-nolisten",
                            "tcp",
                            static_cast<const char*>(nullptr)};
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  server_ = ::fork();
  if (server_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int out = ::open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    if (ends[1] == kNumberPipe)
      ::fcntl(kNumberPipe, F_SETFD, 0);
    else
      ::dup2(ends[1], kNumberPipe);
    ::execvp(kProgram, const_cast<char* const*>(words.data()));
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string number;
  pollfd coming{ends[0], POLLIN, 0};
  const double end_s = now_s() + kStartS;
  for (char c = 0; c != '\n' && now_s() < end_s;) {
    if (::poll(&coming, 1, 100) <= 0) continue;
    if (::read(ends[0], &c, 1) <= 0) break;
    number += c;
  }
  ::close(ends[0]);
  if (number.empty() || number.back() != '\n') return false;
  number.pop_back();
  set("DISPLAY", (":" + number).c_str());
  for (const char* other : {"WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "XAUTHORITY"}) set(other, nullptr);
  return true;
}

}  // namespace ombra::cli
