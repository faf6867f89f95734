#pragma once
// Practice music with exactly known beats, made from a seed: the styles that a beat tracker meets at a party, and what
// makes them hard (swing, syncopation, off-beats louder than beats, tempo ramps, a mix from one record to the next).
// Same style and seed, same sound. Thread: any.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::audio {

struct PracticePiece {
  std::string name;  // "house 1": style and seed
  int rate_hz = 44100;
  std::vector<float> sound;  // mono
  std::vector<double> beats_s;
  std::vector<double> downbeats_s;  // those of the beats that begin a bar
  std::vector<double> changes_s;    // where another record takes over
};

// -> the names of the styles: house, techno, drum_and_bass, hip_hop, ...
std::span<const std::string_view> practice_styles();

// Throws Error when there is no such style. seconds: at least 20; pieces with a course of their own (ramp, mix) are as
// long as they need.
PracticePiece practice_piece(std::string_view style, std::uint64_t seed, double seconds = 40.0);

}  // namespace ombra::audio
