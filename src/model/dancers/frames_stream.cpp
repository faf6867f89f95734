#include "model/dancers/frames_stream.hpp"

#include "core/clock.hpp"
#include "model/dancers/moves_stream.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {

namespace {
constexpr double kStillSpeed = 0.25;  // of the mean speed
constexpr double kStillBoost = 1.6;   // factor of the temperature, to leave a still pose
constexpr double kFadeS = 0.25;
constexpr int kTicksKept = 1024;
}  // namespace

FramesStream::FramesStream(std::shared_ptr<const DancerFile> file, std::shared_ptr<FrameStepper> stepper,
                           std::uint64_t seed)
    : DanceStream(static_cast<int>(file->recipe.painter.code), kTicksKept),
      file_(std::move(file)),
      stepper_(std::move(stepper)),
      second_(std::max<std::int64_t>(1, std::lround(file_->recipe.frames.fps))),
      rng_(seed),
      next_(static_cast<std::size_t>(file_->recipe.painter.code)) {}

std::vector<float> FramesStream::random_phrase() {
  const std::vector<float>&low = file_->low, &high = file_->high;
  std::vector<float> phrase(static_cast<std::size_t>(file_->recipe.dancer.context) * low.size());
  for (std::size_t i = 0; i < phrase.size(); ++i) {
    const std::size_t n = i % low.size();
    phrase[i] = low[n] + static_cast<float>(rng_.uniform()) * (high[n] - low[n]);
  }
  return phrase;
}

void FramesStream::prime(int seed) {
  const FrameDancerSpec& spec = file_->recipe.dancer;
  if (seed < 0 && spec.seeding == "vector") return stepper_->begin(memory_, random_phrase());
  std::span<const float> phrase = file_->seeds.latents_of(seed >= 0 ? seed : rng_.below(file_->seeds.size()));
  if (spec.seeding == "pose" && spec.memory != "window") phrase = phrase.last(file_->low.size());
  stepper_->begin(memory_, phrase);
}

void FramesStream::start(std::int64_t tick, int seed) {
  prime(seed);
  track_.clear(tick);
}

FrameStep FramesStream::asked(double temperature) { return {&memory_, &rng_, temperature, next_}; }

void FramesStream::answered(const DanceControls& controls) {
  if (!std::all_of(next_.begin(), next_.end(), [](float x) { return std::isfinite(x); })) {
    const auto held = track_.empty() ? std::span<const float>() : track_.at(track_.end() - 1);
    std::fill(next_.begin(), next_.end(), 0.0f);
    std::copy(held.begin(), held.end(), next_.begin());
    ++counters.freezes;
    prime(seed_of_energy(file_->seeds, controls.energy, rng_));
  }
  append_faded(next_);
  ++counters.moves;
}

void FramesStream::step(const DanceControls& controls, double temperature) {
  const double begun = now_s();
  const FrameStep alone = asked(temperature);
  stepper_->step({&alone, 1});
  answered(controls);
  counters.step_ms = (now_s() - begun) * 1e3;
}

bool FramesStream::guarded(const DanceControls& controls) const {
  return controls.freeze_guard && track_.end() - track_.begin() > 2 * second_;
}

bool FramesStream::still(std::int64_t ticks) const { return track_.speed(ticks) < kStillSpeed * file_->mean_speed; }

void FramesStream::advance(std::span<DanceStream* const> together, double tick, const DanceControls& controls) {
  struct Due {
    FramesStream* dancer;
    bool guarded;
  };
  std::vector<Due> due;
  std::vector<FrameStep> steps;
  for (;;) {
    due.clear();
    steps.clear();
    const double begun = now_s();
    for (DanceStream* stream : together) {
      auto* dancer = static_cast<FramesStream*>(stream);
      if (static_cast<double>(dancer->track_.end()) > tick) continue;
      due.push_back({dancer, dancer->guarded(controls)});
      const bool boosted = due.back().guarded && dancer->still(dancer->second_);
      steps.push_back(dancer->asked(controls.temperature * (boosted ? kStillBoost : 1.0)));
    }
    if (due.empty()) return;
    stepper_->step(steps);
    const double each_ms = (now_s() - begun) * 1e3 / static_cast<double>(due.size());
    for (const auto& [dancer, guarded] : due) {
      dancer->answered(controls);
      dancer->counters.step_ms = each_ms;
      if (!guarded || dancer->track_.end() % dancer->second_ != 0 || !dancer->still(2 * dancer->second_)) continue;
      ++dancer->counters.freezes;
      const double energy = std::max(0.0, static_cast<double>(controls.energy));
      dancer->jump(dancer->track_.end(), seed_of_energy(dancer->file_->seeds, energy, dancer->rng_), controls);
    }
  }
}

void FramesStream::jump(std::int64_t tick, int seed, const DanceControls& controls) {
  const auto length = static_cast<std::int64_t>(std::ceil(kFadeS * file_->recipe.frames.fps));
  while (track_.end() < tick + length) step(controls, controls.temperature);
  begin_fade(tick, length);
  prime(seed >= 0 ? seed : seed_of_energy(file_->seeds, controls.energy, rng_));
  ++counters.jumps;
}

}  // namespace ombra::model
