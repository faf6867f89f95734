#include "model/moves_stream.hpp"

#include "core/clock.hpp"
#include "model/rehearsal.hpp"
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
constexpr std::size_t kRemembered = 96;  // moves in which a phrase counts as repeated
constexpr std::size_t kPhrase = 4;       // moves of such a phrase
constexpr double kRepeatHeat = 0.6;
constexpr double kWarmest = 1.2;           // what the following may heat up to
constexpr double kBored = 0.7;             // over the temperature, where a minute was spent one spread off the middle
constexpr std::int64_t kPhraseMoves = 16;  // eight beats: a phrase opens ...
constexpr std::int64_t kOpening = 2;       // ... with as many moves at the warmest: something new
constexpr std::int64_t kRehearsed = 12;    // continuations that are tried out before each move
// What makes one of them likelier to be danced, in nats:
constexpr double kSharpness = 6.0;  // its fit to the beat, at pulse 1
constexpr double kTired = 1.8;      // less, for every time that its phrase was danced lately
constexpr double kBalance = 24.0;   // the way back to the middle of the repertoire

// Guided codes count from the footage's mean pose; of others the seeds tell.
Herding herding_of(const Seeds& seeds, bool guided) {
  const Tensor poses = seeds.latents.to(torch::kFloat).flatten(0, 1),
               middle = guided ? torch::zeros({poses.size(1)}) : poses.mean(0).contiguous();
  const double spread = (poses - middle).pow(2).sum(1).mean().item<double>();
  return {{middle.data_ptr<float>(), middle.data_ptr<float>() + middle.numel()}, std::max(1e-6, spread)};
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
// The first two entries of a move [Q]: what it is, without its details.
std::pair<std::int64_t, std::int64_t> move_of(const Tensor& move) {
  const std::int64_t* entries = move.data_ptr<std::int64_t>();
  return {entries[0], move.numel() > 1 ? entries[1] : 0};
}

std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return a - floor_div(a, b) * b; }

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

MovesStream::MovesStream(std::shared_ptr<Model> model, std::uint64_t seed, std::int64_t lead)
    : DanceStream(static_cast<int>(model->recipe.painter.code),
                  static_cast<int>(model->recipe.mover.frames_per_beat) * 64),
      model_(std::move(model)),
      lead_(lead),
      rng_(seed),
      warp_(static_cast<int>(model_->recipe.mover.frames_per_beat)),
      herding_(herding_of(model_->seeds, model_->recipe.painter.guided)) {
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
                                 place, {}, &state_);
  next_move_ = move;
  still_moves_ = 0;
  heat_ = 0.0;
  if (grounding_) grounding_->reset();
}

void MovesStream::start(std::int64_t tick, int seed) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move, move = floor_div(tick, per_move);
  prime(move, seed >= 0 ? seed : rng_.below(static_cast<int>(model_->seeds.size())));
  warp_.clear();
  track_.clear((move - 1) * per_move);  // the seed's last move is played first: it waits for the move after it
}

Tensor MovesStream::continuations(const DanceControls& controls, double temperature, std::int64_t count) {
  const std::int64_t books = model_->recipe.mover.books, places = model_->choreographer->places();
  const Tensor place = torch::full({1, 1}, floor_mod(next_move_, places), torch::kLong);
  const std::int64_t phrase = model_->choreographer->phrase();
  Tensor phrase_place;
  if (phrase > 0) phrase_place = torch::full({1, 1}, floor_mod(next_move_ - phrase_start_, phrase), torch::kLong);
  const Tensor conditions =
      torch::tensor({std::clamp(controls.energy, -2.5f, 2.5f), std::clamp(controls.pulse, -2.5f, 2.5f)})
          .view({1, 1, 2});
  const Tensor context =
      model_->choreographer->forward(history_.narrow(1, kHistory - 1, 1), conditions, place, phrase_place, &state_)[0];
  const Tensor several = context.expand({count, context.size(1)}), chosen = torch::zeros({count, books}, torch::kLong);
  const std::vector<double>& coolness = model_->recipe.choreographer.coolness;
  for (std::int64_t q = 0; q < books; ++q) {
    // the first book is foretold alike for all of them
    const Tensor logits = (q == 0 ? model_->choreographer->logits(context, chosen, 0).expand({count, -1})
                                  : model_->choreographer->logits(several, chosen, q))
                              .to(torch::kFloat)
                              .contiguous();
    const double cool = static_cast<std::size_t>(q) < coolness.size() ? coolness[static_cast<std::size_t>(q)] : 1.0;
    for (std::int64_t k = 0; k < count; ++k) {
      chosen.data_ptr<std::int64_t>()[k * books + q] =
          sample_softmax({logits.data_ptr<float>() + k * logits.size(1), static_cast<std::size_t>(logits.size(1))},
                         temperature * cool, controls.top_p, rng_);
    }
  }
  return chosen;
}

