#pragma once
// Music to learn to hear from, as `ombra prepare-music` writes it: the bands of every hop, and where in the bar it is.
// N hops of all pieces one after another, a hundred a second. Thread: any, once it is read.

#include "model/figure/safetensors.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ombra::train {

enum class EarSplit { kTraining, kValidation, kTest };

struct EarPiece {
  std::int64_t start = 0, length = 0;  // hops
  EarSplit split = EarSplit::kTraining;
  std::string source, group;  // "drums", "drummer1/session2"
};

class EarMaterial {
 public:
  static constexpr std::size_t kBands = 38;
  static constexpr float kStep = 1.0f / 32.0f;  // of a band's number

  // Throws Error that names the file and what is wrong with it.
  explicit EarMaterial(const std::filesystem::path& path);

  std::int64_t hops() const { return static_cast<std::int64_t>(place_.size()); }
  const std::vector<EarPiece>& pieces() const { return pieces_; }
  std::span<const std::uint8_t> bands() const { return bands_; }  // [N][kBands], in kStep
  // [N] beats since the bar began, where the hop ends; where bars are not known since the beat; NaN: there is no beat
  std::span<const float> place() const { return place_; }
  std::span<const std::uint8_t> beats_per_bar() const { return beats_per_bar_; }  // [N]; 0: not known

 private:
  const model::SafetensorsFile file_;
  std::span<const std::uint8_t> bands_, beats_per_bar_;
  std::vector<float> place_;
  std::vector<EarPiece> pieces_;
};

}  // namespace ombra::train
