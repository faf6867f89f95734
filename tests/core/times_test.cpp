// Times as people write them.

#include "core/times.hpp"

#include "core/error.hpp"

#include <gtest/gtest.h>

namespace ombra {
namespace {

TEST(Times, AreSecondsOrClockTimesOrHaveAUnit) {
  EXPECT_EQ(parse_time("90"), 90.0);
  EXPECT_EQ(parse_time("0.5"), 0.5);
  EXPECT_EQ(parse_time("1:30"), 90.0);
  EXPECT_EQ(parse_time("90:00"), 5400.0);
  EXPECT_EQ(parse_time("01:02:30.5"), 3750.5);
  EXPECT_EQ(parse_time("90s"), 90.0);
  EXPECT_EQ(parse_time("20min"), 1200.0);
  EXPECT_EQ(parse_time("1.5h"), 5400.0);
}

TEST(Times, AnythingElseIsRefusedWithAHint) {
  for (const char* wrong : {"", "x", "1:99", "1:99:00", "-3", "1:-2", "1:2:3:4", "nan", "inf", "1e9", "1:", ":30",
                            "1:30s", "5 minutes", "3d", " 90", "1:2h"}) {
    EXPECT_THROW(parse_time(wrong), UsageError) << wrong;
  }
}

}  // namespace
}  // namespace ombra
