#include "show/session/latency.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

// A show at 50 pictures a second that hears a click at 1.0 s: hops of 10 ms come in 4 ms late and are published after
// 1 ms more; the onset is found in the second hop.
struct Night {
  std::vector<HeardHop> hops;
  std::vector<PictureTimes> pictures;
  Night() {
    for (int i = 1; i <= 200; ++i) {
      const double time_s = 0.01 * i;
      hops.push_back({time_s, time_s + 0.004, time_s + 0.005, time_s > 1.015 ? 8u : 7u});
    }
    for (int i = 0; i < 100; ++i) {
      const double begun_s = 0.02 * i + 0.003;
      pictures.push_back({begun_s, begun_s + 0.006, begun_s + 0.008, begun_s > 1.025 ? 90.0 : 40.0});
    }
  }
};

TEST(Latency, IsTheSumOfItsParts) {
  const Night run;
  const auto l = answer(1.0005, run.hops, run.pictures);
  ASSERT_TRUE(l);
  EXPECT_NEAR(l->capture_s, 1.014 - 1.0005, 1e-9);
  EXPECT_NEAR(l->analysis_s, 1.025 - 1.014, 1e-9);
  EXPECT_NEAR(l->wait_s, 1.043 - 1.025, 1e-9);
  EXPECT_NEAR(l->draw_s, 0.006, 1e-9);
  EXPECT_NEAR(l->present_s, 0.002, 1e-9);
  EXPECT_NEAR(l->total_s, 1.051 - 1.0005, 1e-9);
  EXPECT_NEAR(l->capture_s + l->analysis_s + l->wait_s + l->draw_s + l->present_s, l->total_s, 1e-9);
}

TEST(Latency, APictureThatDoesNotChangeIsNoAnswer) {
  Night run;
  for (PictureTimes& picture : run.pictures) picture.brightness = 40.0;
  EXPECT_FALSE(answer(1.0, run.hops, run.pictures));
  EXPECT_FALSE(answer(0.0, run.hops, run.pictures)) << "nothing is known from before it";
  EXPECT_FALSE(answer(1.0, run.hops, {}));
}

TEST(Latency, SpreadsAreOrdered) {
  const Spread s = spread({5.0, 1.0, 3.0, 2.0, 4.0});
  EXPECT_EQ(s.least, 1.0);
  EXPECT_EQ(s.median, 3.0);
  EXPECT_EQ(s.p95, 5.0);
  EXPECT_EQ(s.most, 5.0);
  EXPECT_EQ(spread({2.0}).p95, 2.0);
}

}  // namespace
}  // namespace ombra::show
