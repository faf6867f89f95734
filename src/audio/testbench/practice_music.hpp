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

// From first to second, which begins at at_s and has the same rate; both are heard for fade_s with equal power, and the
// beat is the louder one's.
PracticePiece mixed(PracticePiece first, const PracticePiece& second, double at_s, double fade_s);

}  // namespace ombra::audio
