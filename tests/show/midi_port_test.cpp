// A MIDI port that is not there, and the way of a clock from RtMidi's thread to the show's.

#include "show/live/midi_port.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace ombra::show {
namespace {

TEST(MidiPort, AMissingPortIsToldInWords) {
  MidiPort port;
  EXPECT_EQ(port.message(), "");
  port.open("no such keyboard");
  for (int i = 0; i < 200 && port.message().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_NE(port.message().find("MIDI"), std::string::npos);
  EXPECT_EQ(port.port(), "");
  port.open("");
  for (int i = 0; i < 200 && !port.message().empty(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(port.message(), "");
  for (const std::string& name : list_midi_inputs()) EXPECT_FALSE(name.empty());
}

TEST(MidiPort, TheInboxCarriesAClockFromThreadToThread) {
  MidiInbox inbox;
  audio::MidiClock clock;
  constexpr int kTicks = 5000;
  std::jthread sender([&] {
    const std::uint8_t start = 0xFA, tick = 0xF8;
    std::uint8_t note[] = {0x90, 0x40, 0x7F}, exclusive[] = {0xF0, 1, 2, 3, 0xF7};
    inbox.put(&start, 1, 0.0);
    for (int i = 0; i < kTicks; ++i) {
      inbox.put(&tick, 1, i / 48.0);
      if (i % 24 == 0) inbox.put(note, 3, i / 48.0);
      if (i % 100 == 0) inbox.put(exclusive, 5, i / 48.0), std::this_thread::yield();
      if (i % 500 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  for (int i = 0; i < 2000 && clock.ticks() < kTicks; ++i) {
    inbox.read(clock);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(clock.ticks(), static_cast<std::uint64_t>(kTicks));
  const double last_s = (kTicks - 1) / 48.0;
  ASSERT_TRUE(clock.grid(last_s));
  EXPECT_NEAR(clock.grid(last_s)->beat_at(last_s), (kTicks - 1) / 24.0, 1e-6);
}

}  // namespace
}  // namespace ombra::show
