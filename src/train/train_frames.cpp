#include "train/train_frames.hpp"

#include <algorithm>

namespace ombra::train {

using torch::Tensor;

namespace {

// Codes [B, T + 1, Z] from passages that are long enough, each frame as likely as any other.
Tensor draw_codes(const std::vector<const Passage*>& from, std::int64_t batch, std::int64_t window, Rng& rng) {
  std::int64_t starts = 0;
  for (const Passage* p : from) starts += p->codes.size(0) - window;
  std::vector<Tensor> out;
  for (std::int64_t b = 0; b < batch; ++b) {
    auto at = static_cast<std::int64_t>(rng.uniform() * static_cast<double>(starts));
    std::size_t i = 0;
    while (at >= from[i]->codes.size(0) - window) at -= from[i]->codes.size(0) - window, ++i;
    out.push_back(from[i]->codes.narrow(0, at, window + 1));
  }
  return torch::stack(out);
}

}  // namespace

Job frames_job(const model::Recipe& recipe, model::FrameDancer net, std::shared_ptr<std::vector<Passage>> passages) {
  const model::FrameDancerSpec spec = recipe.dancer;
  std::vector<const Passage*> train, held;
  std::vector<Tensor> all;
  for (const Passage& p : *passages) {
    if (p.codes.size(0) <= spec.train.window) continue;
    (p.held_out ? held : train).push_back(&p);
    if (!p.held_out) all.push_back(p.codes);
  }
  if (train.empty())
    throw error("no training clip is longer than {} frames\nhint: a shorter `window` in the recipe", spec.train.window);
  net->fit_scale(torch::cat(all));
  const Tensor spread = torch::cat(all).std(0);
  auto loss_of = [=, keep = passages](const std::vector<const Passage*>& from, Rng& rng, bool noisy) mutable {
    const torch::Device device = net->parameters()[0].device();
    const Tensor x = draw_codes(from, spec.train.batch, spec.train.window, rng);
    Tensor seen = x.narrow(1, 0, spec.train.window);
    if (noisy && spec.noise > 0.0) seen = seen + torch::randn_like(seen) * spread * spec.noise;
    return net->loss(seen.to(device), x.narrow(1, 1, spec.train.window).to(device));
  };
  Job job{.name = "dancer", .spec = spec.train, .network = net.ptr()};
  job.loss = [=](Rng& rng, std::int64_t) mutable { return loss_of(train, rng, true); };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    Rng rng(1);
    if (!held.empty()) figures.emplace_back("loss, held out", loss_of(held, rng, false).item<double>());
    return figures;
  };
  return job;
}

}  // namespace ombra::train
