// Pictures on their way to an encoder's thread: few enough, in order, and in memory that is only taken when they come.

#include "media/record/live_queue.hpp"

#include "core/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ombra::media {
namespace {

// -> so many pictures of a colour are taken before one is refused
int room(LiveQueue& queue, int width, int height) {
  const std::vector<std::uint8_t> rgba(static_cast<std::size_t>(width) * height * 4, 7);
  int taken = 0;
  while (taken < 1000 && queue.push(rgba, 1e-3 * taken, false)) ++taken;
  return taken;
}

TEST(LiveQueue, TakesNoMemoryBeforePicturesCome) {
  const double before_mb = resident_mb();
  LiveQueue queue(4096, 2048, 3);
  EXPECT_LT(resident_mb() - before_mb, 10.0);
  const std::vector<std::uint8_t> rgba(4096u * 2048 * 4, 7);
  const double with_one_mb = resident_mb();
  ASSERT_TRUE(queue.push(rgba, 0.0, true));
  EXPECT_NEAR(resident_mb() - with_one_mb, 33.6, 10.0);
}

TEST(LiveQueue, HoldsFewerPicturesWhereTheyAreLarge) {
  LiveQueue small(64, 32, 10), large(2048, 1024, 100), huge(4096, 4096, 10);
  EXPECT_EQ(room(small, 64, 32), 10);
  EXPECT_EQ(room(large, 2048, 1024), 16) << "128 MiB";
  EXPECT_EQ(room(huge, 4096, 4096), 3) << "fewer would be no queue";
}

TEST(LiveQueue, GivesWhatWasPushedAgainAndAgain) {
  constexpr int kWide = 6, kHigh = 4;
  LiveQueue queue(kWide, kHigh, 3);
  std::vector<std::uint8_t> rgba(kWide * kHigh * 4);
  for (int i = 0; i < 20; ++i) {
    std::ranges::fill(rgba, static_cast<std::uint8_t>(i));
    rgba.front() = 200;
    ASSERT_TRUE(queue.push(rgba, i, i % 2 == 1)) << i;
    const LiveQueue::Batch batch = queue.next(1.0, false);
    ASSERT_TRUE(batch.picture);
    EXPECT_EQ(batch.picture->time_s, i);
    ASSERT_GE(batch.picture->rgba.size(), rgba.size());
    EXPECT_EQ(batch.picture->rgba[i % 2 == 1 ? (kHigh - 1) * kWide * 4 : 0], 200) << "its first row";
    EXPECT_EQ(batch.picture->rgba[4], i);
    queue.give_back(*batch.picture);
  }
  EXPECT_EQ(queue.waiting(), 0);
}

}  // namespace
}  // namespace ombra::media
