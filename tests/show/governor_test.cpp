#include "show/live/governor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace ombra::show {
namespace {

constexpr double kRefreshS = 1.0 / 60.0;

// A show on a machine where drawing a whole picture takes draw_s, of which `fixed` does not shrink with the picture,
// and the rest of a frame's work other_s beside it. Shown in step with the display, or, as off-screen, at the pace.
struct Machine {
  Governor governor;
  double draw_s = 0.005, fixed = 0.1, other_s = 0.002;
  double noise = 0.0;  // spread of all times, as a share
  bool vsync = true;
  bool on = true;
  double most = 1.0, least = Governor::kMinScale;
  std::mt19937 chance{7};
  double now_s = 0.0;
  std::vector<double> steps_s;  // of the last run
  int changes = 0, ups = 0;

  void run(double seconds) {
    std::normal_distribution<double> bell;
    changes = ups = 0;
    steps_s.clear();
    for (const double end_s = now_s + seconds; now_s < end_s;) {
      const double s = governor.scale();
      const double draw = draw_s * (fixed + (1.0 - fixed) * s * s) * std::max(0.3, 1.0 + noise * bell(chance));
      const double other = other_s * std::max(0.3, 1.0 + noise * bell(chance));
      const double work = std::max(draw, other), due = governor.refreshes() * kRefreshS;
      const double step = vsync ? kRefreshS * std::max<double>(governor.refreshes(), std::ceil(work / kRefreshS - 1e-9))
                                : std::max(work, due);
      governor.set(on, most, least);
      if (governor.frame({step, other, draw}, kRefreshS)) {
        ++changes;
        ups += governor.scale() > s ? 1 : 0;
      }
      now_s += step;
      steps_s.push_back(step);
    }
  }
  double median_s() {
    std::sort(steps_s.begin(), steps_s.end());
    return steps_s[steps_s.size() / 2];
  }
};

TEST(Governor, LeavesAFastMachineAlone) {
  Machine m;
  m.draw_s = 0.012;
  m.noise = 0.05;
  m.run(60.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
  EXPECT_EQ(m.governor.refreshes(), 1);
  EXPECT_FALSE(m.governor.holding());
}

TEST(Governor, DrawsFewerPixelsWhereDrawingIsTooSlow) {
  for (const bool vsync : {true, false}) {
    Machine m;
    m.draw_s = 0.025;
    m.vsync = vsync;
    m.run(10.0);
    EXPECT_LT(m.governor.scale(), 0.9) << vsync;
    EXPECT_GT(m.governor.scale(), 0.5) << "no lower than the rhythm needs";
    EXPECT_TRUE(m.governor.holding());
    m.run(5.0);
    EXPECT_NEAR(m.median_s(), kRefreshS, 1e-6);
  }
}

TEST(Governor, TakesAPictureForTwoRefreshesWhereEvenTheLeastIsTooMuch) {
  Machine m;
  m.draw_s = 0.120;
  m.run(30.0);
  EXPECT_EQ(m.governor.refreshes(), 2);
  EXPECT_LE(m.governor.scale(), 0.5);
  m.run(5.0);
  EXPECT_NEAR(m.median_s(), 2.0 * kRefreshS, 1e-6);
  EXPECT_NEAR(*std::max_element(m.steps_s.begin(), m.steps_s.end()), 2.0 * kRefreshS, 1e-6) << "evenly";
}

TEST(Governor, LeavesTheResolutionAloneWhereDrawingIsNotTheCause) {
  Machine m;
  m.draw_s = 0.004;
  m.other_s = 0.025;  // say, another program
  m.run(20.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
  EXPECT_EQ(m.governor.refreshes(), 2) << "but the rhythm is made even";
  m.other_s = 0.002;
  m.run(20.0);
  EXPECT_EQ(m.governor.refreshes(), 1) << "and given back";
}

TEST(Governor, GivesTheResolutionBackWhenThereIsRoomAgain) {
  Machine m;
  m.draw_s = 0.040;  // sixteen dancers
  m.run(10.0);
  const double low = m.governor.scale();
  EXPECT_LT(low, 0.7);
  m.draw_s = 0.006;
  m.run(1.0);
  EXPECT_EQ(m.governor.scale(), low) << "not at once";
  m.run(60.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
}

TEST(Governor, DoesNotPump) {
  // noise of every size at costs on both sides of every threshold, for ten minutes each
  for (const bool vsync : {true, false}) {
    for (const double noise : {0.05, 0.15, 0.3}) {
      for (double draw_s = 0.008; draw_s < 0.2; draw_s *= 1.13) {
        Machine m;
        m.draw_s = draw_s, m.noise = noise, m.vsync = vsync, m.fixed = 0.3;
        m.run(60.0);  // to settle
        m.run(600.0);
        EXPECT_LE(m.changes, 24) << draw_s << " s, noise " << noise << ", vsync " << vsync;
        EXPECT_LE(m.ups, 12) << draw_s << " s, noise " << noise << ", vsync " << vsync;
      }
    }
  }
}

TEST(Governor, OneHiccupChangesNothing) {
  Machine m;
  m.draw_s = 0.010;
  m.run(5.0);
  for (int i = 0; i < 20; ++i) {
    m.governor.frame({0.150, 0.150, 0.010}, kRefreshS);
    m.run(3.0);
  }
  EXPECT_EQ(m.governor.scale(), 1.0);
  EXPECT_EQ(m.governor.refreshes(), 1);
}

// Windows of a second each, in which all frames are alike.
void frames(Governor& governor, int seconds, const FrameTimes& times) {
  for (double s = 0.0; s < seconds; s += times.step_s) governor.frame(times, kRefreshS);
}

TEST(Governor, AnotherRhythmTakesMoreThanOneBadSecond) {
  Governor governor;
  frames(governor, 3, {kRefreshS, 0.002, 0.004});
  for (int i = 0; i < 5; ++i) {
    frames(governor, 1, {2.0 * kRefreshS, 0.030, 0.004});  // half of all frames late, and drawing is not the cause
    frames(governor, 2, {kRefreshS, 0.002, 0.004});
    EXPECT_EQ(governor.refreshes(), 1) << i;
  }
  frames(governor, 4, {2.0 * kRefreshS, 0.030, 0.004});
  EXPECT_EQ(governor.refreshes(), 2);
}

TEST(Governor, GoesUpOnlyWhereThereWillBeRoom) {
  Machine m;
  m.draw_s = 0.030, m.fixed = 0.0;
  m.run(8.0);
  const double low = m.governor.scale();
  ASSERT_LT(low, 0.75);
  // on time, but with the next step drawing would take more than two thirds of a refresh
  m.draw_s = 0.75 * kRefreshS;
  m.run(120.0);
  EXPECT_LT(m.governor.scale(), 1.0);
  EXPECT_LE(m.governor.scale() * m.governor.scale() * m.draw_s, 0.65 * kRefreshS);
  m.draw_s = 0.5 * kRefreshS;
  m.run(30.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
}

TEST(Governor, KeepsToItsCeiling) {
  Machine m;
  m.most = 0.8;
  m.run(1.0);
  EXPECT_EQ(m.governor.scale(), 0.8);
  EXPECT_FALSE(m.governor.holding()) << "that is what was asked for";
  m.run(60.0);
  EXPECT_EQ(m.governor.scale(), 0.8);
  m.draw_s = 0.040;
  m.run(10.0);
  EXPECT_LT(m.governor.scale(), 0.8);
  m.draw_s = 0.005;
  m.run(60.0);
  EXPECT_EQ(m.governor.scale(), 0.8);
  m.most = 1.0;
  m.run(0.1);
  EXPECT_EQ(m.governor.scale(), 1.0) << "was not held";
}

TEST(Governor, GivesUpRefreshesOfAFastDisplayBeforePixels) {
  Governor governor;
  const double refresh_s = 1.0 / 144.0;
  double now_s = 0.0;
  for (; now_s < 10.0; now_s += 2.0 * refresh_s) governor.frame({2.0 * refresh_s, 0.002, 0.010}, refresh_s);
  EXPECT_EQ(governor.scale(), 1.0);
  EXPECT_EQ(governor.refreshes(), 2);
}

TEST(Governor, AHiddenWindowIsNotTheShowsFault) {
  for (const double refresh_s : {1.0 / 60.0, 1.0 / 144.0}) {
    Governor governor;
    for (int i = 0; i < 120; ++i) governor.frame({1.0, 0.004, 0.006}, refresh_s);  // the desktop shows one a second
    EXPECT_EQ(governor.scale(), 1.0) << refresh_s;
    EXPECT_EQ(governor.refreshes(), 1) << refresh_s;
  }
}

TEST(Governor, OnAnotherDisplayThePictureKeepsItsRate) {
  Governor governor;
  const double fast_s = 1.0 / 144.0;
  for (double s = 0.0; s < 10.0; s += 2.0 * fast_s) governor.frame({2.0 * fast_s, 0.002, 0.010}, fast_s);
  ASSERT_EQ(governor.refreshes(), 2);
  EXPECT_TRUE(governor.frame({kRefreshS, 0.002, 0.010}, kRefreshS));
  EXPECT_EQ(governor.refreshes(), 1);
  EXPECT_FALSE(governor.frame({fast_s, 0.002, 0.010}, 1.0 / 240.0)) << "nothing is held";
  EXPECT_EQ(governor.refreshes(), 1);
}

TEST(Governor, SaysWhatItDoes) {
  Machine m;
  m.run(5.0);
  EXPECT_EQ(m.governor.message(), "");
  m.draw_s = 0.025;
  m.run(5.0);
  EXPECT_EQ(m.governor.message(), "Picture at 70 % to keep the frame rate");
  m.draw_s = 0.120;
  m.run(20.0);
  EXPECT_EQ(m.governor.message(), "Picture at 40 % every 2 refreshes to keep the frame rate");
}

TEST(Governor, LeavesASmallPictureItsLines) {
  Machine m;
  m.least = 0.65;
  m.draw_s = 0.045;
  m.run(30.0);
  EXPECT_EQ(m.governor.scale(), 0.65);
  EXPECT_EQ(m.governor.refreshes(), 2);
  m.draw_s = 0.005;
  m.run(60.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
  EXPECT_EQ(m.governor.refreshes(), 1);
}

TEST(Governor, SwitchedOffItDrawsWhatIsAskedFor) {
  Machine m;
  m.draw_s = 0.2;
  m.run(20.0);
  EXPECT_TRUE(m.governor.holding());
  m.on = false;
  m.run(10.0);
  EXPECT_EQ(m.governor.scale(), 1.0);
  EXPECT_EQ(m.governor.refreshes(), 1);
  EXPECT_FALSE(m.governor.holding());
  m.on = true;
  m.run(10.0);
  EXPECT_TRUE(m.governor.holding());
}

}  // namespace
}  // namespace ombra::show
