#include "model/frames_stream.hpp"

#include "core/clock.hpp"
#include "model/moves_stream.hpp"

#include <cmath>

namespace ombra::model {

namespace {
constexpr double kStill = 0.25;  // of the mean speed
constexpr double kHotter = 1.6;
constexpr double kFade_s = 0.25;
constexpr int kRemembered = 1024;
}  // namespace

FramesStream::FramesStream(std::shared_ptr<Model> model, std::uint64_t seed)
    : DanceStream(static_cast<int>(model->recipe.painter.code), kRemembered), model_(std::move(model)), rng_(seed) {}

void FramesStream::prime(int seed) {
  const torch::InferenceMode guard;
  const torch::Tensor phrase = model_->seeds.latents[seed].unsqueeze(0);  // [1, L, Z]
  const std::int64_t length = phrase.size(1);
  state_ = {};
  if (length > 1) model_->dancer->forward(phrase.narrow(1, 0, length - 1), &state_);
  last_ = phrase.narrow(1, length - 1, 1).clone();
}

void FramesStream::start(std::int64_t tick, int seed) {
  prime(seed >= 0 ? seed : rng_.below(static_cast<int>(model_->seeds.size())));
  track_.clear(tick);
}

void FramesStream::step(const DanceControls& controls, double temperature) {
  const torch::InferenceMode guard;
  const double begun = now_s();
  torch::Tensor next = model_->dancer->step(last_, state_, temperature, rng_).contiguous();
  if (!torch::isfinite(next).all().item<bool>()) {
    next = last_.clone();
    ++counters.freezes;
    prime(seed_of_energy(model_->seeds, controls.energy, rng_));
  } else {
    last_ = next;
  }
  append_faded({next.data_ptr<float>(), static_cast<std::size_t>(next.numel())});
  ++counters.moves;
  counters.step_ms = (now_s() - begun) * 1e3;
}

void FramesStream::advance(std::int64_t tick, const DanceControls& controls) {
  const auto second = static_cast<std::int64_t>(std::lround(model_->recipe.frames.fps));
  while (track_.end() <= tick) {
    const bool judged = controls.freeze_guard && track_.end() - track_.begin() > 2 * second;
    const bool warm = judged && track_.speed(second) < kStill * model_->mean_speed;
    step(controls, controls.temperature * (warm ? kHotter : 1.0));
    if (judged && track_.end() % second == 0 && track_.speed(2 * second) < kStill * model_->mean_speed) {
      ++counters.freezes;
      jump(track_.end(), seed_of_energy(model_->seeds, std::max(0.0, static_cast<double>(controls.energy)), rng_),
           controls);
    }
  }
}

void FramesStream::jump(std::int64_t tick, int seed, const DanceControls& controls) {
  const auto length = static_cast<std::int64_t>(std::ceil(kFade_s * model_->recipe.frames.fps));
  while (track_.end() < tick + length) step(controls, controls.temperature);
  begin_fade(tick, length);
  prime(seed >= 0 ? seed : seed_of_energy(model_->seeds, controls.energy, rng_));
  ++counters.jumps;
}

}  // namespace ombra::model
