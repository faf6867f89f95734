#include "train/seeds.hpp"

#include <algorithm>
#include <functional>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kSeeds = 64, kSeedMoves = 8;

// Which passages may give seeds, and how many each: the longer the more, at least one.
std::vector<std::pair<const Passage*, std::int64_t>> shares(const std::vector<Passage>& passages, std::int64_t needed,
                                                            const std::function<std::int64_t(const Passage&)>& length) {
  std::vector<std::pair<const Passage*, std::int64_t>> chosen;
  double total = 0.0;
  for (const Passage& p : passages) {
    if (p.held_out || p.mirrored || !p.choreography || p.yaw_degrees != 0.0 || length(p) < needed) continue;
    chosen.emplace_back(&p, length(p));
    total += static_cast<double>(length(p));
  }
  for (auto& [passage, share] : chosen) {
    share = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(static_cast<double>(kSeeds) * static_cast<double>(share) / total));
  }
  return chosen;
}

}  // namespace

model::Seeds move_seeds(const std::vector<Passage>& passages, const model::Recipe& recipe) {
  const std::int64_t per_move = recipe.mover.frames_per_move, per_beat = recipe.mover.frames_per_beat / per_move;
  std::vector<Tensor> latents, moves;
  std::vector<float> energy;
  model::Seeds seeds;
  const auto length = [](const Passage& p) { return p.moves.defined() ? p.moves.size(0) : 0; };
  for (const auto& [p, share] : shares(passages, kSeedMoves + 2, length)) {
    for (std::int64_t i = 0; i < share && static_cast<std::int64_t>(moves.size()) < kSeeds; ++i) {
      std::int64_t start = (length(*p) - kSeedMoves) * (2 * i + 1) / (2 * share);
      // phrases begin where the two-beat place begins
      start -= (start + p->first_beat * per_beat) % (2 * per_beat);
      if (start < 0) start += 2 * per_beat;
      moves.push_back(p->moves.narrow(0, start, kSeedMoves));
      latents.push_back(p->in_beats.narrow(0, start * per_move, kSeedMoves * per_move));
      energy.push_back(p->conditions.narrow(0, start, kSeedMoves).select(1, 0).mean().item<float>());
      seeds.names.push_back(p->clip);
    }
  }
  if (moves.empty())
    throw error("no training clip is long enough to start a dance from\nhint: `ombra prepare` more footage");
  seeds.moves = torch::stack(moves);
  seeds.latents = torch::stack(latents);
  seeds.energy = torch::tensor(energy);
  return seeds;
}

model::Seeds frame_seeds(const std::vector<Passage>& passages, const model::Recipe& recipe) {
  const std::int64_t context = std::max<std::int64_t>(2, recipe.dancer.context);
  std::vector<Tensor> latents;
  std::vector<float> energy;
  model::Seeds seeds;
  const auto speed = [](const Tensor& x) {
    return (x.slice(0, 1) - x.slice(0, 0, -1)).norm(2, 1).mean().item<double>();
  };
  double mean = 0.0, count = 0.0;
  for (const auto& [p, share] : shares(passages, context + 1, [](const Passage& q) { return q.codes.size(0); })) {
    mean += speed(p->codes), count += 1.0;
    for (std::int64_t i = 0; i < share && static_cast<std::int64_t>(latents.size()) < kSeeds; ++i) {
      const std::int64_t start = (p->codes.size(0) - context) * (2 * i + 1) / (2 * share);
      latents.push_back(p->codes.narrow(0, start, context));
      seeds.names.push_back(p->clip);
    }
  }
  if (latents.empty())
    throw error("no training clip is long enough to start a dance from\nhint: `ombra prepare` more footage");
  for (const Tensor& x : latents) energy.push_back(static_cast<float>(speed(x) / std::max(1e-9, mean / count) - 1.0));
  seeds.latents = torch::stack(latents);
  seeds.energy = torch::tensor(energy);
  return seeds;
}

}  // namespace ombra::train
