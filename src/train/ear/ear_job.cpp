#include "train/ear/ear_job.hpp"

#include "audio/beat/ear.hpp"
#include "core/error.hpp"
#include "train/ear/ear_batch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr auto kRiseHops = static_cast<std::int64_t>(audio::kEarRiseHops);
constexpr double kBarWeight = 0.3, kPulseWeight = 0.2, kTempoWeight = 0.1;
constexpr double kTempoSpread = 0.8;  // standard deviation of the target, in classes

// [rows, kEarTempi] logits, [rows] classes -> cross entropy against a normal distribution around each
Tensor tempo_loss(const Tensor& logits, const Tensor& kind) {
  const Tensor away = (kind.unsqueeze(1) - torch::arange(model::kEarTempi, kind.options())) / kTempoSpread;
  return -(torch::softmax(-0.5 * away.square(), 1) * torch::log_softmax(logits, 1)).sum(1).mean();
}

struct Losses {
  Tensor hits, tempo;  // [3]: beat, bar, pulse; and that of the tempo, 0 where none is known
  Tensor sum() const { return hits[0] + kBarWeight * hits[1] + kPulseWeight * hits[2] + kTempoWeight * tempo; }
};

// logits [B, T, kEarOutputs]
Losses losses_of(const Tensor& logits, const EarBatch& batch) {
  const Tensor each =
      torch::binary_cross_entropy_with_logits(logits.narrow(2, 0, 3), batch.targets, {}, {}, at::Reduction::None) *
      batch.weights;
  constexpr std::array<std::int64_t, 2> over = {0, 1};
  const Tensor known = (batch.tempo >= 0.0).logical_and(batch.tempo <= static_cast<double>(model::kEarTempi - 1));
  const bool any = known.any().item<bool>();
  return {each.sum(over) / batch.weights.sum(over).clamp_min(1.0),
          any ? tempo_loss(logits.narrow(2, 3, model::kEarTempi).index({known}), batch.tempo.index({known}))
              : torch::zeros({}, logits.options())};
}

constexpr std::int64_t kNear = 5;    // hops beside a peak in which there is no other
constexpr float kLeastPeak = -1.2f;  // logit of 0.23

// Peaks at a hop in which a beat is to be told, or beside it: F
double f_of_beats(const Tensor& logits, const EarBatch& batch) {
  const Tensor p = logits.select(2, 0).contiguous(), y = batch.targets.select(2, 0).contiguous(),
               w = batch.weights.select(2, 0).contiguous();
  double hit = 0.0, said = 0.0, there = 0.0;
  const auto P = p.accessor<float, 2>(), Y = y.accessor<float, 2>(), W = w.accessor<float, 2>();
  for (std::int64_t b = 0; b < p.size(0); ++b) {
    for (std::int64_t t = kNear; t + kNear < p.size(1); ++t) {
      if (W[b][t] == 0.0f) continue;
      there += Y[b][t] == 1.0f ? 1.0 : 0.0;
      bool peak = P[b][t] > kLeastPeak, met = false;
      for (std::int64_t k = t - kNear; k <= t + kNear; ++k) {
        peak = peak && (k == t || P[b][k] < P[b][t]);
        met = met || Y[b][k] == 1.0f;
      }
      said += peak ? 1.0 : 0.0;
      hit += peak && met ? 1.0 : 0.0;
    }
  }
  return 2.0 * hit / std::max(1.0, said + there);
}

// Of the beats whose bar is known, those that are called the first of one: F
double f_of_bars(const Tensor& logits, const EarBatch& batch) {
  const Tensor beats = (batch.targets.select(2, 0) == 1.0).logical_and(batch.weights.select(2, 1) > 0.0),
               first = batch.targets.select(2, 1).index({beats}) == 1.0,
               said = logits.select(2, 1).index({beats}) > 0.0;
  const auto count = [](const Tensor& t) { return t.sum().item<double>(); };
  return 2.0 * count(first.logical_and(said)) / std::max(1.0, count(first) + count(said));
}

}  // namespace

Tensor ear_inputs(const Tensor& bands) {
  const Tensor before = torch::constant_pad_nd(bands, {0, 0, kRiseHops, 0}).narrow(1, 0, bands.size(1));
  return torch::cat({bands, (bands - before).clamp_min(0.0)}, 2);
}

Job ear_job(const model::Recipe& recipe, model::Network network, std::shared_ptr<const audio::EarMaterial> material) {
  const model::EarSpec spec = recipe.ear;
  const auto training = std::make_shared<EarDraw>(material, "train"),
             held_out = std::make_shared<EarDraw>(material, "validation");
  if (training->empty()) throw error("the material has no music that is not held out");
  Job job{.name = "ear", .spec = spec.train, .network = network.ptr()};
  const auto batch = job.batch = std::make_shared<std::int64_t>(spec.train.batch);
  job.loss = [=](Rng& rng, std::int64_t) mutable {
    const EarBatch x =
        training->batch(rng, *batch, spec.train.window, spec.delay, true).to(network->parameters()[0].device());
    return losses_of(network->forward(ear_inputs(x.bands)).to(torch::kFloat), x).sum();
  };
  job.validate_items = 64.0;
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    if (held_out->empty()) return figures;
    const torch::NoGradGuard no_grad;
    Rng rng(7);
    const EarBatch x = held_out->batch(rng, 64, 2000, spec.delay, false);
    const auto device = network->parameters()[0].device();
    const Tensor logits = network->forward(ear_inputs(x.bands.to(device))).to(torch::kCPU, torch::kFloat);
    const Losses losses = losses_of(logits, x);
    figures.emplace_back("loss, held out", losses.sum().item<double>());
    figures.emplace_back("loss of beats, held out", losses.hits[0].item<double>());
    figures.emplace_back("loss of bars, held out", losses.hits[1].item<double>());
    figures.emplace_back("loss of tempo, held out", losses.tempo.item<double>());
    figures.emplace_back("F of peaks, beats", f_of_beats(logits, x));
    figures.emplace_back("F of first beats", f_of_bars(logits, x));
    return figures;
  };
  return job;
}

}  // namespace ombra::train
