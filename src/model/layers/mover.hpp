#pragma once
// The mover: turns moves (three small numbers each) into codes, frame by frame, and codes into moves.
// A residual vector-quantised autoencoder over motion in beat time (van den Oord 2017; residual stack after Zeghidour
// 2021); codebooks learn by moving averages, dead entries are re-seeded. Its decoder streams: it looks one move ahead.
// B batch, T frames, M = T / frames_per_move moves, Q books, D width, Z code. Thread: one owner.

#include "core/rng.hpp"
#include "model/layers/layers.hpp"

namespace ombra::model {

class MoverImpl : public torch::nn::Module {
 public:
  MoverImpl(const MoverSpec& spec, std::int64_t code, const std::string& file);

  struct Output {
    torch::Tensor codes;   // [B, T, Z] as it would be danced
    torch::Tensor commit;  // scalar: how far the encoder is from its book entries
    torch::Tensor moves;   // [B, M, Q] whole numbers
  };
  // codes [B, T, Z], T a multiple of frames_per_move; in training mode the books learn, with draws from rng
  Output forward(const torch::Tensor& codes, Rng& rng);
  torch::Tensor moves_of(const torch::Tensor& codes);  // [B, T, Z] -> [B, M, Q]
  torch::Tensor codes_of(const torch::Tensor& moves);  // [B, M, Q] -> [B, T, Z]
  // -> the frames of the last `count` moves only, and no more work than they need: [B, count * frames_per_move, Z]
  torch::Tensor last_codes_of(const torch::Tensor& moves, std::int64_t count);

  // Its decoder and book as plain values, as they are now.
  std::vector<LayerPlan> decoder_plan() const { return decoder_->plan(); }
  std::vector<float> book() const;  // [Q][E][D]

  std::int64_t books() const { return books_; }
  std::int64_t entries() const { return entries_; }

  static constexpr double kDecay = 0.97;  // of the moving averages

 private:
  // h [B, M, D] -> {quantised [B, M, D], moves [B, M, Q]}
  std::pair<torch::Tensor, torch::Tensor> quantise(const torch::Tensor& h, Rng* rng);
  torch::Tensor entries_of(const torch::Tensor& moves);  // [B, M, Q] -> [B, M, D]

  std::int64_t books_, entries_, width_, frames_per_move_;
  Network encoder_{nullptr}, decoder_{nullptr};
  torch::Tensor book_, count_, total_;  // [Q, E, D], [Q, E], [Q, E, D]
};
TORCH_MODULE(Mover);

}  // namespace ombra::model
