#pragma once
// The beat that the show dances to: joins the parameters beat/* (keys, desk, presets) with the conductor, Ableton Link
// and MIDI clock. Thread: one owner (the show's); Link's and MIDI's threads are inside.

#include "audio/clocks/conductor.hpp"
#include "audio/clocks/link_clock.hpp"
#include "show/live/midi_port.hpp"
#include "show/params/show_params.hpp"

#include <string>
#include <vector>

namespace ombra::show {

// For the desk and the report.
struct BeatStatus {
  audio::LeadStatus lead;
  int peers = 0;              // of Ableton Link
  double link_bpm = 0.0;      // 0: nothing to follow
  double midi_bpm = 0.0;      // 0: no clock
  bool midi_ticking = false;  // a clock arrives, running or stopped
  std::string midi_port;      // the open one
  std::string message;        // what the operator should know, or empty
  std::vector<std::string> midi_ports;
};

// What a step comes to: the grid to dance to, and what the parameters asked for once and is done.
struct LeadStep {
  BeatGrid grid;
  bool typed = false;  // beat/typed_bpm was taken, or refused
  bool freed = false;  // beat/reset: nothing holds the tempo any more
};

class BeatLead {
 public:
  // midi: a part of the name of a MIDI input, "" = none
  explicit BeatLead(const std::string& midi);

  // Once a frame, after listening: does what the parameters ask. heard: the tracker's grid; step_s: since the call
  // before.
  LeadStep step(const ShowParams& params, const BeatGrid& heard, double now_s, double step_s);
  BeatStatus status() const;

  void open_midi(const std::string& name) { midi_port_.open(name); }
  void refresh_midi() { midi_port_.refresh(); }
  std::string midi() const { return midi_port_.wanted(); }

 private:
  bool act(const ShowParams& params, double now_s, double step_s);

  audio::Conductor conductor_;
  audio::LinkClock link_;
  MidiPort midi_port_;
  audio::MidiClock midi_;
  audio::BeatSources sources_;
  double now_s_ = 0.0, refused_until_s_ = 0.0;
};

// -> in words, e.g. "Link, 2 peers" or "hand, locked"
std::string lead_text(const BeatStatus& status);
// -> the same in ten letters, without the lock
std::string lead_word(const BeatStatus& status);

}  // namespace ombra::show
