#include "audio/listener.hpp"
#include "cli/command.hpp"
#include "show/displays.hpp"
#include "show/midi_port.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace ombra::cli {
namespace {

void print_inputs() {
  const auto inputs = audio::list_inputs();
  std::printf("sound inputs\n");
  if (inputs.empty()) std::printf("  none: `ombra` dances to the bundled track\n");
  for (const audio::InputDevice& input : inputs) {
    std::printf("%s\n", fmt::format("{} {:>3}  {:<48}  {:<8} {} ch {:>6.0f} Hz", input.is_default ? "*" : " ",
                                    input.number, input.name, input.host_api, input.channels, input.default_rate_hz)
                            .c_str());
  }
  if (!inputs.empty()) std::printf("  (* the default; a \"monitor\" hears what this computer plays)\n");
}

void print_displays() {
  std::printf("displays\n");
  int number = 0;
  for (const show::Display& d : show::list_displays()) {
    std::printf("%s\n",
                fmt::format("  {:>3}  {:<48}  {}x{} {} Hz", number++, d.name, d.width, d.height, d.refresh_hz).c_str());
  }
  if (number == 0) std::printf("  none: `ombra render SONG -o OUT.mp4` makes videos without one\n");
}

void print_midi() {
  std::printf("MIDI inputs\n");
  const std::vector<std::string> inputs = show::list_midi_inputs();
  for (const std::string& name : inputs) std::printf("       %s\n", name.c_str());
  if (inputs.empty()) std::printf("  none\n");
}

}  // namespace

void add_devices(CLI::App& app) {
  CLI::App* command = app.add_subcommand("devices", "List the sound inputs, displays and MIDI inputs of this machine");
  command->footer("example: ombra devices");
  command->callback([] {
    print_inputs();
    print_displays();
    print_midi();
  });
}

}  // namespace ombra::cli
