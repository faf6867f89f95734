#include "audio/testbench/practice_music.hpp"

#include "audio/testbench/degrade.hpp"
#include "core/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

double power(std::span<const float> sound) {
  double sum = 0.0;
  for (const float x : sound) sum += static_cast<double>(x) * x;
  return sum / static_cast<double>(sound.size());
}

TEST(PracticeMusic, SameSeedSameSoundAnotherSeedAnother) {
  const auto a = practice_piece("house", 3, 20.0), b = practice_piece("house", 3, 20.0);
  EXPECT_EQ(a.sound, b.sound);
  EXPECT_EQ(a.beats_s, b.beats_s);
  EXPECT_NE(a.sound, practice_piece("house", 4, 20.0).sound);
  EXPECT_THROW(practice_piece("polka", 1), Error);
}

TEST(PracticeMusic, EveryStyleHasRisingBeatsAndBarsAndDoesNotClip) {
  for (const std::string_view style : practice_styles()) {
    const auto piece = practice_piece(style, 1, 20.0);
    ASSERT_GT(piece.beats_s.size(), 20u) << style;
    for (std::size_t i = 1; i < piece.beats_s.size(); ++i) {
      const double bpm = 60.0 / (piece.beats_s[i] - piece.beats_s[i - 1]);
      ASSERT_TRUE(!piece.changes_s.empty() || (bpm > 80.0 && bpm < 185.0)) << style << " " << bpm;
      ASSERT_GT(bpm, 0.0) << style;
    }
    const std::size_t per_bar = style == "waltz" ? 3 : 4;
    EXPECT_NEAR(static_cast<double>(piece.downbeats_s.size()),
                static_cast<double>(piece.beats_s.size()) / static_cast<double>(per_bar), 2.0)
        << style;
    for (const float x : piece.sound) ASSERT_LE(std::abs(x), 1.0f) << style;
    EXPECT_GT(power(piece.sound), 1e-4) << style;
  }
}

TEST(Degrade, TheCrowdIsAsLoudAsTheMusic) {
  const auto piece = practice_piece("techno", 1, 20.0);
  const auto loud = degraded(piece.sound, piece.rate_hz, Degradation::kCrowd);
  std::vector<float> crowd(loud.size());
  for (std::size_t i = 0; i < loud.size(); ++i) crowd[i] = loud[i] - piece.sound[i];
  EXPECT_NEAR(10.0 * std::log10(power(crowd) / power(piece.sound)), 0.0, 0.1);
}

TEST(Degrade, TheRoomFallsBySixtyDecibelInEightTenthsOfASecond) {
  std::vector<float> click(2 * 44100, 0.0f);
  click[0] = 1.0f;
  const auto room = degraded(click, 44100, Degradation::kRoom);
  const auto level = [&](double from_s) {
    return 10.0 * std::log10(power(std::span(room).subspan(static_cast<std::size_t>(from_s * 44100), 4410)));
  };
  EXPECT_NEAR(level(0.2) - level(0.6), 30.0, 6.0);  // 60 dB in 0.8 s, a little faster with damping
  double late = 0.0;
  for (std::size_t i = 200; i < room.size(); ++i) late += static_cast<double>(room[i]) * room[i];
  EXPECT_NEAR(10.0 * std::log10(late / (static_cast<double>(room[0]) * room[0])), 3.0, 0.5);
}

TEST(Degrade, TheTelephoneHearsNeitherBassNorHats) {
  const auto heard = [](double hz) {
    std::vector<float> sound(44100);
    for (std::size_t i = 0; i < sound.size(); ++i)
      sound[i] = static_cast<float>(0.2 * std::sin(6.283185307 * hz * static_cast<double>(i) / 44100.0));
    return power(degraded(sound, 44100, Degradation::kPhone));
  };
  const double middle = heard(1000.0);
  EXPECT_LT(heard(60.0), 0.02 * middle);
  EXPECT_LT(heard(12000.0), 0.02 * middle);
  EXPECT_GT(heard(500.0), 0.5 * middle);
}

}  // namespace
}  // namespace ombra::audio
