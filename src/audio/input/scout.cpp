#include "audio/input/scout.hpp"

#include <algorithm>
#include <set>

namespace ombra::audio {
namespace {

constexpr double kAskS = 0.5;

}  // namespace

Scout::Found Scout::step(bool microphones, bool audible, double now_s) {
  if (now_s >= next_ask_s_) {
    ask(microphones);
    next_ask_s_ = now_s + kAskS;
  }
  Found found;
  for (auto& [key, probe] : probes_) {
    probe.loud.add(probe.meter->peak(), now_s);
    bool music = key.second != PulseMeter::kWhole && probe.loud.seconds(now_s) >= kMusicS;
    if (key.second == PulseMeter::kWhole) {
      const MicrophoneCheck::Verdict verdict = probe.check.step(probe.loud, audible, now_s);
      music = verdict == MicrophoneCheck::Verdict::kMusic;
      found.mute |= verdict == MicrophoneCheck::Verdict::kMute;
    }
    // what this computer plays goes before what a microphone hears of it
    const bool better =
        !found.music || (probe.input.kind == InputKind::kMonitor && found.music->kind != InputKind::kMonitor);
    if (music && better) found.music = probe.input;
  }
  return found;
}

// A meter for each of what there is now, and none for what has gone.
void Scout::ask(bool microphones) {
  std::vector<OtherStream> others;
  inputs_ = merge_inputs(server_->inputs(&others), {}, server_->is_pipewire());
  std::set<Key> wanted;
  for (const OtherStream& stream : others) wanted.emplace(stream.id, stream.number);
  for (const InputDevice& d : inputs_) {
    if (microphones && d.kind == InputKind::kInput && d.available) wanted.emplace(d.id, PulseMeter::kWhole);
  }
  std::erase_if(probes_, [&wanted](const auto& e) { return !wanted.contains(e.first) || e.second.meter->dead(); });
  for (const Key& key : wanted) {
    const InputDevice* device = input(key.first);
    if (!device || probes_.contains(key)) continue;
    const float least = key.second == PulseMeter::kWhole ? kLoudMicrophone : kLoudPlayed;
    probes_.emplace(key,
                    Probe{*device, std::make_unique<PulseMeter>(server_, *device, key.second), LoudTime(least), {}});
  }
}

const InputDevice* Scout::input(const std::string& id) const {
  const auto found = std::find_if(inputs_.begin(), inputs_.end(), [&id](const InputDevice& d) { return d.id == id; });
  return found == inputs_.end() ? nullptr : &*found;
}

}  // namespace ombra::audio
