#pragma once
// A Standard MIDI File (formats 0 and 1) as one list of messages. FluidSynth's own player keeps time signatures to
// itself, and a beat needs them; so the file is read here and FluidSynth only plays. Thread: any.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

// A message to a channel. at: quarters since the beginning in a file, seconds once it is to be played.
struct MidiMessage {
  double at = 0.0;
  std::uint8_t status = 0;  // kind (0x80 .. 0xE0) and channel
  std::uint8_t first = 0, second = 0;

  int kind() const { return status & 0xF0; }
  int channel() const { return status & 0x0F; }
  bool strikes() const { return kind() == kNoteOn && second > 0; }
  bool releases() const { return kind() == kNoteOff || (kind() == kNoteOn && second == 0); }

  static constexpr int kNoteOff = 0x80, kNoteOn = 0x90, kControl = 0xB0, kProgram = 0xC0, kBend = 0xE0;
  static constexpr int kDrumChannel = 9;
};

struct MidiTempo {
  double at = 0.0;         // quarters
  double quarter_s = 0.5;  // from there on
};

struct MidiMetre {
  double at = 0.0;  // quarters; a bar begins here
  int beats = 4, unit = 4;
};

struct MidiFile {
  std::vector<MidiMessage> messages;  // in order of time
  std::vector<MidiTempo> tempi;       // in order; empty: 120 quarters a minute
  std::vector<MidiMetre> metres;      // in order; empty: the file does not say
  double quarters = 0.0;              // its end
};

// name stands for the file in errors. Throws Error for what is no such file, is cut, or is longer than 20,000 quarters.
MidiFile read_midi(std::span<const std::byte> bytes, const std::string& name);

}  // namespace ombra::audio
