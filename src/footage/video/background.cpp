#include "footage/video/background.hpp"

#include "core/error.hpp"
#include "footage/motion/filters.hpp"
#include "footage/video/key.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace ombra::train {
namespace {

constexpr std::size_t kSampleEvery = 7;  // pixels looked at for exposure and noise
constexpr int kDarkLevel = 24;           // below it shares say nothing
constexpr float kDarkestShadow = 0.65f;  // of the ground's brightness
constexpr float kShadowTint = 0.07f;     // how far a shadow's channels may differ in their share
constexpr float kShadowWeight = 1.0f / 3.0f;

// -> how much brighter the picture is than the ground, by the median over pixels: the dancer covers fewer than half
float exposure(std::span<const std::uint8_t> rgb, std::span<const std::uint8_t> ground) {
  std::array<int, 512> shares{};
  int count = 0;
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3 * kSampleEvery) {
    const int before = luma(&ground[i]), now = luma(&rgb[i]);
    if (before < kDarkLevel || before > 235) continue;
    ++shares[static_cast<std::size_t>(std::min(511, (256 * now + before / 2) / before))];
    ++count;
  }
  if (count < 64) return 1.0f;
  int seen = 0;
  for (std::size_t s = 0; s < shares.size(); ++s) {
    seen += shares[s];
    if (2 * seen >= count) return std::clamp(static_cast<float>(s) / 256.0f, 0.6f, 1.6f);
  }
  return 1.0f;
}

bool is_shadow(const std::uint8_t* p, const std::uint8_t* ground, float gain) {
  float low = 1.0f, high = 0.0f;
  for (int c = 0; c < 3; ++c) {
    if (ground[c] < kDarkLevel) return false;
    const float share = static_cast<float>(p[c]) / (gain * static_cast<float>(ground[c]));
    low = std::min(low, share);
    high = std::max(high, share);
  }
  return low >= kDarkestShadow && high < 1.0f && high - low <= kShadowTint;
}

}  // namespace

Background::Background(std::span<const media::VideoFrame> pictures)
    : width_(pictures[0].width), height_(pictures[0].height), rgb_(pictures[0].rgb.size()) {
  const std::size_t count = std::min(pictures.size(), kMax);
  std::vector<const media::VideoFrame*> chosen;
  for (std::size_t k = 0; k < count; ++k) chosen.push_back(&pictures[k * pictures.size() / count]);
  std::array<std::uint8_t, kMax> values{};
  for (std::size_t i = 0; i < rgb_.size(); ++i) {
    for (std::size_t k = 0; k < count; ++k) values[k] = chosen[k]->rgb[i];
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(count));
    rgb_[i] = *middle;
  }
  std::vector<float> levels(rgb_.size() / 3);
  std::vector<double> medians;
  for (std::size_t k = 0; k < count; k += 4) {
    difference(chosen[k]->rgb, levels);
    std::vector<double> seen;
    for (std::size_t i = 0; i < levels.size(); i += kSampleEvery) seen.push_back(levels[i]);
    medians.push_back(quantile(std::move(seen), 0.5));
  }
  noise_ = quantile(std::move(medians), 0.5);
}

double Background::threshold() const { return std::clamp(8.0 + 6.0 * noise_ / 0.6745, 14.0, 48.0); }

void Background::difference(std::span<const std::uint8_t> rgb, std::span<float> levels) const {
  OMBRA_ASSERT(rgb.size() == rgb_.size() && levels.size() * 3 == rgb.size());
  const float gain = exposure(rgb, rgb_);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::uint8_t *p = &rgb[3 * i], *ground = &rgb_[3 * i];
    float most = 0.0f;
    for (int c = 0; c < 3; ++c)
      most =
          std::max(most, std::abs(static_cast<float>(p[c]) - std::min(255.0f, gain * static_cast<float>(ground[c]))));
    levels[i] = most > 8.0f && is_shadow(p, ground, gain) ? kShadowWeight * most : most;
  }
}

}  // namespace ombra::train
