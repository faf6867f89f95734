#pragma once
// Who leads the beat: of what the beat tracker hears, what Ableton Link and MIDI clock say and what the hand does, the
// one grid that the whole show dances to.
// Whatever changes (the lead, the tempo, the phase), the count of beats neither jumps nor runs backwards: the distance
// to the new line dies away like a critically damped spring, nine tenths of it within a beat and a half, and meanwhile
// the rate stays within 0.5 to 2 times the tempo.
// Pure: it keeps no clock, every time is given to it, in s on the clock of core/clock.hpp.
// Thread: one owner; no allocation.

#include "audio/clocks/tap.hpp"
#include "core/frames.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace ombra::audio {

enum class Lead { kTracker, kLink, kMidi, kHand };
// Auto: the hand once it was used, else MIDI clock, else Link, else the beat tracker.
enum class LeadChoice { kAuto, kTracker, kLink, kMidi, kHand };
std::string_view lead_name(Lead lead);  // "ears", "Link", "MIDI clock", "hand"

// What each of them says now. No value: nothing to follow there.
struct BeatSources {
  BeatGrid tracker;
  std::optional<BeatGrid> link = {}, midi = {};
};

struct LeadSettings {
  LeadChoice choice = LeadChoice::kAuto;  // one by name is locked: nothing else takes over
  bool free = false;                      // runs on at the last tempo, whatever is heard
  double typed_bpm = 0.0;                 // 0: not typed; ignored while another lead is locked
};

struct LeadStatus {
  Lead lead = Lead::kTracker;
  bool locked = false;     // by name
  bool free = false;       // runs on by itself
  bool waiting = false;    // the lead says nothing: the last tempo goes on
  bool typed = false;      // the typed tempo is still in force
  double bpm = 110.0;      // without what is sliding in
  int doublings = 0;       // 1: twice the tempo of the lead, -1: half of it
  double nudge_ms = 0.0;   // how much earlier the beat is put than the lead has it
  int taps = 0;            // that count now
  bool one_given = false;  // the hand has said where the bar begins
};

class Conductor {
 public:
  // Once a frame. -> the grid to dance to, anchored at now_s. Its bpm is the steady tempo, without what is sliding in,
  // so that choices by tempo do not change with every slide.
  const BeatGrid& step(double now_s, const BeatSources& sources, const LeadSettings& settings);

  // The hand. What it does shows in the next step().
  // A beat was tapped at time_s. -> false: another lead is locked, and the tap changed nothing
  bool tap(double time_s);
  // Puts the beat so much earlier (negative: later) on top of any lead, until the next tap, resync beyond a quarter of
  // a beat, or reset().
  void nudge(double earlier_s);
  // Sets the downbeat: a bar begins on the beat nearest to now_s; if that is more than a quarter beat off, now_s
  // becomes a beat. Holds until MIDI or Link lead, the tracker finds another line, is confident of another beginning
  // for half a minute, or reset().
  void resync(double now_s);
  // Twice (1) or half (-1) the tempo, on top of the lead until it changes or reset(). Tempi stay in 30 to 300.
  void multiply_tempo(int step);
  // Gives the beat back to the lead as it is: no hand, nudge, multiple or 1.
  void reset();

  const BeatGrid& grid() const { return out_; }
  LeadStatus status() const;

 private:
  static constexpr std::size_t kTempi = 64;

  Lead choose(const BeatSources& sources, const LeadSettings& settings, double step_s);
  std::optional<BeatGrid> source(const BeatSources& sources, Lead lead) const;
  void take_over(Lead lead, const BeatSources& sources);
  BeatGrid aim(double now_s, const BeatSources& sources);
  BeatGrid mapped(const BeatGrid& line) const;
  void read_typed(double now_s, const LeadSettings& settings);
  void remember_tempo(double now_s, double bpm);
  double lead_bpm() const;  // steady, as the lead counts it
  void watch_the_one(double now_s, const BeatGrid& tracker, double step_s);
  void slide(double now_s, BeatGrid target);

  bool started_ = false;
  double last_s_ = 0.0;
  // who leads
  Lead lead_ = Lead::kTracker;
  LeadSettings settings_;
  bool hand_used_ = false, typed_ = false, tracker_ready_ = true, waiting_ = false;
  double agreed_s_ = 0.0;  // for how long the lead that would follow has agreed with the hand
  TapTempo taps_;
  BeatGrid hand_;  // the hand's line, in the output's count; while others lead, theirs at a steady tempo
  // from the lead's count to the output's: (beat - pivot_) * 2^doublings_ + count_
  int doublings_ = 0;
  double pivot_ = 0.0, count_ = 0.0, nudge_s_ = 0.0;
  double asked_bpm_ = 0.0;     // the lead's tempo when the hand asked for a multiple of it
  std::optional<double> one_;  // a beat of the output's count, given by the hand
  double doubted_s_ = 0.0;     // for how long the tracker has been confident of another 1
  BeatGrid heard_;             // what the tracker said last
  // the lead's tempo in the last seconds
  std::array<double, kTempi> tempi_{};
  std::size_t tempo_count_ = 0;
  double tempo_due_s_ = 0.0;
  // the slide
  BeatGrid target_;                                      // where the output is going
  double phase_offset_ = 0.0, phase_offset_rate_ = 0.0;  // beats by which the output is ahead of it; a second
  BeatGrid out_;
};

}  // namespace ombra::audio
