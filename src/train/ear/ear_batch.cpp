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
constexpr double kFloored = 0.4;          // of the windows have a floor
constexpr double kMasked = 0.3;           // of the windows lack up to so many bands beside each other
constexpr std::int64_t kMostMasked = 12;  // (Park and others 2019, SpecAugment)
// drummers, and made-up music with its plain beats, are heard so much more often than their length says
constexpr double kDrumsShare = 2.0, kMadeUpShare = 2.5;
// Bands are stretched in time, as Boeck and Davies (2020) move the hop: by so much, where the tempo stays within these
// bounds; a fifth is left as it is.
constexpr double kStretch = 1.33, kSlowestBpm = 55.0, kFastestBpm = 205.0, kAsItIs = 0.2;
constexpr std::size_t kAround = 4;  // beats to either side that a period is the mean of
constexpr double kGap = 1.5;        // periods: what is longer is no beat

constexpr auto kBands = static_cast<std::int64_t>(audio::EarBands::kBands);

// Another room, another microphone: louder or softer, brighter or darker, coloured, some bands lost, with a floor of
// hiss or hum. b [T, bands]
void vary(Tensor b, Rng& rng) {
  const auto normal = [&] { return rng.normal(); };
  const Tensor place = torch::linspace(-1.0, 1.0, kBands);
  Tensor colour = kLoudness * normal() + kTilt * normal() * place;
  for (int wave = 1; wave <= 3; ++wave)
    colour = colour + kColour * normal() * torch::cos(wave * 0.5 * std::numbers::pi * (place + 1.0) + 3.0 * normal());
  // where there is nothing there stays nothing: log(1 + a) with a times e^colour
  b.copy_(torch::log1p(torch::expm1(b) * torch::exp(colour)));
  if (rng.uniform() < kMasked) {
    const std::int64_t lost = 1 + rng.below(static_cast<int>(kMostMasked));
    b.narrow(1, rng.below(static_cast<int>(kBands - lost + 1)), lost).zero_();
  }
  if (rng.uniform() < kFloored) {
    const Tensor floor = (kFloor * (normal() + normal() * place + torch::randn({kBands}) * 0.3)).clamp_min(0.0);
    b.copy_(torch::log1p(torch::expm1(b) + torch::expm1(floor) * (0.6 + 0.8 * torch::rand(b.sizes()))));
  }
}

double draw_stretch(double bpm, Rng& rng) {
  double low = 1.0 / kStretch, high = kStretch;
  if (bpm > 0.0) low = std::max(low, bpm / kFastestBpm), high = std::min(high, bpm / kSlowestBpm);
  const double drawn = rng.uniform();
  return rng.uniform() < kAsItIs || low >= high ? 1.0 : low * std::pow(high / low, drawn);
}

}  // namespace

EarDraw::EarDraw(std::shared_ptr<const audio::EarMaterial> material, std::string_view split)
    : material_(std::move(material)) {
  for (const audio::EarPiece& about : material_->pieces()) {
    if (about.split != split || about.length <= kEarWarmUp) continue;
    Piece piece{&about, {}};
    const auto place = material_->place(about);
    const auto beats_per_bar = material_->beats_per_bar(about);
    for (std::size_t t = 1; t < place.size(); ++t) {
      if (std::isnan(place[t]) || std::isnan(place[t - 1]) || std::floor(place[t]) == std::floor(place[t - 1]))
        continue;
      piece.beats.push_back({static_cast<std::int64_t>(t), beats_per_bar[t] > 0, place[t] < 1.0f, 0.0});
    }
    for (std::size_t i = 0; i + 1 < piece.beats.size(); ++i) {
      const std::size_t from = i - std::min(i, kAround), to = std::min(i + kAround, piece.beats.size() - 1);
      const double period =
          static_cast<double>(piece.beats[to].hop - piece.beats[from].hop) / static_cast<double>(to - from);
      const auto next = static_cast<double>(piece.beats[i + 1].hop - piece.beats[i].hop);
      piece.beats[i].period = next < kGap * period ? period : 0.0;
    }
    pieces_.push_back(std::move(piece));
    const double weight = about.source == "drums" ? kDrumsShare : about.source == "made up" ? kMadeUpShare : 1.0;
    until_.push_back((until_.empty() ? 0.0 : until_.back()) + weight * static_cast<double>(about.length));
  }
}

