#pragma once
// What the learned ear learns from, as one safetensors file: pieces of sound as the ear hears them, each hop with the
// place in the bar that it is to say.
//
//   bands          U8  [N, 38]  what Features::ear() gives for the hop, in 1/32, at most 255
//   place          F32 [N]      place in the bar at the end of the hop, in beats, 0 <= place < beats_per_bar; where
//                               bars are not known the place in the beat, 0 .. 1; NaN: there is no beat
//   beats_per_bar  U8  [N]      2 (6/8, counted in dotted quarters, too), 3 or 4; 0: not known, or no beat
//   start, length  I64 [P]      hops of each piece
//   metadata: format "ombra-ear-material", version "1", bands, per_unit, pieces (JSON, one object a piece)
//
// Hop k of a piece ends (k + 1) hops after its beginning; a hop is about 10 ms (hop_s of the piece).

#include "audio/beat/ear_bands.hpp"
#include "model/figure/safetensors.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ombra::audio {

inline constexpr float kEarUnits = 32.0f;  // of one in the stored bands

struct EarPiece {
  std::string name;    // of the performance or piece, and which version
  std::string source;  // "drums", "composed", "made up", "grooves" or "no beat"
  std::string group;   // what must not be torn apart by a split: a session, a piece, a seed
  std::string style, drummer;
  std::string split;      // "train", "validation" or "test"
  std::string condition;  // "clean", or all that was done to the sound
  std::string players;    // "drums", "drums, bass", ...
  double bpm = 0.0;       // usual tempo of the piece; 0: no beat
  double hop_s = 0.01;
  std::int64_t start = 0, length = 0;  // hops
};

// A piece before it is stored. bands [length][38]; place, beats_per_bar [length]
struct EarSequence {
  EarPiece about;
  std::vector<std::uint8_t> bands;
  std::vector<float> place;
  std::vector<std::uint8_t> beats_per_bar;
};

// Writes whole or not at all; start and length of the pieces are set by their order. Throws Error.
void write_ear_material(const std::filesystem::path& path, std::span<const EarSequence> sequences);

// Thread: any, once constructed.
class EarMaterial {
 public:
  // Maps and checks the file, each label included. Throws Error naming the file and what is wrong in it.
  explicit EarMaterial(const std::filesystem::path& path);

  const std::vector<EarPiece>& pieces() const { return pieces_; }
  std::int64_t hops() const { return static_cast<std::int64_t>(place_.size()); }
  std::span<const std::uint8_t> bands(const EarPiece& piece) const {  // [length][38]
    return bands_.subspan(static_cast<std::size_t>(piece.start) * EarBands::kBands,
                          static_cast<std::size_t>(piece.length) * EarBands::kBands);
  }
  std::span<const float> place(const EarPiece& piece) const { return part(place_, piece); }
  std::span<const std::uint8_t> beats_per_bar(const EarPiece& piece) const { return part(beats_per_bar_, piece); }

 private:
  template <typename T>
  static std::span<const T> part(std::span<const T> all, const EarPiece& piece) {
    return all.subspan(static_cast<std::size_t>(piece.start), static_cast<std::size_t>(piece.length));
  }
  void check_labels() const;

  // immutable after construction
  model::SafetensorsFile file_;
  std::vector<EarPiece> pieces_;
  std::span<const std::uint8_t> bands_, beats_per_bar_;
  std::span<const float> place_;
};

}  // namespace ombra::audio
