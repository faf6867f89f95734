#include "audio/input/devices.hpp"
#include "audio/clocks/link_clock.hpp"
#include "cli/command.hpp"
#include "core/deadline.hpp"
#include "media/share/camera.hpp"
#include "show/live/audio_input.hpp"
#include "show/live/displays.hpp"
#include "show/live/midi_port.hpp"
#include "show/params/presets.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

namespace ombra::cli {
namespace {

constexpr auto kDisplaysLimit = std::chrono::seconds(3);
constexpr auto kCamerasLimit = std::chrono::seconds(2);

std::string line(const audio::InputDevice& input, const std::string& remembered) {
  std::string text = fmt::format("{} {:>3}  {:<48}  {:<10} {} ch {:>6.0f} Hz", input.is_default ? "*" : " ",
                                 input.number, input.name, input.host_api, input.channels, input.default_rate_hz);
  if (input.playing) text += "  playing";
  if (!input.available) text += "  unplugged";
  if (!remembered.empty() && input.name == remembered) text += "  remembered";
  return text;
}

void print_inputs(bool all) {
  std::string trouble;
  const auto inputs = audio::list_inputs(&trouble);
  const std::string remembered = show::remembered_machine().input;
  bool any = false, found = false, hidden = false;
  std::printf("sound inputs\n");
  for (const audio::InputDevice& input : inputs) {
    hidden |= input.again;
    if (input.again && !all) continue;
    any |= input.is_default;
    found |= input.name == remembered;
    std::printf("%s\n", line(input, remembered).c_str());
  }
  const bool bundled = remembered == show::kBundledTrack;
  std::printf("%s   -  %s: --input \"bundled track\"%s\n", any ? " " : "*", show::kBundledTrack,
              bundled ? "  remembered" : "");
  if (!trouble.empty()) std::printf("  %s: its inputs are not listed\n", trouble.c_str());
  if (inputs.empty() && trouble.empty()) std::printf("  no input found: `ombra` dances to the bundled track\n");
  if (!inputs.empty()) {
    std::printf("  (* used when no input is named or remembered; a \"monitor\" hears what this computer plays)\n");
  }
  if (hidden && !all) std::printf("  (other ways to the same inputs: `ombra devices --all`)\n");
  if (!remembered.empty() && !found && !bundled) std::printf("  remembered, not here now: %s\n", remembered.c_str());
}

// A display server may hang as a sound server does.
void print_displays() {
  std::printf("displays\n");
  int number = 0;
  auto displays = run_detached(show::list_displays);
  if (displays.wait_for(kDisplaysLimit) != std::future_status::ready) {
    std::printf("  the display server does not answer\n");
    return;
  }
  for (const show::Display& d : displays.get()) {
    const std::string socket = d.connector.empty() || d.connector == d.name ? "" : d.connector + "  ";
    std::printf("%s\n", fmt::format("  {:>3}  {:<48}  {}{}x{} {} Hz at {},{}{}{}", number++, d.name, socket, d.width,
                                    d.height, d.refresh_hz, d.x, d.y, d.primary ? "  first" : "",
                                    show::is_built_in(d) ? "  built in" : "")
                            .c_str());
  }
  if (number == 0) std::printf("  none: `ombra render SONG -o OUT.mp4` makes videos without one\n");
}

void print_midi() {
  std::printf("MIDI inputs\n");
  const std::vector<std::string> inputs = show::list_midi_inputs();
  for (const std::string& name : inputs) std::printf("       %s\n", name.c_str());
  if (inputs.empty()) std::printf("  none\n");
}

// Devices that the show can be written to.
void print_cameras() {
  std::printf("cameras that the picture can go to\n");
  auto cameras = run_detached([] { return media::list_cameras(media::camera_system()); });
  if (cameras.wait_for(kCamerasLimit) != std::future_status::ready) {
    std::printf("  a video device does not answer\n");
    return;
  }
  const std::vector<media::CameraDevice> all = cameras.get();
  for (const media::CameraDevice& each : all) std::printf("       %-12s  %s\n", each.path.c_str(), each.name.c_str());
  if (all.empty()) std::printf("  none: the kernel module v4l2loopback makes one\n");
}

// Joins the network, so only when asked.
void print_link() {
  audio::LinkClock link;
  link.enable(true);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  std::printf("Ableton Link\n  %s\n", link.peers() == 0 ? "no peers" : fmt::format("{} peers", link.peers()).c_str());
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "devices", "List the sound inputs, displays, MIDI inputs and cameras to write to of this machine");
  command->footer("example: ombra devices");
  const auto all = std::make_shared<bool>(false);
  command->add_flag("--all", *all, "list other routes to the same input too, such as ALSA's plug-ins");
  const auto link = std::make_shared<bool>(false);
  command->add_flag("--link", *link, "also count the Ableton Link peers on the local network, for 1.5 s");
  command->callback([all, link] {
    print_inputs(*all);
    print_displays();
    print_midi();
    print_cameras();
    if (*link) print_link();
  });
}

}  // namespace ombra::cli
