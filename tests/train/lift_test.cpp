// Joints of the picture plane get their depth back.

#include "train/lift.hpp"

#include "core/error.hpp"
#include "footage/motion/picture_pose.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

constexpr double kFps = 30.0;

// Arms reach forward, knees bend, and the dancer turns a little: in the picture lines that grow and shrink.
std::vector<Pose3> reaching(double seconds, double speed, double phase) {
  std::vector<Pose3> frames;
  for (int t = 0; t < static_cast<int>(seconds * kFps); ++t) {
    const double at = phase + speed * t / kFps, reach = 0.9 + 0.7 * std::sin(at), bend = 0.5 + 0.4 * std::cos(1.3 * at);
    const double heading = 0.5 * std::sin(0.4 * at);
    Pose3 p = test::standing();
    const auto hang = [&](std::size_t from, std::size_t joint, double length, double angle) {
      p[joint] = {p[from].x, p[from].y - static_cast<float>(length * std::cos(angle)),
                  p[from].z + static_cast<float>(length * std::sin(angle))};
    };
    for (const std::size_t arm : {kLShoulder, kRShoulder}) {
      hang(arm, arm + 1, 0.28, arm == kLShoulder ? reach : 1.8 - reach);
      hang(arm + 1, arm + 2, 0.24, 0.6 + (arm == kLShoulder ? reach : 1.8 - reach));
      hang(arm + 2, arm + 3, 0.09, 0.6 + (arm == kLShoulder ? reach : 1.8 - reach));
    }
    for (const std::size_t leg : {kLHip, kRHip}) {
      hang(leg, leg + 1, 0.42, bend);
      hang(leg + 1, leg + 2, 0.42, -0.8 * bend);
      hang(leg + 2, leg + 3, 0.13, 1.2);
    }
    for (Joint3& j : p) {
      const auto c = static_cast<float>(std::cos(heading)), s = static_cast<float>(std::sin(heading));
      j = {c * j.x + s * j.z, j.y, c * j.z - s * j.x};
    }
    frames.push_back(p);
  }
  return frames;
}

class LiftTest : public ombra::test::FolderTest {
 protected:
  static void add(DataTable& table, const std::string& name, const std::vector<Pose3>& frames, bool held_out,
                  bool depth = true) {
    DataClip clip;
    clip.name = name;
    clip.fps = kFps;
    clip.dims = depth ? 3 : 2;
    clip.held_out = held_out;
    clip.start = static_cast<std::int64_t>(table.pose.size());
    clip.length = static_cast<std::int64_t>(frames.size());
    table.clips.push_back(clip);
    for (const Pose2& pose : flat(frames)) table.pose.push_back(pose);
    Pose3 unknown;
    unknown.fill({NAN, NAN, NAN});
    for (const Pose3& pose : frames) table.pose3.push_back(depth ? pose : unknown);
  }
  DataSet stored(DataTable table, const std::string& name) const {
    table.fps = kFps;
    table.width = table.height = 16;
    table.beat.assign(table.pose.size(), 0.0f);
    table.beat_confidence = table.energy = table.beat;
    write_data_set(folder / name, table, [](std::int64_t, std::span<std::uint8_t> p) { std::ranges::fill(p, 0); });
    return DataSet(folder / name);
  }
  // three takes to learn from, one with another body's errors to judge by, and one without depth
  DataSet dances(const std::vector<Pose3>& held_out, const std::string& name = "dances.safetensors") const {
    DataTable table;
    for (const double speed : {2.0, 3.0, 4.5}) add(table, fmt::format("{}", speed), reaching(8.0, speed, speed), false);
    add(table, "apart", held_out, true);
    add(table, "flat", reaching(2.0, 3.0, 0.0), false, false);
    return stored(table, name);
  }
  static constexpr LiftOptions kBrief{.seed = 3, .steps = 150, .batch = 64};
};

TEST_F(LiftTest, BeatsTheMeanPoseOnDanceThatItHasNotSeen) {
  const DataSet data = dances(reaching(6.0, 3.7, 1.0));
  const Lift lift = Lift::train(data, kBrief);
  const std::vector<double> front{0.0}, around{-120.0, -45.0, 45.0, 120.0, 180.0};
  const LiftError ahead = lift_error(lift, data, front), round = lift_error(lift, data, around),
                  noisy = lift_error(lift, data, front, 2.0);
  EXPECT_EQ(ahead.frames, 180);
  EXPECT_EQ(round.frames, 5 * 180);
  EXPECT_LT(ahead.lifted_cm, 0.5 * ahead.mean_pose_cm);
  EXPECT_LT(round.lifted_cm, 0.6 * round.mean_pose_cm);
  EXPECT_LT(noisy.lifted_cm, noisy.mean_pose_cm);
  EXPECT_GT(noisy.lifted_cm, ahead.lifted_cm);
  EXPECT_EQ(noisy.mean_pose_cm, ahead.mean_pose_cm);
}

TEST_F(LiftTest, LearnsNothingFromWhatIsHeldOut) {
  std::vector<Pose3> broken = reaching(6.0, 3.7, 1.0);
  for (Pose3& pose : broken) {
    for (Joint3& joint : pose) joint = {3.0f * joint.y, joint.x, 5.0f};
  }
  const std::vector<Pose2> seen = flat(reaching(1.0, 2.5, 0.3));
  const auto brief = LiftOptions{.steps = 5, .batch = 16};
  const std::vector<Pose3> one = Lift::train(dances(reaching(6.0, 3.7, 1.0)), brief).lift(seen);
  const std::vector<Pose3> other = Lift::train(dances(broken, "broken.safetensors"), brief).lift(seen);
  ASSERT_EQ(one.size(), seen.size());
  for (std::size_t t = 0; t < seen.size(); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j) {
      EXPECT_EQ(one[t][j].x, seen[t][j].x);
      EXPECT_EQ(one[t][j].y, seen[t][j].y);
      EXPECT_EQ(one[t][j].z, other[t][j].z);
    }
    EXPECT_EQ(one[t][kHip].z, 0.0f);
  }
}

TEST_F(LiftTest, TakesShortAndUnknownPosesAsTheyCome) {
  const Lift lift = Lift::train(dances(reaching(3.0, 3.7, 1.0)), {.steps = 1, .batch = 4});
  EXPECT_TRUE(lift.lift({}).empty());
  std::vector<Pose2> poses = flat(reaching(0.04, 3.0, 0.0));
  ASSERT_EQ(poses.size(), 1u);
  EXPECT_TRUE(std::isfinite(lift.lift(poses)[0][kLHand].z));
  poses[0][kLHand].x = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(lift.lift(poses)[0][kLHand].z));
}

TEST_F(LiftTest, NeedsTakesWithDepth) {
  DataTable table;
  add(table, "flat", reaching(2.0, 3.0, 0.0), false, false);
  add(table, "apart", reaching(2.0, 3.0, 0.0), true);
  EXPECT_THROW(Lift::train(stored(table, "flat.safetensors"), kBrief), Error);
}

}  // namespace
}  // namespace ombra::train
