#include "stage/uniforms.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

float clean(float value) { return std::isfinite(value) ? std::clamp(value, 0.0f, 1.0f) : 0.0f; }

float linear(float s) {
  s = clean(s);
  return s <= 0.04045f ? s / 12.92f : std::pow((s + 0.055f) / 1.055f, 2.4f);
}

// One step of an envelope follower: time constants in s for rising and falling, exact for any step.
void follow(float& value, float goal, double step_s, double attack_s, double release_s) {
  const double tau = goal > value ? attack_s : release_s;
  value += (clean(goal) - value) * static_cast<float>(1.0 - std::exp(-step_s / tau));
}

}  // namespace

glm::vec4 linear(const Colour& colour) { return {linear(colour.r), linear(colour.g), linear(colour.b), 1.0f}; }

void MusicMemory::hear(const Scene& scene) {
  const AudioFrame& audio = scene.audio;
  const double step_s = std::isfinite(scene.step_s) ? std::clamp(scene.step_s, 0.0, 0.25) : 0.0;
  time_s_ = scene.time_s;
  follow(level_, audio.level, step_s, 0.05, 0.3);
  follow(bass_, audio.bass, step_s, 0.03, 0.22);
  follow(mid_, audio.mid, step_s, 0.03, 0.22);
  follow(treble_, audio.treble, step_s, 0.02, 0.15);
  follow(flux_, audio.flux, step_s, 0.02, 0.15);
  onset_ = clean(audio.onset);
  drop_ = clean(audio.drop);
  if (started_ && audio.onset_count != onsets_seen_) {
    std::rotate(onset_s_.begin(), onset_s_.end() - 1, onset_s_.end());
    std::rotate(onset_strength_.begin(), onset_strength_.end() - 1, onset_strength_.end());
    onset_s_[0] = time_s_;
    onset_strength_[0] = std::max(onset_, 0.3f);
  }
  started_ = true;
  onsets_seen_ = audio.onset_count;
}

void MusicMemory::write(FrameUniforms& u) const {
  u.level = level_;
  u.bass = bass_;
  u.mid = mid_;
  u.treble = treble_;
  u.flux = flux_;
  u.onset = onset_;
  u.drop = drop_;
  for (int i = 0; i < 4; ++i) {
    u.ripple_age[i] = static_cast<float>(std::clamp(time_s_ - onset_s_[i], 0.0, 100.0));
    u.ripple_strength[i] = onset_strength_[i];
  }
}

}  // namespace ombra::stage
