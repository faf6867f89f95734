#include "audio/input/devices.hpp"

#include "audio/input/no_answer.hpp"
#include "audio/input/sound_systems.hpp"
#include "core/number.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace ombra::audio {
namespace {

bool is_alsa(const InputDevice& d) { return d.host_api == "ALSA"; }

// PortAudio calls the cards themselves "name (hw:1,0)"; ALSA's other devices ("default", "sysdefault", "dsnoop") are
// ways to these cards.
int card_of(const std::string& name) {
  const std::size_t at = name.rfind("(hw:");
  if (at == std::string::npos) return -1;
  const std::string_view rest = std::string_view(name).substr(at + 4);
  return static_cast<int>(parse_integer(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(-1));
}

void mark_again(std::vector<InputDevice>& port, const std::vector<InputDevice>& pulse, bool pipewire) {
  const bool has_cards = std::any_of(port.begin(), port.end(), [](const auto& d) { return d.card >= 0; });
  for (InputDevice& d : port) {
    const auto same_card = [&d](const InputDevice& other) { return d.card >= 0 && other.card == d.card; };
    if (is_alsa(d) && d.card < 0) {
      d.again = !pulse.empty() || (has_cards && !d.standard);
    } else if (is_alsa(d)) {
      d.again = std::any_of(pulse.begin(), pulse.end(), same_card);
    } else {
      d.again = pipewire && d.host_api.rfind("JACK", 0) == 0;
    }
  }
}

// Inputs of one name are told apart by what their server calls them, whatever their order is today.
void make_unique(std::vector<InputDevice>& inputs) {
  std::map<std::string, int> count, seen;
  for (const InputDevice& d : inputs) ++count[d.name];
  for (InputDevice& d : inputs) {
    if (count[d.name] == 1) continue;
    const int n = ++seen[d.name];
    if (d.system == InputSystem::kPulse) {
      d.name += fmt::format(" ({})", d.id);
    } else if (n > 1) {
      d.name += fmt::format(" ({})", n);
    }
  }
}

}  // namespace

std::vector<InputDevice> merge_inputs(std::vector<InputDevice> pulse, std::vector<InputDevice> port, bool pipewire) {
  for (InputDevice& d : port) d.card = is_alsa(d) ? card_of(d.name) : -1;
  mark_again(port, pulse, pipewire);
  std::vector<InputDevice> all = std::move(pulse);
  all.insert(all.end(), port.begin(), port.end());
  const auto place = [](const InputDevice& d) {
    return (d.again ? 4 : 0) + (d.kind == InputKind::kMonitor ? 0 : 2) + (d.standard ? 0 : 1);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&place](const InputDevice& a, const InputDevice& b) { return place(a) < place(b); });
  make_unique(all);
  int number = 0;
  for (InputDevice& d : all) d.number = ++number;
  mark_default(all);
  return all;
}

void mark_default(std::vector<InputDevice>& inputs) {
  for (InputDevice& d : inputs) d.is_default = false;
  const auto take = [&inputs](const auto& fits) {
    const auto found = std::find_if(inputs.begin(), inputs.end(), fits);
    if (found != inputs.end()) found->is_default = true;
    return found != inputs.end();
  };
  const auto heard = [](const InputDevice& d) { return d.kind == InputKind::kInput && d.available && !d.again; };
  static_cast<void>(take([](const InputDevice& d) { return d.demanded; }) ||
                    take([](const InputDevice& d) { return d.kind == InputKind::kMonitor && d.playing; }) ||
                    take([&heard](const InputDevice& d) { return heard(d) && d.standard; }) || take(heard));
}

std::optional<InputDevice> choose_input(const std::vector<InputDevice>& inputs, const std::string& text) {
  const auto pick = [&](const auto& fits) -> std::optional<InputDevice> {
    const auto found = std::find_if(inputs.begin(), inputs.end(), fits);
    return found == inputs.end() ? std::nullopt : std::optional(*found);
  };
  if (text.empty()) return pick([](const InputDevice& d) { return d.is_default; });
  const std::string wanted = lower(text);
  if (auto whole = pick([&](const InputDevice& d) { return lower(d.name) == wanted; })) return whole;
  if (const auto n = parse_integer(text)) return pick([n](const InputDevice& d) { return d.number == *n; });
  if (auto id = pick([&](const InputDevice& d) { return d.id == text; })) return id;
  return pick([&](const InputDevice& d) { return lower(d.name).find(wanted) != std::string::npos; });
}

std::vector<InputDevice> list_inputs(std::string* trouble) {
  SoundSystems systems;
  std::vector<InputDevice> inputs = systems.find_inputs(true);
  if (trouble) *trouble = systems.hangs().empty() && systems.port_audio_hangs() ? kSystemHangs : systems.hangs();
  return inputs;
}

}  // namespace ombra::audio
