#pragma once
// FluidSynth as a function: MIDI messages in, sound out. Thread: one owner.

#include "audio/material/midi_file.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace ombra::audio {

class Synthesizer {
 public:
  static constexpr int kRateHz = 44100;

  // Reads the sound font (some hundred MB of memory, shared between synthesizers). Throws Error naming it.
  explicit Synthesizer(const std::filesystem::path& font);
  ~Synthesizer();

  // messages: in order, at in seconds. A message takes effect within 1.5 ms. reverberation: 0 dry .. 1.
  // -> mono, seconds long, loudest sample 0.5; silence where nothing sounds
  std::vector<float> play(std::span<const MidiMessage> messages, double seconds, double reverberation);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::audio
