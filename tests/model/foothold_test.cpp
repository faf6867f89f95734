// A foot that stands stays where it is; one that steps goes where it goes.

#include "model/dancers/foothold.hpp"

#include "model/standing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ombra::model {
namespace {

constexpr double kTicksABeat = 12.0;

PoseCode whole_code() {
  PoseCode code;
  code.mean.assign(60, 0.0f);
  code.basis.assign(60 * 60, 0.0f);
  for (std::size_t i = 0; i < 60; ++i) code.basis[i * 60 + i] = 1.0f;
  code.reach = 0.7f;
  return code;
}

std::vector<float> at(const PoseCode& how, float x, float z, float lifted = 0.0f) {
  Pose3 pose = test::standing();
  for (Joint3& joint : pose) joint.x += x, joint.y += lifted, joint.z += z;
  std::vector<float> code(how.size());
  encode(how, pose, code);
  return code;
}

float ankle_of(const PoseCode& how, const std::vector<float>& code) { return decode(how, code)[kLAnkle].x; }

// how far the left ankle comes in so many ticks of so many metres
float travelled(float step, int ticks, float lifted = 0.0f) {
  const PoseCode how = whole_code();
  Foothold foothold(how, kTicksABeat);
  float first = 0.0f, last = 0.0f;
  for (int t = 0; t <= ticks; ++t) {
    std::vector<float> code = at(how, step * static_cast<float>(t), 0.0f, lifted);
    foothold.hold(code);
    (t == 0 ? first : last) = ankle_of(how, code);
  }
  return last - first;
}

TEST(Foothold, AStandingFootSlidesLessThanHalfAsFar) {
  EXPECT_LT(travelled(0.01f, 12), 0.5f * 0.12f);
  EXPECT_GT(travelled(0.01f, 12), 0.2f * 0.12f);
  EXPECT_NEAR(travelled(-0.01f, 12), -travelled(0.01f, 12), 1e-5f);
}

TEST(Foothold, AFootInTheAirAndAQuickOneAreLeftAlone) {
  EXPECT_NEAR(travelled(0.01f, 12, 0.1f), 0.12f, 1e-5f);
  EXPECT_NEAR(travelled(0.15f, 4), 0.6f, 0.01f);
}

TEST(Foothold, WhatWasTakenIsGivenBackAndIsNeverMuch) {
  const PoseCode how = whole_code();
  Foothold foothold(how, kTicksABeat);
  float most = 0.0f;
  for (int t = 0; t <= 200; ++t) {
    std::vector<float> code = at(how, 0.02f * static_cast<float>(t), 0.0f);
    const float wanted = ankle_of(how, code);
    foothold.hold(code);
    most = std::max(most, std::abs(ankle_of(how, code) - wanted));
  }
  EXPECT_LE(most, 0.301f);
  std::vector<float> code;
  for (int t = 0; t < 12 * 12; ++t) {  // twelve beats in the air
    code = at(how, 4.0f, 0.0f, 0.3f);
    foothold.hold(code);
  }
  EXPECT_NEAR(ankle_of(how, code), 4.0f + test::standing()[kLAnkle].x, 0.02f);
}

TEST(Foothold, BothWaysAcrossTheFloorAndNeverUpwards) {
  const PoseCode how = whole_code();
  Foothold foothold(how, kTicksABeat);
  Pose3 last;
  for (int t = 0; t <= 10; ++t) {
    std::vector<float> code = at(how, 0.0f, 0.01f * static_cast<float>(t));
    foothold.hold(code);
    last = decode(how, code);
  }
  EXPECT_LT(last[kHip].z, 0.05f);
  EXPECT_NEAR(last[kHip].x, 0.0f, 1e-5f);
  EXPECT_NEAR(last[kHip].y, test::standing()[kHip].y, 1e-5f);
}

TEST(Foothold, AfterABrokenCodeItStandsAgain) {
  const PoseCode how = whole_code();
  Foothold foothold(how, kTicksABeat);
  std::vector<float> broken(how.size(), std::numeric_limits<float>::quiet_NaN());
  foothold.hold(broken);
  std::vector<float> code = at(how, 0.0f, 0.0f);
  foothold.hold(code);
  code = at(how, 0.01f, 0.0f);
  foothold.hold(code);
  EXPECT_LT(std::abs(ankle_of(how, code) - test::standing()[kLAnkle].x), 0.01f);
}

}  // namespace
}  // namespace ombra::model
