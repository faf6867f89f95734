#include "train/train_frames.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <map>

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

std::vector<const Passage*> long_enough(const std::vector<Passage>& passages, const model::Recipe& recipe,
                                        bool held_out) {
  const std::int64_t window = recipe.dancer.train.window;
  std::vector<const Passage*> chosen;
  for (const Passage& p : passages) {
    if (p.held_out == held_out && p.codes.size(0) > window) chosen.push_back(&p);
  }
  if (chosen.empty() && !held_out)
    throw error("no training clip is longer than {} frames\nhint: a shorter `window` in the recipe", window);
  return chosen;
}

Job frames_job(const model::Recipe& recipe, model::FrameDancer net, std::vector<const Passage*> train,
               std::vector<const Passage*> held) {
  const model::FrameDancerSpec spec = recipe.dancer;
  std::vector<Tensor> codes;
  for (const Passage* p : train) codes.push_back(p->codes);
  const Tensor all = torch::cat(codes), spread = all.std(0);
  net->fit_scale(all);
  const auto batch = std::make_shared<std::int64_t>(spec.train.batch);
  auto loss_of = [=](const std::vector<const Passage*>& from, Rng& rng, bool noisy) mutable {
    const torch::Device device = net->parameters()[0].device();
    const Tensor x = draw_codes(from, *batch, spec.train.window, rng);
    Tensor seen = x.narrow(1, 0, spec.train.window);
    if (noisy && spec.noise > 0.0) seen = seen + torch::randn_like(seen) * spread * spec.noise;
    return net->loss(seen.to(device), x.narrow(1, 1, spec.train.window).to(device));
  };
  Job job{.name = "dancer", .spec = spec.train, .network = net.ptr()};
  job.batch = batch;
  job.validate_items = static_cast<double>(*batch);
  job.loss = [=](Rng& rng, std::int64_t) mutable { return loss_of(train, rng, true); };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    Rng rng(1);
    if (!held.empty()) figures.emplace_back("loss, held out", loss_of(held, rng, false).item<double>());
    return figures;
  };
  return job;
}

std::int64_t best_alternative(const model::Recipe& recipe, const std::vector<Passage>& passages, const Where& where,
                              double share) {
  constexpr std::size_t kFolds = 3;
  const std::size_t count = recipe.dancer.alternatives.size();
  const std::vector<const Passage*> all = long_enough(passages, recipe, false);
  std::map<std::string, std::size_t> fold_of;  // a clip with all its views and mirror images is in one fold
  for (const Passage* p : all) fold_of.emplace(p->clip, fold_of.size() % kFolds);
  if (fold_of.size() < kFolds) {
    log::warn("{} clips are too few to choose between {} networks: the first is taken", fold_of.size(), count);
    return 0;
  }
  model::Recipe one = recipe;
  const double part = share / static_cast<double>(count * kFolds);
  model::TrainSpec& spec = one.dancer.train;
  spec.steps = std::max<std::int64_t>(1, std::llround(static_cast<double>(spec.steps) * part));
  spec.budget_s *= part;
  spec.warmup = std::min(spec.warmup, spec.steps / 20);
  Where part_of = where;  // what is left is divided evenly among the runs to come
  std::size_t to_come = count * kFolds;
  if (where.left_s) part_of.left_s = [&] { return where.left_s() / static_cast<double>(to_come); };
  std::int64_t best = 0;
  double least = INFINITY;
  for (std::size_t a = 0; a < count; ++a) {
    double loss = 0.0;
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      std::vector<const Passage*> train, held;
      for (const Passage* p : all) (fold_of[p->clip] == fold ? held : train).push_back(p);
      torch::manual_seed(where.seed);
      model::FrameDancer net(one, static_cast<std::int64_t>(a));
      net->to(where.device);
      Job job = frames_job(one, net, train, held);
      job.name = fmt::format("choice_{}_{}", a, fold);
      if (!run(job, part_of).finished) return -1;
      --to_come;
      const torch::NoGradGuard no_grad;
      for (const auto& [name, value] : job.validate()) loss += value / kFolds;
    }
    log::info("alternative {}: held-out loss {:.4f}", a, loss);
    if (loss < least) least = loss, best = static_cast<std::int64_t>(a);
  }
  return best;
}

}  // namespace ombra::train
