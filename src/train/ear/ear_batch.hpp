#pragma once
// Windows of music to learn to hear from, each at another tempo, in another room and through another microphone, and
// what the ear is to say of them. B windows of T hops. Thread: one owner.

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
  torch::Tensor targets;  // [B, T, 3]: a beat; if there is one, is it the first of a bar; music with a beat; 0 .. 1
  torch::Tensor weights;  // [B, T, 3]: 0 where nothing is known
  torch::Tensor tempo;    // [B, T]: its class (model::ear_tempo_class); negative where there is none
  EarBatch to(torch::Device device) const {
    return {bands.to(device), targets.to(device), weights.to(device), tempo.to(device)};
  }
};

class EarDraw {
 public:
  // split: of the pieces that are drawn from, in proportion to their length, drummers more often
  EarDraw(std::shared_ptr<const audio::EarMaterial> material, std::string_view split);
  bool empty() const { return pieces_.empty(); }
  // delay: hops after which a beat is to be told. varied: another tempo, loudness, colour and noise for each window.
  EarBatch batch(Rng& rng, std::int64_t count, std::int64_t window, std::int64_t delay, bool varied) const;

 private:
  struct Beat {
    std::int64_t hop = 0;  // in which it lies
    bool bar_known = false, first = false;
    double period = 0.0;  // mean of the beats around it, in hops; 0: it is the last one before a gap
  };
  struct Piece {
    const audio::EarPiece* about;
    std::vector<Beat> beats;
  };
  // One window: hops of the piece from `start` on, `stretch` times as long as they were
  struct Window {
    const Piece* piece;
    std::int64_t start, length;
    double stretch;
  };
  Window draw(Rng& rng, std::int64_t window, bool varied) const;
  torch::Tensor bands_of(const Window& window) const;
  void mark(EarBatch& out, std::int64_t b, const Window& window, std::int64_t delay) const;

  const std::shared_ptr<const audio::EarMaterial> material_;
  std::vector<Piece> pieces_;
  std::vector<double> until_;
};

}  // namespace ombra::train
