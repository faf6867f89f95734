#include "audio/input/sound_tap.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace ombra::audio {
namespace {

TEST(SoundTap, GivesPiecesInOrderWithTheirTimes) {
  SoundTap tap;
  const float a[] = {1.0f, 2.0f}, b[] = {3.0f, 4.0f, 5.0f, 6.0f};
  HeardSound sound;
  tap.push(a, 48000, 0.5);
  EXPECT_FALSE(tap.pop(sound)) << "it is off";
  tap.turn(true);
  tap.push(a, 48000, 1.0);
  tap.push(b, 44100, 2.0);
  ASSERT_TRUE(tap.pop(sound));
  EXPECT_EQ(sound.stereo, std::vector<float>({1.0f, 2.0f}));
  EXPECT_EQ(sound.rate_hz, 48000);
  EXPECT_EQ(sound.end_s, 1.0);
  ASSERT_TRUE(tap.pop(sound));
  EXPECT_EQ(sound.stereo, std::vector<float>({3.0f, 4.0f, 5.0f, 6.0f}));
  EXPECT_EQ(sound.rate_hz, 44100);
  EXPECT_FALSE(tap.pop(sound));
}

TEST(SoundTap, BeginsEmptyWhenItIsTurnedOnAgain) {
  SoundTap tap;
  const float a[] = {1.0f, 2.0f};
  HeardSound sound;
  tap.turn(true);
  tap.push(a, 48000, 1.0);
  tap.turn(false);
  tap.turn(true);
  EXPECT_FALSE(tap.pop(sound));
}

TEST(SoundTap, WhatNobodyTakesIsLostInWholePieces) {
  SoundTap tap;
  tap.turn(true);
  const std::vector<float> piece(2000, 0.5f);
  for (int i = 0; i < 1000; ++i) tap.push(piece, 48000, i);
  EXPECT_GT(tap.lost(), 0u);
  HeardSound sound;
  std::uint64_t pieces = 0;
  for (; tap.pop(sound); ++pieces) ASSERT_EQ(sound.stereo.size(), 2000u);
  EXPECT_EQ(pieces + tap.lost(), 1000u);
}

// For the thread sanitizer, and the order of samples and pieces.
TEST(SoundTap, TwoThreadsAgree) {
  SoundTap tap;
  tap.turn(true);
  constexpr int kPieces = 20000;
  std::atomic<bool> done{false};
  std::jthread writer([&tap, &done] {
    for (int i = 0; i < kPieces; ++i) {
      const std::vector<float> piece(static_cast<std::size_t>(2 + 2 * (i % 7)), static_cast<float>(i));
      tap.push(piece, 48000, i);
    }
    done = true;
  });
  HeardSound sound;
  std::uint64_t pieces = 0;
  for (bool last = false; !last;) {
    last = done;
    for (; tap.pop(sound); ++pieces) {
      ASSERT_EQ(sound.stereo.size(), static_cast<std::size_t>(2 + 2 * (static_cast<int>(sound.end_s) % 7)));
      for (const float x : sound.stereo) ASSERT_EQ(x, static_cast<float>(sound.end_s));
    }
  }
  EXPECT_EQ(pieces + tap.lost(), static_cast<std::uint64_t>(kPieces));
}

}  // namespace
}  // namespace ombra::audio
