#include "audio/beat/sections.hpp"

#include "core/bar.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kForgetBeats = 200.0;                // half-life of the most of late
constexpr double kBassGone = 0.35, kFluxGone = 0.45;  // of the most: missing
constexpr double kBassBack = 0.6, kFluxBack = 0.7;
constexpr double kLeastBass = 0.25;  // of the loudness reference: music with less has no bass that could be missing
constexpr int kMissingBeats = 3;     // before a break is one
constexpr std::size_t kTrendBeats = 8;
constexpr double kRise = 0.8;  // of attacks over the trend, in parts of their mean: a full build-up
constexpr double kBuildBeats = 4.0;
constexpr double kCalmS = 0.4, kChangeS = 1.0;
constexpr int kFewBeats = 8;    // a break shorter than this is not foreseen to end
constexpr int kMostBeats = 96;  // and none is longer than this

}  // namespace

// -> by how much attacks and brightness have risen over the last beats, in parts of a full build-up, 0 .. 1
double Sections::rise(const BeatSums& beats) const {
  if (beats.count() < kTrendBeats) return 0.0;
  const auto slope = [&](auto&& value) {
    double mean = 0.0, sum = 0.0, square = 0.0;
    for (std::size_t i = 0; i < kTrendBeats; ++i) mean += value(beats.at(i)) / static_cast<double>(kTrendBeats);
    for (std::size_t i = 0; i < kTrendBeats; ++i) {
      const double x = 0.5 * (kTrendBeats - 1) - static_cast<double>(i);
      sum += x * (value(beats.at(i)) - mean), square += x * x;
    }
    return mean > 1e-6 ? sum / square * (kTrendBeats - 1) / mean : 0.0;
  };
  const double attacks = slope([](const BeatSum&b) { return b.flux + 0.1 * b.onsets; }),
               bright = slope([](const BeatSum&b) { return b.treble; }),
               loud = slope([](const BeatSum&b) { return b.level; });
  return std::clamp((attacks + 0.5 * bright + 0.5 * loud) / (2.0 * kRise), 0.0, 1.0);
}

void Sections::end_beat(const BeatSums& beats, const BeatGrid& grid) {
  const BeatSum& now = beats.at(0);
  const double keep = std::exp2(-1.0 / kForgetBeats);
  const std::size_t few = std::min<std::size_t>(4, beats.count());
  double bass = 0.0, flux = 0.0;
  for (std::size_t i = 0; i < few; ++i) {
    bass += beats.at(i).bass / static_cast<double>(few);
    flux += beats.at(i).flux / static_cast<double>(few);
  }
  if (calm_beats_ == 0) {  // a roll of the snare is not what the music is usually like
    full_bass_ = std::max(full_bass_ * keep, bass);
    full_flux_ = std::max(full_flux_ * keep, flux);
  }
  const bool has_bass = full_bass_ > kLeastBass;  // a telephone leaves none, and that is no break
  const bool bass_gone = has_bass && now.bass < kBassGone * full_bass_;
  const bool bass_back = !has_bass || now.bass > kBassBack * full_bass_;
  const bool gone = bass_gone || now.flux < kFluxGone * full_flux_;
  const bool back = bass_back && now.flux > kFluxBack * full_flux_;
  missing_ = gone ? missing_ + 1 : 0;
  if (calm_beats_ == 0 && missing_ >= kMissingBeats) {
    calm_beats_ = missing_;
    change();
  } else if (calm_beats_ > 0) {
    ++calm_beats_;
    if (calm_beats_ > kMostBeats) full_bass_ = bass, full_flux_ = flux;  // no break: other music
    if (back || calm_beats_ > kMostBeats) {
      calm_beats_ = missing_ = 0;
      change();
    }
  }
  const double target = calm_beats_ > 0 && (!has_bass || !bass_back) ? rise(beats) : 0.0;
  build_ += (target - build_) / (target > build_ ? kBuildBeats : 1.0);
  // The next beat begins a bar, and the break has gone on for so many bars with it.
  ahead_ = 0.0;
  if (calm_beats_ < kFewBeats - 1) return;
  const double next = static_cast<double>(beats.number() + 2);
  const int per_bar = std::max(1, grid.beats_per_bar);
  if (bar_known(grid) && grid.place_in_bar(next) > 0.5) return;
  const int bars = (calm_beats_ + 1) / per_bar;
  if (!bar_known(grid) && (calm_beats_ + 1) % per_bar != 0) return;
  ahead_ = (bars % 8 == 0 ? 0.5 : bars % 4 == 0 ? 0.35 : bars % 2 == 0 ? 0.12 : 0.05) + 0.5 * build_;
}

void Sections::push(const BeatSums& beats, bool ended, std::uint64_t drops, double hop_s, AudioFrame& frame) {
  if (drops != drops_) {  // the bass is back, whatever the beat says
    drops_ = drops;
    calm_beats_ = missing_ = 0;
    build_ = ahead_ = 0.0;
    change();
  }
  if (frame.silent && beats.count() == 0) calm_beats_ = missing_ = 0, build_ = ahead_ = 0.0;
  if (ended) end_beat(beats, frame.grid);
  const float calm = calm_beats_ > 0 ? 1.0f : 0.0f;
  calm_ += (calm - calm_) * static_cast<float>(std::min(1.0, hop_s / kCalmS));
  frame.form.calm = calm_;
  frame.form.build = static_cast<float>(build_);
  frame.form.ahead = static_cast<float>(std::min(1.0, ahead_));
  frame.form.change = change_;
  frame.form.change_count = changes_;
  change_ = std::max(0.0f, change_ - static_cast<float>(hop_s / kChangeS));
}

}  // namespace ombra::audio
