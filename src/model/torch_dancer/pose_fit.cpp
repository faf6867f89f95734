#include "model/torch_dancer/pose_fit.hpp"

#include <algorithm>

namespace ombra::model {
namespace {

using torch::Tensor;

constexpr std::int64_t kStarts = 6;   // that are improved ...
constexpr std::int64_t kOfSeeds = 3;  // ... at most so many of them poses of the seeds
constexpr std::int64_t kEvery = 4;    // latents of a seed: neighbours look alike
constexpr std::int64_t kCoarse = 48;  // samples a side where many are compared
constexpr double kFarthest = 1.2;
constexpr double kBelieved = 0.65;  // a silhouette that no pose draws so well is no whole body
constexpr PainterImpl::Descent kDescent = {.steps = 70, .rate = 0.12, .near = 0.004};

// Intersection over union of figures [N, 1, S, S] and [N or 1, 1, S, S] -> [N]
Tensor overlaps(const Tensor& drawn, const Tensor& wanted) {
  const Tensor a = drawn < 0, b = wanted < 0;
  return (a & b).flatten(1).sum(1).to(torch::kFloat) / (a | b).flatten(1).sum(1).clamp_min(1).to(torch::kFloat);
}

// Poses of the seeds [P, Z].
Tensor poses_of_seeds(Model& model, const torch::Device& device) {
  const Tensor latents = model.seeds.latents.to(torch::kFloat).to(device);
  return latents.slice(1, 0, latents.size(1), kEvery).flatten(0, 1).contiguous();
}

// Codes [N, Z] -> [N], is it a body? As near to a pose of the seeds as these are to their mean; what lies farther off
// may draw a mask of several pieces as well as it likes, but with limbs that hang together no more.
Tensor are_bodies(const Tensor& codes, const Tensor& poses) {
  const Tensor spread = (poses - poses.mean(0)).norm(2, 1).mean();
  return std::get<0>(torch::cdist(codes, poses).min(1)) <= kFarthest * spread;
}

// Those poses of the seeds [kOfSeeds, Z] that look most like the field [1, 1, S, S].
Tensor like_seeds(Model& model, const Tensor& poses, const Tensor& field) {
  const Tensor coarse = torch::upsample_bilinear2d(field, {kCoarse, kCoarse}, false);
  std::vector<Tensor> all;
  constexpr std::int64_t kAtATime = 64;
  for (std::int64_t i = 0; i < poses.size(0); i += kAtATime) {
    const Tensor part = poses.narrow(0, i, std::min(kAtATime, poses.size(0) - i));
    all.push_back(overlaps(model.painter->decode(part, kCoarse), coarse));
  }
  const auto best = std::get<1>(torch::cat(all).topk(std::min(kOfSeeds, poses.size(0))));
  return poses.index_select(0, best);
}

}  // namespace

PoseFit fit_pose(Model& model, const Tensor& fields) {
  const Tensor poses = poses_of_seeds(model, fields.device());
  Tensor starts, framings;
  {
    const torch::NoGradGuard no_grad;
    const Tensor all = model.painter->guesses(fields).codes, guessed = all.flatten(0, 1);
    const Tensor of = torch::arange(all.size(0)).repeat_interleave(all.size(1)).to(fields.device());  // its framing
    const Tensor overlap = overlaps(model.painter->decode(guessed, fields.size(2)), fields.index_select(0, of));
    const Tensor order = std::get<1>(overlap.sort(0, true));
    const Tensor best = order.narrow(0, 0, std::min(kStarts - kOfSeeds, order.size(0)));
    framings = of.index_select(0, best);
    const Tensor seeds = like_seeds(model, poses, fields.index_select(0, framings.narrow(0, 0, 1)));
    starts = torch::cat({guessed.index_select(0, best), seeds});
    framings = torch::cat({framings, framings[0].expand({seeds.size(0)})});
  }
  const Tensor wanted = fields.index_select(0, framings), codes = model.painter->improved(starts, wanted, kDescent);
  const torch::NoGradGuard no_grad;
  const Tensor overlap = overlaps(model.painter->decode(codes, fields.size(2)), wanted);
  const Tensor fit = overlap * are_bodies(codes, poses).to(torch::kFloat);
  const auto best = fit.argmax().item<std::int64_t>();
  const auto most = fit[best].item<double>();
  if (most >= kBelieved) return {framings[best].item<std::int64_t>(), codes[best], most, true};
  const std::int64_t seed = starts.size(0) - std::min(kOfSeeds, starts.size(0));  // the one that is most alike
  const Tensor like =
      overlaps(model.painter->decode(starts.narrow(0, seed, 1), fields.size(2)), wanted.narrow(0, seed, 1));
  return {framings[seed].item<std::int64_t>(), starts[seed], like.item<double>(), false};
}

}  // namespace ombra::model
