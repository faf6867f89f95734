#include "audio/material/synthesizer.hpp"

#include "core/error.hpp"

#include <fluidsynth.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

struct Free {
  void operator()(fluid_settings_t* settings) const { delete_fluid_settings(settings); }
  void operator()(fluid_synth_t* synth) const { delete_fluid_synth(synth); }
};

void send(fluid_synth_t* synth, const MidiMessage& m) {
  const int channel = m.channel();
  switch (m.kind()) {
    case MidiMessage::kNoteOn:
      if (m.second > 0) {
        fluid_synth_noteon(synth, channel, m.first, m.second);
        break;
      }
      [[fallthrough]];
    case MidiMessage::kNoteOff:
      fluid_synth_noteoff(synth, channel, m.first);
      break;
    case MidiMessage::kControl:
      fluid_synth_cc(synth, channel, m.first, m.second);
      break;
    case MidiMessage::kProgram:
      fluid_synth_program_change(synth, channel, m.first);
      break;
    case MidiMessage::kBend:
      fluid_synth_pitch_bend(synth, channel, m.first | m.second << 7);
      break;
    default:
      break;
  }
}

}  // namespace

struct Synthesizer::Impl {
  std::unique_ptr<fluid_settings_t, Free> settings;
  std::unique_ptr<fluid_synth_t, Free> owner;  // of the sound font; plays nothing itself
};

Synthesizer::Synthesizer(const std::filesystem::path& font) : impl_(std::make_unique<Impl>()) {
  for (const int level : {FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO})
    fluid_set_log_function(level, nullptr, nullptr);
  impl_->settings.reset(new_fluid_settings());
  fluid_settings_setnum(impl_->settings.get(), "synth.sample-rate", kRateHz);
  fluid_settings_setnum(impl_->settings.get(), "synth.gain", 0.4);
  fluid_settings_setint(impl_->settings.get(), "synth.chorus.active", 0);
  fluid_settings_setint(impl_->settings.get(), "synth.polyphony", 128);
  impl_->owner.reset(new_fluid_synth(impl_->settings.get()));
  if (!impl_->owner || fluid_synth_sfload(impl_->owner.get(), font.c_str(), 1) < 0)
    throw error("{}: cannot be read as a sound font\nhint: install its package again", font.string());
}

Synthesizer::~Synthesizer() = default;

std::vector<float> Synthesizer::play(std::span<const MidiMessage> messages, double seconds, double reverberation) {
  // a new one each time: what sounded before leaves traces in the old one, and the same messages are to sound the same
  const std::unique_ptr<fluid_synth_t, Free> fresh(new_fluid_synth(impl_->settings.get()));
  if (!fresh) throw error("FluidSynth does not start\nhint: is there memory?");
  fluid_synth_t* synth = fresh.get();
  fluid_sfont_t* font = fluid_synth_get_sfont(impl_->owner.get(), 0);
  fluid_synth_add_sfont(synth, font);
  fluid_synth_reverb_on(synth, -1, reverberation > 0.0 ? 1 : 0);
  fluid_synth_set_reverb_group_level(synth, -1, reverberation);
  const auto samples = static_cast<std::size_t>(std::max(0.0, seconds) * kRateHz);
  std::vector<float> left(samples), right(samples);
  std::size_t done = 0;
  const auto play_until = [&](double time_s) {
    const auto until = std::min(samples, static_cast<std::size_t>(std::max(0.0, time_s) * kRateHz));
    if (until <= done) return;
    fluid_synth_write_float(synth, static_cast<int>(until - done), left.data() + done, 0, 1, right.data() + done, 0, 1);
    done = until;
  };
  for (const MidiMessage& message : messages) {
    play_until(std::min(message.at, seconds));
    send(synth, message);
  }
  play_until(seconds);
  fluid_synth_remove_sfont(synth, font);
  float peak = 0.0f;
  for (std::size_t i = 0; i < samples; ++i) {
    left[i] += right[i];
    if (!std::isfinite(left[i])) left[i] = 0.0f;
    peak = std::max(peak, std::abs(left[i]));
  }
  if (peak > 1e-5f)
    for (float& x : left) x *= 0.5f / peak;
  return left;
}

}  // namespace ombra::audio
