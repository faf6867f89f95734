#pragma once
// A MIDI input that comes and goes: opened by a part of its name, found again when it is plugged in again. Clock
// messages wait in a ring until the show reads them. Thread: construct, open, refresh, read and the getters from one
// thread (the show's); RtMidi's thread and the one that watches the ports are inside.

#include "audio/clocks/midi_clock.hpp"
#include "core/spsc_ring.hpp"

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ombra::show {

// -> MIDI inputs without the program's own and ALSA's through port. Never throws: without MIDI there are none.
std::vector<std::string> list_midi_inputs();

// Messages on their way from RtMidi's thread to the show's.
class MidiInbox {
 public:
  // RtMidi's thread. No lock, no allocation; what is longer than three bytes is no clock message and is left out.
  void put(const std::uint8_t* bytes, std::size_t count, double time_s) noexcept;
  // the show's thread
  void read(audio::MidiClock& clock);

 private:
  struct Message {
    double time_s = 0.0;
    std::array<std::uint8_t, 3> bytes{};
    std::uint8_t count = 0;
  };
  SpscRing<Message> ring_{1024};  // 20 s of a clock at 120 beats a minute
};

class MidiPort {
 public:
  MidiPort();
  ~MidiPort();
  MidiPort(const MidiPort&) = delete;
  MidiPort& operator=(const MidiPort&) = delete;

  // Returns at once. name: a part of a port's name (case-insensitive); "" closes.
  void open(const std::string& name);
  // Looks what is there, for ports(); returns at once.
  void refresh();
  void read(audio::MidiClock& clock) { inbox_.read(clock); }

  std::string wanted() const;
  std::string port() const;     // the open one, or ""
  std::string message() const;  // what the operator should know, or ""
  std::vector<std::string> ports() const;

 private:
  struct Impl;
  void work(const std::stop_token& stop);
  void find_ports();

  MidiInbox inbox_;             // written by RtMidi's thread only
  std::unique_ptr<Impl> impl_;  // worker only
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string wanted_, port_, message_;
  std::vector<std::string> ports_;
  bool look_now_ = false;
  std::jthread worker_;  // last: joined before the rest goes
};

}  // namespace ombra::show
