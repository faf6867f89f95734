#include "model/moves_stream.hpp"

#include "core/clock.hpp"
#include "model/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ombra::model {

using torch::Tensor;

namespace {

constexpr double kStill = 0.35;  // of the mean speed: slower than this is standing still
constexpr int kPatience =
    4;  // still moves (two beats, about a second) before the dancer is heated up; twice that: jump
constexpr double kHeat = 0.3;            // over a temperature of 1.2, to leave a still pose
constexpr double kCooling = 0.15;        // a move
constexpr std::size_t kRemembered = 48;  // moves in which a phrase counts as repeated
constexpr double kRepeatHeat = 0.6;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

int seed_of_energy(const Seeds& seeds, double energy, Rng& rng) {
  const auto n = static_cast<int>(seeds.size());
  const float* e = seeds.energy.data_ptr<float>();
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return std::abs(e[a] - energy) < std::abs(e[b] - energy); });
  return order[static_cast<std::size_t>(rng.below(std::min(n, std::max(3, n / 4))))];
}

MovesStream::MovesStream(std::shared_ptr<Model> model, std::uint64_t seed)
    : DanceStream(static_cast<int>(model->recipe.painter.code),
                  static_cast<int>(model->recipe.mover.frames_per_beat) * 64),
      model_(std::move(model)),
      rng_(seed) {
  const Recipe& recipe = model_->recipe;
  if (recipe.painter.guided) grounding_.emplace(model_->painter, static_cast<double>(recipe.mover.frames_per_beat));
}

void MovesStream::prime(std::int64_t move, int seed) {
  const torch::InferenceMode guard;
  const Tensor phrase = model_->seeds.moves[seed].unsqueeze(0);  // [1, M, Q]
  const std::int64_t m = phrase.size(1), places = model_->recipe.choreographer.places;
  std::vector<Tensor> parts(static_cast<std::size_t>(std::max<std::int64_t>(1, (kHistory + m - 1) / m)), phrase);
  history_ = torch::cat(parts, 1).narrow(1, static_cast<std::int64_t>(parts.size()) * m - kHistory, kHistory).clone();
  // All but the last move here; choose() tells the last one together with the energy of the move to come.
  state_ = {};
  const Tensor place = (torch::arange(m - 1) + (move - m + 1)).remainder(places).unsqueeze(0);
  model_->choreographer->forward(phrase.narrow(1, 0, m - 1), torch::zeros({1, m - 1, ChoreographerImpl::kConditions}),
                                 place, &state_);
  next_move_ = move;
  still_moves_ = 0;
  heat_ = 0.0;
  if (grounding_) grounding_->reset();
}

void MovesStream::start(std::int64_t tick, int seed) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move, move = floor_div(tick, per_move);
  prime(move, seed >= 0 ? seed : rng_.below(static_cast<int>(model_->seeds.size())));
  track_.clear((move - 1) * per_move);  // the seed's last move is played first: it waits for the move after it
}

