#include "model/dancers/moves_stream.hpp"

#include "core/arithmetic.hpp"
#include "core/clock.hpp"
#include "model/dancers/rehearsal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace ombra::model {

namespace {

constexpr double kStill = 0.35;          // of the mean speed: slower than this is standing still
constexpr int kStillMoves = 4;           // two beats, about a second: then the temperature is boosted; twice that: jump
constexpr double kStillBoost = 0.3;      // over a temperature of 1.2, to leave a still pose
constexpr double kBoostDecay = 0.15;     // a move
constexpr std::size_t kRemembered = 96;  // moves in which a phrase counts as repeated
constexpr std::size_t kPhrase = 4;       // moves of such a phrase
constexpr double kRepeatBoost = 0.6;     // of the temperature, where a phrase is repeated
constexpr double kMaxTemperature = 1.2;  // that the following boosts may reach
constexpr double kDiversityBoost = 0.7;  // over the temperature, where a minute was spent one spread off the middle
constexpr std::int64_t kPhraseMoves = 16;  // eight beats: a phrase opens ...
constexpr std::int64_t kOpening = 2;       // ... with as many moves at the maximum: something new
constexpr std::size_t kCorner = 32;        // moves, two phrases: where they begin ...
constexpr std::size_t kFewest = 6;         // ... with fewer entries than that, the dancer goes on from another phrase
constexpr double kAnywhere = 0.5;     // of the moves are chosen without the place in the phrase, which tells by heart
constexpr std::size_t kSamples = 24;  // continuations that are rehearsed before each move
// What makes one of them likelier to be danced, in nats:
constexpr double kSharpness = 22.0;     // its fit to the beat, at pulse 1
constexpr double kRepeatPenalty = 1.8;  // less, for every time that its phrase was danced lately
constexpr double kDiversity = 24.0;     // the way back to the middle of the repertoire
constexpr double kReturnPenalty = 4.0;  // less, where its movement is the one of so many beats ago:
constexpr std::int64_t kReturnBeats = 4;

// Guided codes count from the footage's mean pose; of others the seeds tell.
Herding herding_of(const SeedPhrases& seeds, bool guided) {
  const std::size_t z = seeds.code, poses = seeds.latents.size() / z;
  std::vector<double> middle(z, 0.0);
  for (std::size_t i = 0; i < seeds.latents.size() && !guided; ++i)
    middle[i % z] += static_cast<double>(seeds.latents[i]) / static_cast<double>(poses);
  double spread = 0.0;
  for (std::size_t i = 0; i < seeds.latents.size(); ++i) {
    const double off = static_cast<double>(seeds.latents[i]) - middle[i % z];
    spread += off * off / static_cast<double>(poses);
  }
  return {{middle.begin(), middle.end()}, std::max(1e-6, spread)};
}

std::size_t moves_of(std::int64_t beats, const MoverSpec& mover) {
  return static_cast<std::size_t>(std::max<std::int64_t>(1, beats * mover.frames_per_beat / mover.frames_per_move));
}

// The first two entries of a move [Q]: what it is, without its details.
CoarseMove move_of(std::span<const std::int64_t> move) { return {move[0], move.size() > 1 ? move[1] : 0}; }

}  // namespace

bool in_a_corner(const std::deque<CoarseMove>& danced) {
  if (danced.size() < kCorner) return false;
  std::set<std::int64_t> entries;
  for (auto move = danced.end() - static_cast<std::ptrdiff_t>(kCorner); move != danced.end(); ++move)
    entries.insert(move->first);
  return entries.size() < kFewest;
}

int seed_of_energy(const SeedPhrases& seeds, double energy, Rng& rng) {
  const int n = seeds.size();
  const float* e = seeds.energy.data();
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return std::abs(e[a] - energy) < std::abs(e[b] - energy); });
  return order[static_cast<std::size_t>(rng.below(std::min(n, std::max(3, n / 4))))];
}

