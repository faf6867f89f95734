#include "audio/input/channel_picker.hpp"

#include "core/rng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

constexpr int kRateHz = 48000;

class Input {
 public:
  explicit Input(std::size_t channels) : picker(channels, kRateHz), channels_(channels) {}

  // Noise of this amplitude in each channel (those that are not named are silent). -> the pair at the end
  ChannelPair hear(double seconds, const std::vector<float>& levels) {
    std::vector<float> block(480 * channels_);
    ChannelPair pair;
    for (int n = static_cast<int>(std::lround(100.0 * seconds)); n > 0; --n) {
      for (std::size_t i = 0; i < block.size(); ++i) {
        const std::size_t c = i % channels_;
        block[i] = c < levels.size() ? levels[c] * static_cast<float>(rng_.uniform(-1.0, 1.0)) : 0.0f;
      }
      pair = picker.pick(block);
    }
    return pair;
  }

  ChannelPicker picker;

 private:
  std::size_t channels_;
  Rng rng_{7};
};

TEST(ChannelPicker, FindsTheMusicWhereverItIs) {
  EXPECT_EQ(Input(8).hear(1.0, {0.0f, 0.0f, 0.0f, 0.0f, 0.1f, 0.1f}), (ChannelPair{4, 5})) << "rear of a surround card";
  EXPECT_EQ(Input(4).hear(1.0, {0.0f, 0.0f, 0.1f, 0.1f}), (ChannelPair{2, 3})) << "inputs 3 and 4 of an interface";
  EXPECT_EQ(Input(2).hear(1.0, {0.0f, 0.1f}), (ChannelPair{0, 1})) << "right alone";
  EXPECT_EQ(Input(3).hear(1.0, {0.0f, 0.0f, 0.1f}), (ChannelPair{2, 2})) << "the last one has no partner";
  EXPECT_EQ(Input(1).hear(1.0, {0.1f}), (ChannelPair{0, 0}));
  EXPECT_EQ(Input(kMaxChannels).hear(1.0, std::vector<float>(kMaxChannels, 0.1f)), (ChannelPair{0, 1}));
}

TEST(ChannelPicker, SaysWhichChannelsSound) {
  Input input(4);
  input.hear(1.0, {0.0f, 0.1f, 0.0f, 0.1f});
  EXPECT_EQ(input.picker.sounding(), 0b1010u);
}

TEST(ChannelPicker, WordsCountFromOne) {
  EXPECT_EQ(channel_words({2, 3}), "3, 4");
  EXPECT_EQ(channel_words({2, 2}), "3");
  EXPECT_EQ(channel_words({2, 3}, 4, 0b1100), "3, 4 of 4; silent: 1, 2");
  EXPECT_EQ(channel_words({0, 1}, 2, 0b11), "1, 2 of 2");
  EXPECT_EQ(channel_words({63, 63}, kMaxChannels, ~std::uint64_t{0}), "64 of 64");
}

TEST(ChannelPicker, StaysWithSilence) {
  Input input(4);
  EXPECT_EQ(input.hear(5.0, {}), (ChannelPair{0, 1}));
  EXPECT_EQ(input.hear(5.0, {0.0f, 0.0f, 0.0002f, 0.0002f}), (ChannelPair{0, 1})) << "the hiss of an open input";
  EXPECT_EQ(input.picker.sounding(), 0u);
}

TEST(ChannelPicker, DoesNotFlap) {
  Input input(4);
  ASSERT_EQ(input.hear(3.0, {0.2f, 0.2f}), (ChannelPair{0, 1}));
  EXPECT_EQ(input.hear(5.0, {0.2f, 0.2f, 0.3f, 0.3f}), (ChannelPair{0, 1})) << "3.5 dB are not worth a change";
  EXPECT_EQ(input.hear(0.4, {0.2f, 0.2f, 0.9f, 0.9f}), (ChannelPair{0, 1})) << "neither is a short sound";
  EXPECT_EQ(input.hear(3.0, {0.2f, 0.2f}), (ChannelPair{0, 1}));
  EXPECT_EQ(input.hear(3.0, {0.0f, 0.0f, 0.002f, 0.002f}), (ChannelPair{0, 1})) << "a pause of the music";
  EXPECT_EQ(input.hear(4.0, {0.2f, 0.2f, 0.9f, 0.9f}), (ChannelPair{2, 3})) << "much louder for a while";
  EXPECT_EQ(input.hear(4.0, {0.2f, 0.2f, 0.3f, 0.3f}), (ChannelPair{2, 3})) << "and it keeps its place in turn";
}

TEST(ChannelPicker, TakesTheChannelsThatWereAskedFor) {
  Input input(4);
  input.picker.fix(ChannelPair{3, 3});
  EXPECT_EQ(input.hear(2.0, {0.5f, 0.5f}), (ChannelPair{3, 3}));
  input.picker.fix(ChannelPair{4, 5});
  EXPECT_EQ(input.hear(2.0, {0.5f, 0.5f}), (ChannelPair{0, 1})) << "there are no channels 5 and 6";
  input.picker.fix(ChannelPair{2, 3});
  input.picker.fix(std::nullopt);
  EXPECT_EQ(input.hear(2.0, {0.5f, 0.5f}), (ChannelPair{0, 1}));
}

TEST(ChannelPicker, GarbageFromADriverIsNotLoud) {
  Input input(4);
  input.hear(1.0, {0.0f, 0.0f, 0.0f, NAN});
  EXPECT_EQ(input.hear(1.0, {0.1f, 0.1f, 0.0f, INFINITY}), (ChannelPair{0, 1}));
}

}  // namespace
}  // namespace ombra::audio
