#include "model/dancers/dance_stream.hpp"

#include "core/arithmetic.hpp"

namespace ombra::model {

void DanceStream::begin_fade(std::int64_t tick, std::int64_t length) {
  fade_.clear();
  fade_begin_ = tick;
  fade_length_ = length;
  for (std::int64_t i = 0; i < length; ++i) {
    const auto latent = track_.at(tick + i);
    fade_.insert(fade_.end(), latent.begin(), latent.end());
  }
  track_.truncate(tick);
}

void DanceStream::append_faded(std::span<const float> latent) {
  const std::int64_t at = track_.end() - fade_begin_;
  if (at < 0 || at >= fade_length_) return track_.append(latent);
  const double t = (static_cast<double>(at) + 1.0) / (static_cast<double>(fade_length_) + 1.0);
  const auto in = static_cast<float>(smoothstep(t));
  std::vector<float> mixed(latent.begin(), latent.end());
  for (std::size_t i = 0; i < mixed.size(); ++i) {
    mixed[i] = in * mixed[i] + (1.0f - in) * fade_[static_cast<std::size_t>(at) * mixed.size() + i];
  }
  track_.append(mixed);
}

}  // namespace ombra::model