MovesStream::MovesStream(std::shared_ptr<const DancerFile> file, std::shared_ptr<MoveNetworks> networks,
                         std::uint64_t seed, double lead)
    : DanceStream(static_cast<int>(file->recipe.painter.code),
                  static_cast<int>(file->recipe.mover.frames_per_beat) * 64),
      file_(std::move(file)),
      networks_(std::move(networks)),
      lead_(lead),
      rng_(seed),
      seen_(file_->pose),
      warp_(static_cast<int>(file_->recipe.mover.frames_per_beat), &seen_),
      herding_(herding_of(file_->seeds, file_->recipe.painter.guided)),
      returning_(moves_of(kReturnBeats, file_->recipe.mover),
                 static_cast<std::size_t>(file_->recipe.mover.frames_per_move) *
                     seen_.size(static_cast<std::size_t>(file_->recipe.painter.code))) {
  const Recipe& recipe = file_->recipe;
  const auto ticks_per_beat = static_cast<double>(recipe.mover.frames_per_beat);
  if (recipe.painter.guided) grounding_.emplace(file_->pose, ticks_per_beat);
  if (recipe.painter.guided && file_->pose.in_space()) foothold_.emplace(file_->pose, ticks_per_beat);
}

void MovesStream::prime(std::int64_t move, int seed) {
  networks_->begin(memory_, seed, move);
  next_move_ = move;
  still_moves_ = 0;
  temperature_boost_ = 0.0;
  if (grounding_) grounding_->reset();
  if (foothold_) foothold_->reset();
}

void MovesStream::start(std::int64_t tick, int seed) {
  const std::int64_t per_move = file_->recipe.mover.frames_per_move, move = floor_div(tick, per_move);
  prime(move, seed >= 0 ? seed : rng_.below(file_->seeds.size()));
  warp_.clear();
  track_.clear((move - 1) * per_move);  // the seed's last move is played first: it waits for the move after it
}

std::size_t MovesStream::rehearse(double pulse) {
  const std::int64_t moves_per_beat = file_->recipe.mover.frames_per_beat / file_->recipe.mover.frames_per_move;
  const auto ticks = static_cast<std::size_t>(file_->recipe.mover.frames_per_move),
             z = static_cast<std::size_t>(file_->recipe.painter.code), books = draft_.samples.size() / draft_.count,
             rows = FastMover::kMoves * ticks, newest = rows - ticks, candidates = draft_.codes.size() / (rows * z);
  const bool on_beat = floor_mod(next_move_, moves_per_beat) == 0;
  std::vector<double> fits;                                   // of each candidate
  std::vector<float> poses(candidates * z), steps(rows - 1);  // mean poses of the newest moves; speed, tick by tick
  std::vector<float> before(seen_.size(z)), now(before.size());
  const std::size_t way = ticks * now.size();
  std::vector<float> ways(candidates * way);  // how the body goes on throughout the newest moves
  const auto pose = [&](std::size_t candidate) { return std::span<const float>(poses).subspan(candidate * z, z); };
  const auto way_of = [&](std::size_t candidate) { return std::span<float>(ways).subspan(candidate * way, way); };
  for (std::size_t candidate = 0; candidate < candidates; ++candidate) {
    const float* codes = draft_.codes.data() + candidate * rows * z;
    for (std::size_t t = 0; t < rows; ++t) {
      seen_.see({codes + t * z, z}, now);
      float square = 0.0f;
      for (std::size_t i = 0; i < now.size(); ++i) {
        const float step = now[i] - before[i];
        square += step * step;
        if (t >= newest) ways[candidate * way + (t - newest) * now.size() + i] = step;
      }
      if (t > 0) steps[t - 1] = std::sqrt(square);
      std::swap(before, now);
    }
    for (std::size_t t = newest; t < rows; ++t) {
      for (std::size_t i = 0; i < z; ++i) poses[candidate * z + i] += codes[t * z + i] / static_cast<float>(ticks);
    }
    // the joint between the last two moves
    fits.push_back(kSharpness * pulse * beat_fit(std::span(steps).subspan(ticks), ticks - 1, on_beat) +
                   kDiversity * herding_.fit(pose(candidate)) - kReturnPenalty * returning_.alike(way_of(candidate)));
  }
  std::vector<double> of_samples;
  for (std::size_t k = 0; k < draft_.count; ++k)
    of_samples.push_back(fits[draft_.candidate[k]] -
                         kRepeatPenalty * times_danced(move_of({draft_.samples.data() + k * books, books})));
  const auto taken = static_cast<std::size_t>(choose_fitting(of_samples, rng_));
  herding_.add(pose(draft_.candidate[taken]));
  returning_.add(way_of(draft_.candidate[taken]));
  return taken;
}

