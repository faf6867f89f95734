#pragma once
// MIDI files with known beats. Thread: any.

#include <cmath>
#include <cstdint>
#include <string>

namespace ombra::test {

inline constexpr int kTicks = 96;  // in a quarter

inline void put(std::string& out, std::uint32_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xFF);
}

// A MIDI file with a kick on every quarter and a hat on every half of one.
inline std::string kicks(double bpm, int quarters) {
  std::string track("\0\xFF\x51\x03", 4);
  put(track, static_cast<std::uint32_t>(std::lround(60e6 / bpm)), 3);
  track += std::string("\0\xFF\x58\x04\x04\x02\x18\x08", 8);
  for (int i = 0; i < quarters; ++i) {
    track += std::string("\0\x99\x24\x7F", 4);  // running status from here on
    track += std::string("\x30\x24\0\0\x2A\x30\x30\x2A\0", 9);
  }
  track += std::string("\0\xFF\x2F\0", 4);
  std::string file("MThd\0\0\0\6\0\0\0\1", 12);
  put(file, kTicks, 2);
  file += "MTrk";
  put(file, static_cast<std::uint32_t>(track.size()), 4);
  return file + track;
}

}  // namespace ombra::test
