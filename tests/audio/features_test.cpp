#include "audio/beat/features.hpp"

#include "audio/beat/spectrum.hpp"
#include "audio/signals.hpp"
#include "core/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ombra::audio {
namespace {

HopFeatures last_of(std::span<const float> sound, int rate_hz) {
  Features features(rate_hz);
  const auto hop = static_cast<std::size_t>(features.hop_samples());
  HopFeatures out;
  for (std::size_t i = 0; i + hop <= sound.size(); i += hop) out = features.analyse(sound.subspan(i, hop));
  return out;
}

TEST(Spectrum, SineOnABinGivesItsAmplitudeThere) {
  Spectrum spectrum(48000);
  const double hz = 40 * spectrum.bin_hz();
  const auto sound = test::sine(hz, 0.5, 0.1);
  std::span<const float> bins;
  for (int i = 0; i < 9; ++i)
    bins = spectrum.transform(std::span(sound).subspan(static_cast<std::size_t>(i) * 480, 480));
  EXPECT_NEAR(bins[40], 0.5f, 0.005f);
  EXPECT_LT(bins[60], 0.001f);
}

TEST(Spectrum, HopIsTenMillisecondsAtEveryRate) {
  for (const int rate : {8000, 11025, 16000, 22050, 44100, 48000, 88200, 96000, 192000}) {
    const Spectrum spectrum(rate);
    EXPECT_NEAR(spectrum.hop_s(), 0.010, 0.00005) << rate;
    EXPECT_NEAR(static_cast<double>(spectrum.window_samples()) / rate, 0.0223, 0.011) << rate;
  }
  EXPECT_THROW(Spectrum(1000), Error);
}

TEST(Features, SineFallsIntoItsBandAtEveryRate) {
  for (const int rate : {16000, 44100, 48000, 96000}) {
    const auto low = last_of(test::sine(80.0, 0.3, 1.0, rate), rate);
    EXPECT_GT(low.bass, 0.9f) << rate;
    EXPECT_LT(low.mid, 0.3f) << rate;
    EXPECT_LT(low.treble, 0.1f) << rate;
    const auto middle = last_of(test::sine(700.0, 0.3, 1.0, rate), rate);
    EXPECT_GT(middle.mid, 0.9f) << rate;
    EXPECT_LT(middle.bass, 0.1f) << rate;
    EXPECT_LT(middle.treble, 0.1f) << rate;
    const auto high = last_of(test::sine(5000.0, 0.3, 1.0, rate), rate);
    EXPECT_GT(high.treble, 0.9f) << rate;
    EXPECT_LT(high.bass, 0.05f) << rate;
    EXPECT_LT(high.mid, 0.1f) << rate;
  }
}

TEST(Features, MeasuresRmsAndPeak) {
  const auto out = last_of(test::sine(1000.0, 0.5, 1.0), 48000);
  EXPECT_NEAR(out.rms, 0.5 / std::sqrt(2.0), 0.002);
  EXPECT_NEAR(out.peak, 0.5f, 0.002f);
  EXPECT_NEAR(last_of(test::sine(60.0, 0.5, 1.0), 48000).bass_rms, 0.35, 0.03);
}

TEST(Features, FluxIsSmallInSteadySoundAndLargeAtAnAttack) {
  Features features(48000);
  auto sound = test::noise(0.05, 1.0);
  test::add_click(sound, 0.8, 0.8);
  double steady = 0.0, attack = 0.0;
  for (std::size_t hop = 0; hop < 100; ++hop) {
    const double flux = features.analyse(std::span(sound).subspan(hop * 480, 480)).flux;
    if (hop > 20 && hop < 79) steady = std::max(steady, flux);
    if (hop >= 79 && hop < 84) attack = std::max(attack, flux);
  }
  EXPECT_GT(attack, 3.0 * steady);
}

TEST(Gain, FollowsALouderSourceInSecondsAndAQuieterOneSlowly) {
  Gain gain;
  for (int i = 0; i < 200; ++i) gain.follow(0.01, 0.01);
  EXPECT_NEAR(gain.strength(0.01), 1.0f, 0.02f);
  for (int i = 0; i < 600; ++i) gain.follow(0.1, 0.01);
  EXPECT_NEAR(gain.reference(), 0.1, 0.003);
  for (int i = 0; i < 1000; ++i) gain.follow(0.03, 0.01);  // ten seconds, 10 dB quieter: 3 dB of it are made good
  EXPECT_NEAR(20.0 * std::log10(gain.reference() / 0.1), -3.0, 0.3);
}

TEST(Gain, ComesBackQuicklyWhenTheSourceItselfBecameMuchQuieter) {
  Gain gain;
  for (int i = 0; i < 600; ++i) gain.follow(0.5, 0.01);
  for (int i = 0; i < 1600; ++i) gain.follow(0.01, 0.01);  // 34 dB less for 16 s
  EXPECT_GT(gain.strength(0.01), 0.25f);
}

}  // namespace
}  // namespace ombra::audio
