#pragma once
// MIDI clock: 24 ticks a beat, start, continue, stop, song position, read from the raw bytes of a MIDI input.
// Ticks come late by some milliseconds, in packets, or not at all, so the beat is a line through the last two beats'
// ticks by weighted least squares (Huber 1964): one late tick moves it little, lost or doubled ticks are counted in
// again, and a real change of tempo begins a new line. Anything that is not about the clock is skipped and counted.
// Start makes the next tick beat 0, the beginning of a bar. A clock that merely ticks leads too, without a bar.
// Thread: one owner; no allocation. It knows no port: show/live/midi_port.hpp reads one.

#include "core/frames.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace ombra::audio {

class MidiClock {
 public:
  static constexpr int kTicksPerBeat = 24;
  static constexpr double kLostS = 0.5;  // so long without a tick: the clock is lost

  // Bytes that arrived at time_s on the clock of core/clock.hpp; messages may be split anywhere.
  void feed(std::span<const std::uint8_t> bytes, double time_s);
  // -> the line of the clock; nothing while it is lost or stopped, or has not ticked for a third of a beat yet
  std::optional<BeatGrid> grid(double now_s) const;
  // -> does it tick, running or stopped?
  bool ticking(double now_s) const { return known_ > 0 && now_s - last_s_ < kLostS; }
  void reset() { *this = MidiClock(); }

  std::uint64_t ticks() const { return ticks_; }
  std::uint64_t skipped() const { return skipped_; }  // bytes

 private:
  static constexpr std::size_t kWindow = 48, kRecent = 24;

  void tick(double time_s);
  void transport(std::uint8_t status);
  void position(std::int64_t tick);
  bool tempo_changed() const;
  void count_in();
  void fit();
  double at(double index) const { return base_s_ + (index - base_index_) * period_s_; }

  // the parser
  int data_wanted_ = 0;  // bytes of a song position still to come
  std::uint8_t low_ = 0;
  // transport, in ticks of the song
  bool transport_used_ = false, playing_ = false, placed_ = false;
  std::optional<std::int64_t> next_;  // where the next tick is in the song
  std::int64_t stopped_at_ = 0;
  double shift_ = 0.0;  // place in the song = index + shift_
  // the last ticks, oldest first
  std::array<double, kWindow> index_{}, time_s_{};
  std::size_t known_ = 0;
  double last_s_ = 0.0, count_ = 0.0;
  // the line
  bool fitted_ = false;
  double base_s_ = 0.0, base_index_ = 0.0, period_s_ = 0.0;
  std::uint64_t ticks_ = 0, skipped_ = 0;
};

}  // namespace ombra::audio
