#include "media/record/pacer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ombra::media {
namespace {

// -> the times of those pictures, of a show of show_fps, that are taken in seconds
std::vector<double> taken(Pacer& pacer, double show_fps, double seconds, double jitter_s = 0.0) {
  std::vector<double> times;
  for (int i = 0; i < seconds * show_fps; ++i) {
    const double time_s = 100.0 + i / show_fps + jitter_s * std::sin(1.7 * i);
    if (pacer.due(time_s)) times.push_back(time_s);
  }
  return times;
}

TEST(Pacer, TakesEverySecondPictureForHalfTheRate) {
  Pacer pacer(30.0);
  const auto times = taken(pacer, 60.0, 10.0, 0.003);
  EXPECT_EQ(times.size(), 300u);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_NEAR(times[i] - times[i - 1], 1.0 / 30.0, 0.007);
  EXPECT_EQ(pacer.left_out(), 0u);
}

TEST(Pacer, HoldsItsRateWhateverTheShowRunsAt) {
  for (const double show_fps : {31.0, 45.0, 59.94, 75.0, 144.0}) {
    Pacer pacer(30.0);
    EXPECT_NEAR(static_cast<double>(taken(pacer, show_fps, 20.0).size()), 600.0, 3.0) << show_fps;
  }
}

TEST(Pacer, TakesEveryPictureOfASlowShow) {
  Pacer pacer(30.0);
  EXPECT_EQ(taken(pacer, 22.0, 10.0).size(), 220u);
  EXPECT_EQ(pacer.left_out(), 0u) << "the show was slow, not the encoder";
}

TEST(Pacer, ThinsOutEvenlyAndRecovers) {
  Pacer pacer(30.0);
  std::vector<double> times;
  double time_s = 0.0;
  const auto run = [&](double seconds, double fullness) {
    times.clear();
    for (const double end_s = time_s + seconds; time_s < end_s; time_s += 1.0 / 60.0) {
      pacer.load(time_s, fullness);
      if (pacer.due(time_s)) times.push_back(time_s);
    }
  };
  run(1.0, 0.0);
  EXPECT_EQ(times.size(), 30u);
  run(0.2, 0.9);
  EXPECT_EQ(pacer.stride(), 2);
  run(2.0, 0.35);  // that much it can take: neither more nor less is tried
  EXPECT_EQ(pacer.stride(), 2);
  EXPECT_NEAR(static_cast<double>(times.size()), 30.0, 1.0);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_NEAR(times[i] - times[i - 1], 2.0 / 30.0, 0.002) << "evenly";
  const auto before = pacer.left_out();
  EXPECT_GT(before, 25u) << "counted";
  run(3.0, 0.0);
  EXPECT_EQ(pacer.stride(), 1);
  run(2.0, 0.0);
  EXPECT_EQ(times.size(), 60u);
}

TEST(Pacer, NeverStopsAltogether) {
  Pacer pacer(30.0);
  int many = 0;
  for (double time_s = 0.0; time_s < 20.0; time_s += 1.0 / 60.0) {
    pacer.load(time_s, 1.0);
    many += pacer.due(time_s).has_value();
  }
  EXPECT_EQ(pacer.stride(), Pacer::kMaxStride);
  EXPECT_GT(many, 75);
}

}  // namespace
}  // namespace ombra::media
