#include "audio/devices.hpp"

#include "audio/port_audio.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cctype>

namespace ombra::audio {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 6 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

std::vector<InputDevice> inputs_now() {
  const auto held = PortAudio::lock();
  std::vector<InputDevice> inputs;
  const int standard = Pa_GetDefaultInputDevice();
  for (int i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
    if (!info || info->maxInputChannels < 1) continue;
    const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
    inputs.push_back({i, info->name ? info->name : "?", api && api->name ? api->name : "?", info->maxInputChannels,
                      info->defaultSampleRate, i == standard});
  }
  std::stable_partition(inputs.begin(), inputs.end(), [](const InputDevice& d) { return d.is_default; });
  return inputs;
}

std::optional<InputDevice> choose_input(const std::vector<InputDevice>& inputs, const std::string& text) {
  const auto pick = [&](const auto& fits) -> std::optional<InputDevice> {
    const auto found = std::find_if(inputs.begin(), inputs.end(), fits);
    return found == inputs.end() ? std::nullopt : std::optional(*found);
  };
  if (text.empty()) return inputs.empty() ? std::nullopt : std::optional(inputs.front());
  if (is_number(text)) return pick([n = std::stoi(text)](const InputDevice& d) { return d.number == n; });
  if (auto whole = pick([&](const InputDevice& d) { return lower(d.name) == lower(text); })) return whole;
  return pick([&](const InputDevice& d) { return lower(d.name).find(lower(text)) != std::string::npos; });
}

std::optional<InputDevice> find_input(const std::string& text) { return choose_input(inputs_now(), text); }

std::vector<InputDevice> list_inputs() {
  try {
    const PortAudio session;
    return inputs_now();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace ombra::audio