std::int64_t MovesStream::rehearse(const Tensor& tried, const Tensor& codes, double pulse) {
  const std::int64_t count = codes.size(0), per_move = model_->recipe.mover.frames_per_move,
                     moves_a_beat = model_->recipe.mover.frames_per_beat / per_move;
  const Tensor steps = (codes.slice(1, 1) - codes.slice(1, 0, -1)).norm(2, 2).contiguous();  // [K, 3 moves less a tick]
  const Tensor poses = codes.slice(1, -per_move).mean(1).contiguous();                       // [K, Z] of the draws
  const auto ticks = static_cast<std::size_t>(steps.size(1)), all = static_cast<std::size_t>(per_move),
             z = static_cast<std::size_t>(poses.size(1));
  const auto pose = [&](std::int64_t k) {
    return std::span<const float>(poses.data_ptr<float>() + static_cast<std::size_t>(k) * z, z);
  };
  std::vector<double> fits;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::span<const float> row(steps.data_ptr<float>() + static_cast<std::size_t>(k) * ticks, ticks);
    // the joint between the last two moves
    const double on_beat = beat_fit(row.subspan(all), all - 1, floor_mod(next_move_, moves_a_beat) == 0);
    fits.push_back(kSharpness * pulse * on_beat - kTired * times_danced(move_of(tried[k])) +
                   kBalance * herding_.fit(pose(k)));
  }
  const int taken = choose_fitting(fits, rng_);
  herding_.add(pose(taken));
  return taken;
}

void MovesStream::choose(const DanceControls& controls, double temperature) {
  const torch::InferenceMode inference;
  const double begun = now_s();
  const std::int64_t books = model_->recipe.mover.books, per_move = model_->recipe.mover.frames_per_move;
  const Tensor tried = continuations(controls, temperature, kRehearsed);  // [K, Q]
  const Tensor before = history_.narrow(1, 1, kHistory - 1).expand({kRehearsed, kHistory - 1, books});
  const Tensor ends =
      model_->mover->last_codes_of(torch::cat({before, tried.view({kRehearsed, 1, books})}, 1), 3).contiguous();
  const std::int64_t taken = rehearse(tried, ends, std::clamp(static_cast<double>(controls.pulse), 0.0, 2.5));
  const Tensor chosen = tried[taken];
  last_move_.assign(chosen.data_ptr<std::int64_t>(), chosen.data_ptr<std::int64_t>() + books);
  times_danced_ = times_danced(move_of(chosen));
  danced_.push_back(move_of(chosen));
  if (danced_.size() > kRemembered) danced_.pop_front();
  history_ = torch::cat({before.narrow(0, 0, 1), chosen.view({1, 1, books})}, 1);
  const Tensor codes = ends[taken];  // [3 moves, Z]
  const auto z = static_cast<std::size_t>(codes.size(1));
  for (std::int64_t i = 0; i < per_move; ++i) {  // the move before the newest: it has seen its one move ahead
    const std::span<float> code(codes.data_ptr<float>() + static_cast<std::size_t>(per_move + i) * z, z);
    if (grounding_ && controls.grounded) grounding_->ground(code);
    append_faded(code);
  }
  ++next_move_;
  ++counters.moves;
  counters.step_ms = (now_s() - begun) * 1e3;
}

int MovesStream::times_danced(const Coarse& next) const {
  if (danced_.size() < kPhrase) return 0;
  const auto tail = danced_.end() - static_cast<long>(kPhrase - 1);  // the moves before `next`
  int times = 0;
  for (auto i = danced_.begin(); i < tail - 1; ++i)
    times += i[kPhrase - 1] == next && std::equal(tail, danced_.end(), i) ? 1 : 0;
  return times;
}

void MovesStream::guard(const DanceControls& controls) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move;
  heat_ = std::max(0.0, heat_ - kCooling);
  if (!controls.freeze_guard) return;
  if (heat_ < kRepeatHeat / 2.0 && times_danced_ >= 2) heat_ = kRepeatHeat;
  still_moves_ = track_.speed(per_move) < kStill * model_->mean_speed ? still_moves_ + 1 : 0;
  if (still_moves_ == kPatience) heat_ = std::max(0.0, 1.2 - controls.temperature) + kHeat;
  if (still_moves_ < 2 * kPatience) return;
  ++counters.freezes;  // heat did not help: go on from another phrase
  jump(track_.end(), seed_for(std::max(0.0, static_cast<double>(controls.energy))), controls);
}

int MovesStream::seed_for(double energy) { return seed_of_energy(model_->seeds, energy, rng_); }

double MovesStream::warmth(const DanceControls& controls) const {
  const double asked = controls.temperature + heat_;
  const bool opening = floor_mod(next_move_ - phrase_start_, kPhraseMoves) < kOpening;
  return std::max(asked, opening ? kWarmest : std::min(kWarmest, asked + kBored * herding_.apart()));
}

void MovesStream::advance(std::int64_t tick, const DanceControls& controls) {
  while (track_.end() <= tick + warp_.reach() + lead_) {
    choose(controls, warmth(controls));
    guard(controls);
  }
  warp_.look(track_);
}

void MovesStream::jump(std::int64_t tick, int seed, const DanceControls& controls) {
  const std::int64_t per_move = model_->recipe.mover.frames_per_move, move = floor_div(tick, per_move),
                     at = move * per_move;
  DanceControls plain = controls;
  plain.freeze_guard = false;
  while (track_.end() < at + per_move) choose(plain, plain.temperature);
  begin_fade(at, per_move);
  warp_.cut(at);
  prime(move, seed >= 0 ? seed : seed_for(controls.energy));
  // The new stream's first choice is move `move`; what it then plays is the seed's last move, which lies before `at`.
  const std::int64_t end = track_.end();
  choose(plain, plain.temperature);
  track_.truncate(end);
  ++counters.jumps;
}

}  // namespace ombra::model
