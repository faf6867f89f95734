#include "train/ear/ear_batch.hpp"

#include "model/figure/network_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr float kBeside = 0.4f;  // target of the hops beside a beat
// What changes from window to window, in units of the bands' numbers (log amplitudes against the loudness):
constexpr double kLoudness = 0.35, kTilt = 0.5, kColour = 0.25, kFloor = 0.6;
constexpr double kFloored = 0.4;  // of the windows have a floor

static_assert(model::kEarInputs == 2 * audio::EarBands::kBands);
constexpr auto kBands = static_cast<std::int64_t>(audio::EarBands::kBands);

// Another room, another microphone: louder or softer, brighter or darker, coloured, with a floor of hiss or hum. b [T,
// bands]
void vary(Tensor b, Rng& rng) {
  const auto normal = [&] { return rng.normal(); };
  const Tensor place = torch::linspace(-1.0, 1.0, kBands);
  Tensor colour = kLoudness * normal() + kTilt * normal() * place;
  for (int wave = 1; wave <= 3; ++wave)
    colour = colour + kColour * normal() * torch::cos(wave * 0.5 * std::numbers::pi * (place + 1.0) + 3.0 * normal());
  // where there is nothing there stays nothing: log(1 + a) with a times e^colour
  b.copy_(torch::log1p(torch::expm1(b) * torch::exp(colour)));
  if (rng.uniform() < kFloored) {
    const Tensor floor = (kFloor * (normal() + normal() * place + torch::randn({kBands}) * 0.3)).clamp_min(0.0);
    b.copy_(torch::log1p(torch::expm1(b) + torch::expm1(floor) * (0.6 + 0.8 * torch::rand(b.sizes()))));
  }
}

// The targets of one window, hop by hop; place, beats_per_bar: of its piece, from hop `start` on
void mark(EarBatch& out, std::int64_t b, std::span<const float> place, std::span<const std::uint8_t> beats_per_bar,
          std::int64_t start, std::int64_t length, std::int64_t delay) {
  auto target = out.targets.accessor<float, 3>()[b], weight = out.weights.accessor<float, 3>()[b];
  for (std::int64_t t = 0; t < length; ++t) {
    const auto at = static_cast<std::size_t>(start + t);
    const bool counts = t >= kEarWarmUp, beat = !std::isnan(place[at]), bar = beats_per_bar[at] > 0;
    weight[t][0] = weight[t][2] = counts ? 1.0f : 0.0f;
    weight[t][1] = counts && (bar || !beat) ? 1.0f : 0.0f;
    target[t][2] = beat ? 1.0f : 0.0f;
    if (at == 0 || !beat || std::isnan(place[at - 1]) || std::floor(place[at]) == std::floor(place[at - 1])) continue;
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

}  // namespace

EarDraw::EarDraw(std::shared_ptr<const audio::EarMaterial> material, std::string_view split)
    : material_(std::move(material)) {
  for (const audio::EarPiece& piece : material_->pieces()) {
    if (piece.split != split || piece.length <= kEarWarmUp) continue;
    pieces_.push_back(&piece);
    until_.push_back((until_.empty() ? 0.0 : until_.back()) + static_cast<double>(piece.length));
  }
}

EarBatch EarDraw::batch(Rng& rng, std::int64_t count, std::int64_t window, std::int64_t delay, bool varied) const {
  EarBatch out{torch::zeros({count, window, kBands}), torch::zeros({count, window, 3}),
               torch::zeros({count, window, 3})};
  for (std::int64_t b = 0; b < count; ++b) {
    const auto drawn = std::upper_bound(until_.begin(), until_.end(), rng.uniform() * until_.back()) - until_.begin();
    const audio::EarPiece& piece = *pieces_[std::min(static_cast<std::size_t>(drawn), pieces_.size() - 1)];
    const std::int64_t length = std::min(window, piece.length),
                       start = rng.below(static_cast<int>(piece.length - length + 1));
    const std::uint8_t* from = material_->bands(piece).data() + start * kBands;
    Tensor bands = out.bands[b].narrow(0, 0, length);
    bands.copy_(torch::from_blob(const_cast<std::uint8_t*>(from), {length, kBands}, torch::kByte).to(torch::kFloat) /
                audio::kEarUnits);
    if (varied) vary(bands, rng);
    mark(out, b, material_->place(piece), material_->beats_per_bar(piece), start, length, delay);
  }
  return out;
}

}  // namespace ombra::train