// Styles change where a phrase begins.
void MovesStream::choose_styles(const DanceControls& controls) {
  const std::size_t known = file_->recipe.choreographer.styles.size();
  const bool begins = ++since_styles_ >= kPhraseMoves || floor_mod(next_move_ - phrase_start_, kPhraseMoves) == 0;
  if (known == 0 || !begins) return;
  since_styles_ = 0;
  std::array<float, FastChoreographer::kMaxStyles> asked{};  // those that it does not know say nothing
  std::copy_n(controls.styles.begin(), known, asked.begin());
  styles_ = counters.styles = shares_of(asked);
  if (file_->style_middles.empty()) return;
  std::vector<float> middle(static_cast<std::size_t>(file_->recipe.painter.code), 0.0f);
  for (std::size_t i = 0; i < known; ++i) {
    for (std::size_t k = 0; k < middle.size(); ++k)
      middle[k] += styles_[i] * file_->style_middles[i * middle.size() + k];
  }
  herding_.set_middle(middle);
}

void MovesStream::ask(const DanceControls& controls, double temperature) {
  const std::int64_t phrase = file_->recipe.choreographer.phrase;
  draft_.memory = &memory_;
  draft_.rng = &rng_;
  choose_styles(controls);
  draft_.conditions = {std::clamp(controls.energy, -2.5f, 2.5f), std::clamp(controls.pulse, -2.5f, 2.5f)};
  std::copy(styles_.begin(), styles_.end(), draft_.conditions.begin() + FastChoreographer::kMoods);
  draft_.place = floor_mod(next_move_, file_->recipe.choreographer.places);
  const bool anywhere = phrase <= 0 || rng_.uniform() < kAnywhere;
  draft_.phrase_place = anywhere ? -1 : floor_mod(next_move_ - phrase_start_, phrase);
  draft_.temperature = temperature;
  draft_.top_p = controls.top_p;
  draft_.count = kSamples;
}

void MovesStream::answer(const DanceControls& controls) {
  const std::size_t taken = rehearse(std::clamp(static_cast<double>(controls.pulse), 0.0, 2.5));
  const auto books = static_cast<std::size_t>(file_->recipe.mover.books),
             ticks = static_cast<std::size_t>(file_->recipe.mover.frames_per_move),
             z = static_cast<std::size_t>(file_->recipe.painter.code);
  const std::span<const std::int64_t> chosen = std::span(draft_.samples).subspan(taken * books, books);
  networks_->take(draft_, taken);
  last_move_.assign(chosen.begin(), chosen.end());
  times_danced_ = times_danced(move_of(chosen));
  danced_.push_back(move_of(chosen));
  if (danced_.size() > kRemembered) danced_.pop_front();
  float* codes = draft_.codes.data() + draft_.candidate[taken] * FastMover::kMoves * ticks * z;
  for (std::size_t i = ticks; i < 2 * ticks; ++i) {  // the move before the newest: it has seen its one move ahead
    const std::span<float> code(codes + i * z, z);
    if (grounding_ && controls.grounded) grounding_->ground(code);
    if (foothold_ && controls.grounded) foothold_->hold(code);
    append_faded(code);
  }
  ++next_move_;
  ++counters.moves;
}

