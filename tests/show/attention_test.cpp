#include "show/dance/attention.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

// Requests come every gap_s for two seconds; the longest wait among them is as long as `late` gaps.
double wait_after(double gap_s, double late = 1.0) {
  Attention attention;
  double now_s = 100.0;
  for (int i = 0; i * gap_s < 2.0; ++i) attention.asked(now_s += gap_s * (i % 10 == 5 ? late : 1.0));
  return attention.wait_s();
}

TEST(Attention, WaitsLongerThanAnyPictureTakes) {
  for (const double hz : {60.0, 30.0, 25.0, 20.0, 10.0, 8.0}) {
    EXPECT_GE(wait_after(1.0 / hz), 2.5 / hz) << hz;
    EXPECT_GE(wait_after(1.0 / hz), 0.1) << hz;
  }
  EXPECT_GE(wait_after(1.0 / 30.0, 3.0), 0.17) << "unevenly, as on a busy machine";
}

TEST(Attention, GivesUpBeforeTheDanceWouldLeap) {
  EXPECT_LE(wait_after(0.3), 0.4);
  EXPECT_LE(Attention().wait_s(), 0.4);
}

TEST(Attention, APauseIsNoMeasureOfWhatFollows) {
  Attention attention;
  for (const double now_s : {1.0, 1.016, 1.033, 9.0, 9.016, 9.033}) attention.asked(now_s);
  EXPECT_DOUBLE_EQ(attention.wait_s(), 0.1);
}

}  // namespace
}  // namespace ombra::show