EarDraw::Window EarDraw::draw(Rng& rng, std::int64_t window, bool varied) const {
  const auto drawn = std::upper_bound(until_.begin(), until_.end(), rng.uniform() * until_.back()) - until_.begin();
  const Piece& piece = pieces_[std::min(static_cast<std::size_t>(drawn), pieces_.size() - 1)];
  const double stretch = varied ? draw_stretch(piece.about->bpm, rng) : 1.0;
  const auto needed = static_cast<std::int64_t>(std::ceil(static_cast<double>(window) / stretch)) + 2;
  const std::int64_t all = piece.about->length, spare = std::max<std::int64_t>(0, all - needed),
                     start = rng.below(static_cast<int>(spare + 1));
  const auto most = static_cast<std::int64_t>(static_cast<double>(all - 1 - start) * stretch);
  return {&piece, start, std::min(window, most), stretch};
}

Tensor EarDraw::bands_of(const Window& w) const {
  const std::int64_t hops = std::min(w.piece->about->length - w.start,
                                     static_cast<std::int64_t>(static_cast<double>(w.length) / w.stretch) + 2);
  const std::uint8_t* from = material_->bands(*w.piece->about).data() + w.start * kBands;
  const Tensor bands =
      torch::from_blob(const_cast<std::uint8_t*>(from), {hops, kBands}, torch::kByte).to(torch::kFloat) /
      audio::kEarUnits;
  if (w.stretch == 1.0) return bands.narrow(0, 0, w.length);
  const Tensor at = torch::arange(w.length, torch::kDouble) / w.stretch,
               before = at.floor().to(torch::kLong).clamp_max(hops - 2),
               share = (at - before.to(torch::kDouble)).to(torch::kFloat).unsqueeze(1);
  return torch::lerp(bands.index_select(0, before), bands.index_select(0, before + 1), share);
}

void EarDraw::mark(EarBatch& out, std::int64_t b, const Window& w, std::int64_t delay) const {
  const auto place = material_->place(*w.piece->about);
  auto target = out.targets.accessor<float, 3>()[b], weight = out.weights.accessor<float, 3>()[b];
  auto tempo = out.tempo.accessor<float, 2>()[b];
  for (std::int64_t t = 0; t < w.length; ++t) {
    const auto at = static_cast<std::size_t>(w.start + static_cast<std::int64_t>(static_cast<double>(t) / w.stretch));
    weight[t][0] = weight[t][2] = t >= kEarWarmUp ? 1.0f : 0.0f;
    target[t][2] = std::isnan(place[at]) ? 0.0f : 1.0f;
  }
  for (const Beat& beat : w.piece->beats) {
    // it is told `delay` hops after the hop that it lies in
    const std::int64_t told = std::lround(static_cast<double>(beat.hop - w.start) * w.stretch) + delay;
    for (std::int64_t beside = -1; beside <= 1; ++beside) {
      const std::int64_t t = told + beside;
      if (t < 0 || t >= w.length) continue;
      const float full = beside == 0 ? 1.0f : kBeside;
      target[t][0] = std::max(target[t][0], full);
      if (!beat.bar_known || t < kEarWarmUp) continue;
      weight[t][1] = full;
      target[t][1] = beat.first ? 1.0f : 0.0f;
    }
    if (beat.period == 0.0) continue;
    const double period = beat.period * w.stretch;
    const auto kind = static_cast<float>(model::ear_tempo_class(60.0 / (period * w.piece->about->hop_s)));
    const std::int64_t until = std::min(w.length, told + std::lround(period));
    for (std::int64_t t = std::max(told, kEarWarmUp); t < until; ++t) tempo[t] = kind;
  }
}

EarBatch EarDraw::batch(Rng& rng, std::int64_t count, std::int64_t window, std::int64_t delay, bool varied) const {
  EarBatch out{torch::zeros({count, window, kBands}), torch::zeros({count, window, 3}),
               torch::zeros({count, window, 3}), torch::full({count, window}, -1.0f)};
  for (std::int64_t b = 0; b < count; ++b) {
    const Window drawn = draw(rng, window, varied);
    Tensor bands = out.bands[b].narrow(0, 0, drawn.length);
    bands.copy_(bands_of(drawn));
    if (varied) vary(bands, rng);
    mark(out, b, drawn, delay);
  }
  return out;
}

}  // namespace ombra::train
