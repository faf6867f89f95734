#pragma once
// Windows of music to learn to hear from, each heard in another room through another microphone, and what the ear is to
// say of them. B windows of T hops. Thread: one owner.

#include "audio/material/ear_material.hpp"
#include "core/rng.hpp"

#include <torch/torch.h>

#include <memory>
#include <string_view>
#include <vector>

namespace ombra::train {

inline constexpr std::int64_t kEarWarmUp =
    150;  // hops of a window before anybody could know the beat: they do not count

struct EarBatch {
  torch::Tensor bands;    // [B, T, bands]
  torch::Tensor targets;  // [B, T, 3]: a beat, the first of a bar, music that has a beat; 0 .. 1
  torch::Tensor weights;  // [B, T, 3]: 0 where nothing is known
  EarBatch to(torch::Device device) const { return {bands.to(device), targets.to(device), weights.to(device)}; }
};

class EarDraw {
 public:
  // split: of the pieces that are drawn from, in proportion to their length
  EarDraw(std::shared_ptr<const audio::EarMaterial> material, std::string_view split);
  bool empty() const { return pieces_.empty(); }
  // delay: hops after which a beat is to be told. varied: another loudness, colour and noise for each window.
  EarBatch batch(Rng& rng, std::int64_t count, std::int64_t window, std::int64_t delay, bool varied) const;

 private:
  const std::shared_ptr<const audio::EarMaterial> material_;
  std::vector<const audio::EarPiece*> pieces_;
  std::vector<double> until_;
};

}  // namespace ombra::train