void MovesStream::choose(const DanceControls& controls, double temperature) {
  const torch::InferenceMode inference;
  const double begun = now_s();
  const std::int64_t books = model_->recipe.mover.books, per_move = model_->recipe.mover.frames_per_move;
  const std::int64_t place = ((next_move_ % model_->choreographer->places()) + model_->choreographer->places()) %
                             model_->choreographer->places();
  const Tensor conditions =
      torch::tensor({std::clamp(controls.energy, -2.5f, 2.5f), std::clamp(controls.pulse, -2.5f, 2.5f)})
          .view({1, 1, 2});
  const Tensor context = model_->choreographer->forward(history_.narrow(1, kHistory - 1, 1), conditions,
                                                        torch::full({1, 1}, place, torch::kLong), &state_)[0][0];
  const Tensor chosen = torch::zeros({books}, torch::kLong);
  for (std::int64_t q = 0; q < books; ++q) {
    const Tensor logits = model_->choreographer->logits(context, chosen, q).to(torch::kFloat).contiguous();
    const std::vector<double>& coolness = model_->recipe.choreographer.coolness;
    const double cool = static_cast<std::size_t>(q) < coolness.size() ? coolness[static_cast<std::size_t>(q)] : 1.0;
    chosen.data_ptr<std::int64_t>()[q] = sample_softmax(
        {logits.data_ptr<float>(), static_cast<std::size_t>(logits.numel())}, temperature * cool, controls.top_p, rng_);
  }
  last_move_.assign(chosen.data_ptr<std::int64_t>(), chosen.data_ptr<std::int64_t>() + books);
  danced_.emplace_back(chosen.data_ptr<std::int64_t>()[0], books > 1 ? chosen.data_ptr<std::int64_t>()[1] : 0);
  if (danced_.size() > kRemembered) danced_.pop_front();
  history_ = torch::cat({history_.narrow(1, 1, kHistory - 1), chosen.view({1, 1, books})}, 1);
  const Tensor codes = model_->mover->codes_of(history_)[0].contiguous();  // [kHistory * per_move, Z]
  const auto z = static_cast<std::size_t>(codes.size(1));
  for (std::int64_t i = 0; i < per_move; ++i) {  // the move before the newest: it has seen its one move ahead
    const std::span<float> code(codes.data_ptr<float>() + static_cast<std::size_t>((kHistory - 2) * per_move + i) * z,
                                z);
    if (grounding_ && controls.grounded) grounding_->ground(code);
    append_faded(code);
  }
  ++next_move_;
  ++counters.moves;
  counters.step_ms = (now_s() - begun) * 1e3;
}

bool MovesStream::repeats() const {
  constexpr std::size_t kPhrase = 4;
  if (danced_.size() < kRemembered / 2) return false;
  const std::size_t last = danced_.size() - kPhrase;
  int times = 0;
  for (std::size_t i = 0; i + kPhrase <= last; ++i) {
    times +=
        std::equal(danced_.begin() + static_cast<long>(last), danced_.end(), danced_.begin() + static_cast<long>(i))
            ? 1
            : 0;
  }
  return times >= 2;
}

void MovesStream::guard(const DanceControls& controls) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move;
  heat_ = std::max(0.0, heat_ - kCooling);
  if (!controls.freeze_guard) return;
  if (heat_ < kRepeatHeat / 2.0 && repeats()) heat_ = kRepeatHeat;
  still_moves_ = track_.speed(per_move) < kStill * model_->mean_speed ? still_moves_ + 1 : 0;
  if (still_moves_ == kPatience) heat_ = std::max(0.0, 1.2 - controls.temperature) + kHeat;
  if (still_moves_ < 2 * kPatience) return;
  ++counters.freezes;  // heat did not help: go on from another phrase
  jump(track_.end(), seed_for(std::max(0.0, static_cast<double>(controls.energy))), controls);
}

int MovesStream::seed_for(double energy) { return seed_of_energy(model_->seeds, energy, rng_); }

void MovesStream::advance(std::int64_t tick, const DanceControls& controls) {
  while (track_.end() <= tick) {
    choose(controls, controls.temperature + heat_);
    guard(controls);
  }
}

void MovesStream::jump(std::int64_t tick, int seed, const DanceControls& controls) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move, move = floor_div(tick, per_move),
                     at = move * per_move;
  DanceControls plain = controls;
  plain.freeze_guard = false;
  while (track_.end() < at + per_move) choose(plain, plain.temperature);
  begin_fade(at, per_move);
  prime(move, seed >= 0 ? seed : seed_for(controls.energy));
  // The new stream's first choice is move `move`; what it then plays is the seed's last move, which lies before `at`.
  const std::int64_t end = track_.end();
  choose(plain, plain.temperature);
  track_.truncate(end);
  ++counters.jumps;
}

}  // namespace ombra::model
