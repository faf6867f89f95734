#include "train/ear/ear_job.hpp"

#include "core/error.hpp"
#include "train/ear/ear_batch.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kRiseHops = 2;
constexpr double kBarWeight = 0.7, kPulseWeight = 0.2;

Tensor loss_of(const Tensor& logits, const EarBatch& batch) {
  const Tensor each =
      torch::binary_cross_entropy_with_logits(logits, batch.targets, {}, {}, at::Reduction::None) * batch.weights;
  const Tensor sums =
      each.sum(torch::IntArrayRef({0, 1})) / batch.weights.sum(torch::IntArrayRef({0, 1})).clamp_min(1.0);
  return sums[0] + kBarWeight * sums[1] + kPulseWeight * sums[2];
}

// Share of beats (column 0) or bars (1) found as peaks over a half, and of such peaks that are one: F
double f_of_peaks(const Tensor& logits, const EarBatch& batch, std::int64_t column) {
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
    return loss_of(network->forward(ear_inputs(x.bands)).to(torch::kFloat), x);
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
    figures.emplace_back("loss, held out", loss_of(logits, x).item<double>());
    figures.emplace_back("F of peaks, beats", f_of_peaks(logits, x, 0));
    figures.emplace_back("F of peaks, bars", f_of_peaks(logits, x, 1));
    return figures;
  };
  return job;
}

}  // namespace ombra::train
