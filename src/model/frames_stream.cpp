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
  const FrameDancerSpec& spec = model_->recipe.dancer;
  torch::Tensor phrase;  // [1, L, Z]
  if (seed < 0 && spec.seeding == "vector") {
    phrase = model_->dancer->random_phrase(spec.context, rng_);
  } else {
    phrase = model_->seeds.latents[seed >= 0 ? seed : rng_.below(static_cast<int>(model_->seeds.size()))].unsqueeze(0);
    if (spec.seeding == "pose" && !model_->dancer->windowed()) phrase = phrase.narrow(1, phrase.size(1) - 1, 1);
  }
  memory_ = model_->dancer->remember(phrase.to(model_->painter->device()));
}

void FramesStream::start(std::int64_t tick, int seed) {
  prime(seed);
  track_.clear(tick);
}

void FramesStream::step(const DanceControls& controls, double temperature) {
  const torch::InferenceMode guard;
  const double begun = now_s();
  torch::Tensor next = model_->dancer->step(memory_, temperature, rng_).cpu().contiguous();
  if (!torch::isfinite(next).all().item<bool>()) {
    const auto held = track_.empty() ? std::span<const float>() : track_.at(track_.end() - 1);
    next = torch::zeros_like(next);
    std::copy(held.begin(), held.end(), next.data_ptr<float>());
    ++counters.freezes;
    prime(seed_of_energy(model_->seeds, controls.energy, rng_));
  }
  append_faded({next.data_ptr<float>(), static_cast<std::size_t>(next.numel())});
  ++counters.moves;
  counters.step_ms = (now_s() - begun) * 1e3;
}

void FramesStream::advance(std::int64_t tick, const DanceControls& controls) {
  const std::int64_t second = std::max<std::int64_t>(1, std::lround(model_->recipe.frames.fps));
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
