// A dance by its joints: made-up poses whose sliding, contact and differences are known.

#include "evaluate/judges/joint_figures.hpp"
#include "core/rng.hpp"
#include "evaluate/judges/joint_track.hpp"
#include "evaluate/judges/outline.hpp"
#include "model/figure/pose_code.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ombra::train {
namespace {

using model::Pose3;
using torch::Tensor;

constexpr double kFps = 30.0;

Pose3 standing() {
  Pose3 pose{};
  for (auto& joint : pose) joint.y = 1.0f;
  for (const int side : {0, 1}) {
    const float x = side == 0 ? 0.1f : -0.1f;
    pose[static_cast<std::size_t>(side == 0 ? model::kLShoulder : model::kRShoulder)].x = 2.0f * x;
    pose[static_cast<std::size_t>(side == 0 ? model::kLHip : model::kRHip)].x = x;
    pose[static_cast<std::size_t>(side == 0 ? model::kLAnkle : model::kRAnkle)] = {x, 0.08f, 0.0f};
    pose[static_cast<std::size_t>(side == 0 ? model::kLBigToe : model::kRBigToe)] = {x, 0.02f, 0.15f};
  }
  return pose;
}

// Poses one after another, each a change of the standing one. [T, 60]
template <typename Change>
Tensor dance(std::int64_t frames, Change change) {
  Tensor poses = torch::empty({frames, model::kSpaceNumbers});
  for (std::int64_t t = 0; t < frames; ++t) {
    Pose3 pose = standing();
    change(pose, static_cast<double>(t) / kFps);
    std::memcpy(poses.data_ptr<float>() + t * model::kSpaceNumbers, &pose, sizeof pose);
  }
  return poses;
}

void shift(Pose3& pose, double x, double y, double z) {
  for (auto& joint : pose)
    joint.x += static_cast<float>(x), joint.y += static_cast<float>(y), joint.z += static_cast<float>(z);
}

TEST(FootSliding, IsTheSpeedOfAFootThatIsDown) {
  EXPECT_NEAR(foot_sliding_cm_s(dance(60, [](Pose3&, double) {}), kFps), 0.0, 1e-3);
  EXPECT_NEAR(foot_sliding_cm_s(dance(60, [](Pose3& p, double t) { shift(p, 0.2 * t, 0.0, 0.0); }), kFps), 20.0, 0.1);
  EXPECT_NEAR(foot_sliding_cm_s(dance(60, [](Pose3& p, double t) { shift(p, 0.0, 0.0, 0.2 * t); }), kFps), 20.0, 0.1);
  // one foot swings in the air: it is not down
  const Tensor kick = dance(60, [](Pose3& p, double t) {
    const double up = t < 0.2 ? 0.0 : 0.3;
    for (const int j : {model::kLAnkle, model::kLBigToe}) {
      p[static_cast<std::size_t>(j)].y += static_cast<float>(up);
      p[static_cast<std::size_t>(j)].x += static_cast<float>(up > 0.0 ? t : 0.0);
    }
  });
  EXPECT_LT(foot_sliding_cm_s(kick, kFps), 0.5);
}

TEST(FootContact, IsBadWhereTheBodyIsPushedByNoFoot) {
  const auto wave = [](double t) { return 0.2 * std::sin(6.0 * t); };
  const Tensor floats = dance(90, [&](Pose3& p, double t) { shift(p, wave(t), 0.0, 0.0); });
  const Tensor stands = dance(90, [&](Pose3& p, double t) {
    const Pose3 before = p;
    shift(p, wave(t), 0.0, 0.0);
    for (const int j : {model::kLAnkle, model::kLBigToe})
      p[static_cast<std::size_t>(j)] = before[static_cast<std::size_t>(j)];
  });
  EXPECT_GT(foot_contact_score(floats, kFps), 1.0);
  EXPECT_NEAR(foot_contact_score(stands, kFps), 0.0, 1e-3);
}

TEST(Diversity, CountsHowDancesDiffer) {
  Rng rng(1);
  const auto sway = [&](double size, double rate) {
    return kinetic_features(dance(120, [&](Pose3& p, double t) { shift(p, size * std::sin(rate * t), 0.0, 0.0); }),
                            kFps);
  };
  std::vector<Tensor> rows, alike;
  for (int i = 0; i < 12; ++i) {
    rows.push_back(sway(0.1 + 0.3 * rng.uniform(), 3.0 + 4.0 * rng.uniform()));
    alike.push_back(sway(0.2 + 0.01 * rng.uniform(), 5.0));
  }
  const Tensor real = torch::stack(rows);
  EXPECT_EQ(real.size(1), model::kSpaceNumbers);
  EXPECT_NEAR(diversity(torch::stack({rows[0], rows[0]}), real), 0.0, 1e-3);
  EXPECT_LT(diversity(torch::stack(alike), real), 0.3 * diversity(real, real));
  EXPECT_TRUE(std::isnan(diversity(real.narrow(0, 0, 1), real)));
}

TEST(JudgedTrack, DoesNotKnowWhereADancerStandsOrFaces) {
  const auto turned_dance = [](double turn, double x) {
    return dance(40, [=](Pose3& p, double t) {
      p[model::kLWrist].z += static_cast<float>(0.3 * std::sin(5.0 * t));
      for (auto& joint : p) joint = model::turned(joint, static_cast<float>(turn));
      shift(p, x, 0.0, 0.0);
    });
  };
  const Tensor here = judged_track(turned_dance(0.0, 0.0), kFps), there = judged_track(turned_dance(1.1, 0.7), kFps);
  EXPECT_EQ(here.size(1), kJudgedNumbers);
  EXPECT_LT((here - there).abs().max().item<double>(), 1e-3);
  EXPECT_GT(here.slice(1, kJudgedNumbers / 2).abs().max().item<double>(), 0.5) << "speeds are there";
}

TEST(OutlineChange, IsHowFarTheOutlineWent) {
  constexpr int kSize = 200;
  const auto disc = [](double x) {
    std::vector<float> field(kSize * kSize);
    for (int row = 0; row < kSize; ++row) {
      for (int column = 0; column < kSize; ++column)
        field[static_cast<std::size_t>(row * kSize + column)] =
            static_cast<float>((std::hypot(column - 100.0 - x, row - 100.0) - 60.0) / kSize);
    }
    return field;
  };
  EXPECT_EQ(outline_change_px(disc(0.0), disc(0.0), kSize), 0.0);
  EXPECT_NEAR(outline_change_px(disc(0.0), disc(0.5), kSize), 0.5 * 2.0 / 3.14159, 0.02);  // the mean of |cos|
}

}  // namespace
}  // namespace ombra::train
