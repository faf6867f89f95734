#include "train/ear/ear_job.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kRiseHops = 2;
constexpr std::int64_t kIgnored = 150;  // hops at the beginning of a window, in which nobody could know the beat
constexpr float kBeside = 0.4f;         // target of the hops beside a beat
constexpr double kBarWeight = 0.7, kPulseWeight = 0.2;
// What changes from window to window, in units of the bands' numbers (log amplitudes against the loudness):
constexpr double kLoudness = 0.35, kTilt = 0.5, kColour = 0.25, kFloor = 0.6;

constexpr auto kBands = static_cast<std::int64_t>(EarMaterial::kBands);

struct Batch {
  Tensor bands;    // [B, T, bands]
  Tensor targets;  // [B, T, 3]
  Tensor weights;  // [B, T, 3]: 0 where nothing is known
};

// Pieces of one split, drawn in proportion to their length.
class PieceDraw {
 public:
  PieceDraw(const EarMaterial& material, EarSplit split) {
    for (const EarPiece& piece : material.pieces()) {
      if (piece.split != split || piece.length < kIgnored) continue;
      pieces_.push_back(&piece);
      until_.push_back((until_.empty() ? 0.0 : until_.back()) + static_cast<double>(piece.length));
    }
  }
  bool empty() const { return pieces_.empty(); }
  const EarPiece& draw(Rng& rng) const {
    const auto at = std::upper_bound(until_.begin(), until_.end(), rng.uniform() * until_.back()) - until_.begin();
    return *pieces_[std::min(static_cast<std::size_t>(at), pieces_.size() - 1)];
  }

 private:
  std::vector<const EarPiece*> pieces_;
  std::vector<double> until_;
};

// Another room, another microphone: louder or softer, brighter or darker, coloured, with a floor of hiss or hum. b [T,
// bands]
void vary(Tensor b, Rng& rng) {
  const auto normal = [&] { return rng.normal(); };
  const Tensor place = torch::linspace(-1.0, 1.0, kBands);
  Tensor colour = kLoudness * normal() + kTilt * normal() * place;
  for (int wave = 1; wave <= 3; ++wave)
    colour = colour + kColour * normal() * torch::cos(wave * 1.5707963 * (place + 1.0) + 3.0 * normal());
  // where there is nothing there stays nothing: log(1 + a) with a times e^colour
  b.copy_(torch::log1p(torch::expm1(b) * torch::exp(colour)));
  if (rng.uniform() < 0.4) {
    const Tensor floor = (kFloor * (normal() + normal() * place + torch::randn({kBands}) * 0.3)).clamp_min(0.0);
    b.copy_(torch::log1p(torch::expm1(b) + torch::expm1(floor) * (0.6 + 0.8 * torch::rand(b.sizes()))));
  }
}

Batch batch_of(const EarMaterial& material, const PieceDraw& pieces, Rng& rng, std::int64_t count, std::int64_t window,
               std::int64_t delay, bool varied) {
  Batch out{torch::zeros({count, window, kBands}), torch::zeros({count, window, 3}), torch::zeros({count, window, 3})};
  const std::span<const float> place = material.place();
  for (std::int64_t b = 0; b < count; ++b) {
    const EarPiece& piece = pieces.draw(rng);
    const std::int64_t length = std::min(window, piece.length),
                       start = piece.start + rng.below(static_cast<int>(piece.length - length + 1));
    Tensor bands = out.bands[b].narrow(0, 0, length);
    bands.copy_(torch::from_blob(const_cast<std::uint8_t*>(material.bands().data()) + start * kBands, {length, kBands},
                                 torch::kByte)
                    .to(torch::kFloat) *
                EarMaterial::kStep);
    if (varied) vary(bands, rng);
    auto target = out.targets.accessor<float, 3>()[b], weight = out.weights.accessor<float, 3>()[b];
    for (std::int64_t t = 0; t < length; ++t) {
      const auto at = static_cast<std::size_t>(start + t);
      const bool counts = t >= kIgnored, beat = !std::isnan(place[at]), bar = material.beats_per_bar()[at] > 0;
      weight[t][0] = counts ? 1.0f : 0.0f;
      weight[t][1] = counts && (bar || !beat) ? 1.0f : 0.0f;
      weight[t][2] = counts ? 1.0f : 0.0f;
      target[t][2] = beat ? 1.0f : 0.0f;
      if (t == 0 || !beat || std::isnan(place[at - 1]) || std::floor(place[at]) == std::floor(place[at - 1])) continue;
      // a beat lies within this hop: it is told `delay` hops later
      for (std::int64_t beside = -1; beside <= 1; ++beside) {
        const std::int64_t then = t + delay + beside;
        if (then < 0 || then >= length) continue;
        const float full = beside == 0 ? 1.0f : kBeside;
        target[then][0] = std::max(target[then][0], full);
        if (bar && place[at] < 1.0f) target[then][1] = std::max(target[then][1], full);
      }
    }
  }
  return out;
}

