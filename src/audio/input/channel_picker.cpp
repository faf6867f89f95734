#include "audio/input/channel_picker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kSmoothS = 0.3;       // of the level
constexpr double kForgetDbPerS = 4.0;  // a pause of music counts as much softer: five seconds for 20 dB
constexpr double kSilence = 1e-6;      // mean square: -60 dBFS, more than an open input hums
constexpr double kLouder = 4.0;        // 6 dB
constexpr double kChallengeS = 1.5;    // for so long, before it takes over ...
constexpr double kFirstS = 0.3;        // ... from channels that are silent
constexpr double kMinStepS = 1e-6;

// -> "1, 2" for bits 0 and 1
std::string numbers(std::uint64_t bits) {
  std::string text;
  for (int c = 0; c < kMaxChannels; ++c) {
    if ((bits >> c & 1) != 0) text += fmt::format("{}{}", text.empty() ? "" : ", ", c + 1);
  }
  return text;
}

}  // namespace

std::string channel_words(const ChannelPair& pair) {
  return numbers(std::uint64_t{1} << pair.left | std::uint64_t{1} << pair.right);
}

std::string channel_words(const ChannelPair& pair, std::size_t channels, std::uint64_t sounding) {
  const std::string silent = numbers(~std::uint64_t{0} >> (kMaxChannels - channels) & ~sounding);
  return fmt::format("{} of {}{}{}", channel_words(pair), channels, silent.empty() ? "" : "; silent: ", silent);
}

ChannelPair ChannelPicker::pair_at(std::size_t first) const noexcept {
  const std::size_t second = std::min(first + 1, channels_ - 1);
  return {static_cast<int>(first), static_cast<int>(second)};
}

double ChannelPicker::level(const Levels& levels, const ChannelPair& pair) noexcept {
  return std::max(levels[static_cast<std::size_t>(pair.left)], levels[static_cast<std::size_t>(pair.right)]);
}

void ChannelPicker::fix(std::optional<ChannelPair> pair) noexcept {
  const auto there = [this](int channel) { return channel >= 0 && static_cast<std::size_t>(channel) < channels_; };
  fixed_ = pair && there(pair->left) && there(pair->right) ? pair : std::nullopt;
}

std::uint64_t ChannelPicker::sounding() const noexcept {
  std::uint64_t bits = 0;
  for (std::size_t c = 0; c < channels_; ++c) bits |= held_[c] > kSilence ? std::uint64_t{1} << c : 0;
  return bits;
}

ChannelPair ChannelPicker::pick(std::span<const float> interleaved) noexcept {
  const std::size_t frames = interleaved.size() / channels_;
  if (frames == 0) return pair_;
  const double step_s = std::max(kMinStepS, static_cast<double>(frames) / rate_hz_);
  const double gain = 1.0 - std::exp(-step_s / kSmoothS), forget = std::pow(10.0, -0.1 * kForgetDbPerS * step_s);
  for (std::size_t c = 0; c < channels_; ++c) {
    double sum = 0.0;
    for (std::size_t i = c; i < interleaved.size(); i += channels_) {
      const double x = interleaved[i];
      sum += x * x;
    }
    const double power = sum / static_cast<double>(frames);
    if (std::isfinite(power)) power_[c] += gain * (power - power_[c]);
    held_[c] = std::max(held_[c] * forget, power_[c]);
  }
  if (fixed_) return pair_ = *fixed_;
  // the pair in use counts as it was lately, the others as they are now: a knock is over before it could take over
  const double ours = level(held_, pair_);
  ChannelPair loudest = pair_;
  for (std::size_t first = 0; first < channels_; first += 2) {
    if (level(power_, pair_at(first)) > level(power_, loudest)) loudest = pair_at(first);
  }
  if (loudest == pair_ || level(power_, loudest) < std::max(kSilence, kLouder * ours)) {
    challenge_s_ = 0.0;
    return pair_;
  }
  challenge_s_ = loudest == challenger_ ? challenge_s_ + step_s : step_s;
  challenger_ = loudest;
  if (challenge_s_ >= (ours < kSilence ? kFirstS : kChallengeS)) {
    pair_ = loudest;
    challenge_s_ = 0.0;
  }
  return pair_;
}

}  // namespace ombra::audio