void MovesStream::choose(const DanceControls& controls, double temperature) {
  const double begun = now_s();
  ask(controls, temperature);
  MoveDraft* const mine = &draft_;
  networks_->draft({&mine, 1});
  answer(controls);
  counters.step_ms = (now_s() - begun) * 1e3;
}

int MovesStream::times_danced(const CoarseMove& next) const {
  if (danced_.size() < kPhrase) return 0;
  const auto tail = danced_.end() - static_cast<long>(kPhrase - 1);  // the moves before `next`
  int times = 0;
  for (auto i = danced_.begin(); i < tail - 1; ++i)
    times += i[kPhrase - 1] == next && std::equal(tail, danced_.end(), i) ? 1 : 0;
  return times;
}

void MovesStream::guard(const DanceControls& controls) {
  const std::int64_t per_move = file_->recipe.mover.frames_per_move;
  temperature_boost_ = std::max(0.0, temperature_boost_ - kBoostDecay);
  if (!controls.freeze_guard) return;
  if (temperature_boost_ < kRepeatBoost / 2.0 && times_danced_ >= 2) temperature_boost_ = kRepeatBoost;
  if (in_a_corner(danced_) && floor_mod(next_move_ - phrase_start_, kPhraseMoves) == 0)
    return jump(track_.end(), seed_for(controls.energy), controls);
  still_moves_ = track_.speed(per_move) < kStill * file_->mean_speed ? still_moves_ + 1 : 0;
  if (still_moves_ == kStillMoves) temperature_boost_ = std::max(0.0, 1.2 - controls.temperature) + kStillBoost;
  if (still_moves_ < 2 * kStillMoves) return;
  ++counters.freezes;  // the boost did not help: go on from another phrase
  jump(track_.end(), seed_for(std::max(0.0, static_cast<double>(controls.energy))), controls);
}

int MovesStream::seed_for(double energy) { return seed_of_energy(file_->seeds, energy, rng_); }

double MovesStream::temperature(const DanceControls& controls) const {
  const double asked = controls.temperature + temperature_boost_;
  const bool opening = floor_mod(next_move_ - phrase_start_, kPhraseMoves) < kOpening;
  return std::max(asked,
                  opening ? kMaxTemperature : std::min(kMaxTemperature, asked + kDiversityBoost * herding_.apart()));
}

void MovesStream::advance(std::span<DanceStream* const> together, double tick, const DanceControls& controls) {
  std::vector<MovesStream*> due;
  std::vector<MoveDraft*> drafts;
  for (;;) {
    due.clear();
    drafts.clear();
    const double begun = now_s();
    for (DanceStream* stream : together) {
      auto* dancer = static_cast<MovesStream*>(stream);
      if (static_cast<double>(dancer->track_.end()) > tick + dancer->warp_.reach() + dancer->lead_) continue;
      dancer->ask(controls, dancer->temperature(controls));
      due.push_back(dancer);
      drafts.push_back(&dancer->draft_);
    }
    if (due.empty()) break;
    networks_->draft(drafts);
    for (MovesStream* dancer : due) dancer->answer(controls);
    const double each_ms = (now_s() - begun) * 1e3 / static_cast<double>(due.size());
    for (MovesStream* dancer : due) {
      dancer->counters.step_ms = each_ms;
      dancer->guard(controls);  // may choose further moves, alone
    }
  }
  for (DanceStream* stream : together) {
    auto* dancer = static_cast<MovesStream*>(stream);
    dancer->warp_.find_stops(dancer->track_);
  }
}

void MovesStream::jump(std::int64_t tick, int seed, const DanceControls& controls) {
  const std::int64_t per_move = file_->recipe.mover.frames_per_move, move = floor_div(tick, per_move),
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