Tensor loss_of(const Tensor& logits, const Batch& batch) {
  const Tensor each =
      torch::binary_cross_entropy_with_logits(logits, batch.targets, {}, {}, at::Reduction::None) * batch.weights;
  const Tensor sums =
      each.sum(torch::IntArrayRef({0, 1})) / batch.weights.sum(torch::IntArrayRef({0, 1})).clamp_min(1.0);
  return sums[0] + kBarWeight * sums[1] + kPulseWeight * sums[2];
}

// Share of beats (column 0) or bars (1) found as peaks over a half, and of such peaks that are one: F
double f_of_peaks(const Tensor& logits, const Batch& batch, std::int64_t column) {
  const Tensor p = logits.select(2, column).contiguous(), y = batch.targets.select(2, column).contiguous(),
               w = batch.weights.select(2, column).contiguous();
  double hit = 0.0, said = 0.0, there = 0.0;
  const auto P = p.accessor<float, 2>(), Y = y.accessor<float, 2>(), W = w.accessor<float, 2>();
  for (std::int64_t b = 0; b < p.size(0); ++b) {
    for (std::int64_t t = 5; t + 5 < p.size(1); ++t) {
      if (W[b][t] == 0.0f) continue;
      there += Y[b][t] == 1.0f ? 1.0 : 0.0;
      bool peak = P[b][t] > -1.2f;  // p > 0.23
      for (std::int64_t k = t - 5; peak && k <= t + 5; ++k) peak = k == t || P[b][k] < P[b][t];
      if (!peak) continue;
      said += 1.0;
      for (std::int64_t k = t - 5; k <= t + 5; ++k) {
        if (Y[b][k] == 1.0f) {
          hit += 1.0;
          break;
        }
      }
    }
  }
  return 2.0 * hit / std::max(1.0, said + there);
}

}  // namespace

Tensor ear_inputs(const Tensor& bands) {
  const Tensor before = torch::constant_pad_nd(bands, {0, 0, kRiseHops, 0}).narrow(1, 0, bands.size(1));
  return torch::cat({bands, (bands - before).clamp_min(0.0)}, 2);
}

Job ear_job(const model::Recipe& recipe, model::Network network, std::shared_ptr<const EarMaterial> material) {
  const model::EarSpec spec = recipe.ear;
  const auto training = std::make_shared<PieceDraw>(*material, EarSplit::kTraining),
             held_out = std::make_shared<PieceDraw>(*material, EarSplit::kValidation);
  if (training->empty()) throw error("the material has no music that is not held out");
  Job job{.name = "ear", .spec = spec.train, .network = network.ptr()};
  const auto batch = job.batch = std::make_shared<std::int64_t>(spec.train.batch);
  job.loss = [=](Rng& rng, std::int64_t) mutable {
    const Batch x = batch_of(*material, *training, rng, *batch, spec.train.window, spec.delay, true);
    return loss_of(network->forward(ear_inputs(x.bands)).to(torch::kFloat), x);
  };
  job.validate_items = 64.0;
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    if (held_out->empty()) return figures;
    const torch::NoGradGuard no_grad;
    Rng rng(7);
    const Batch x = batch_of(*material, *held_out, rng, 64, 2000, spec.delay, false);
    const Tensor logits = network->forward(ear_inputs(x.bands)).to(torch::kFloat);
    figures.emplace_back("loss, held out", loss_of(logits, x).item<double>());
    figures.emplace_back("F of peaks, beats", f_of_peaks(logits, x, 0));
    figures.emplace_back("F of peaks, bars", f_of_peaks(logits, x, 1));
    return figures;
  };
  return job;
}

}  // namespace ombra::train
