#include "footage/motion/body.hpp"

#include "core/frames.hpp"
#include "footage/motion/picture_pose.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

std::vector<float> draw(const Pose2& pose, int size) {
  std::vector<float> field(static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
  model::draw_strokes(body_strokes(pose), size, field);
  return field;
}

Pose2 flat(const Pose3& pose) {
  Pose2 out;
  for (std::size_t j = 0; j < kJoints; ++j) out[j] = {pose[j].x, pose[j].y};
  return out;
}

// Pieces of ink that touch at an edge.
int pieces(const std::vector<float>& field, int size) {
  std::vector<char> seen(field.size(), 0);
  int count = 0;
  for (int start = 0; start < size * size; ++start) {
    if (field[static_cast<std::size_t>(start)] >= 0.0f || seen[static_cast<std::size_t>(start)]) continue;
    ++count;
    std::vector<int> open = {start};
    seen[static_cast<std::size_t>(start)] = 1;
    while (!open.empty()) {
      const int at = open.back(), x = at % size, y = at / size;
      open.pop_back();
      for (const auto& [dx, dy] : {std::pair{1, 0}, std::pair{-1, 0}, std::pair{0, 1}, std::pair{0, -1}}) {
        const int nx = x + dx, ny = y + dy, n = ny * size + nx;
        if (nx < 0 || ny < 0 || nx >= size || ny >= size || seen[static_cast<std::size_t>(n)]) continue;
        if (field[static_cast<std::size_t>(n)] >= 0.0f) continue;
        seen[static_cast<std::size_t>(n)] = 1;
        open.push_back(n);
      }
    }
  }
  return count;
}

TEST(Body, HasHumanProportions) {
  const int size = 240;  // a centimetre a pixel
  const std::vector<float> field = draw(flat(test::standing()), size);
  int top = size, bottom = 0, ink = 0, widest = 0;
  for (int y = 0; y < size; ++y) {
    int row = 0;
    for (int x = 0; x < size; ++x) row += field[static_cast<std::size_t>(y * size + x)] < 0.0f;
    ink += row;
    widest = std::max(widest, row);
    if (row > 0) {
      top = std::min(top, y);
      bottom = y;
    }
  }
  EXPECT_NEAR(bottom - top, 176, 8) << "height in cm, with the bun";
  EXPECT_NEAR(size - bottom, 100.0 * kFloorMetres, 4) << "the feet stand on the floor";
  EXPECT_NEAR(widest, 50, 12) << "shoulders or hips with arms, cm";
  EXPECT_NEAR(ink, 5000, 900) << "a silhouette of a grown-up has about half a square metre";
}

TEST(Body, IsTheSameInAMirror) {
  Rng rng(4);
  const int size = 64;
  for (int i = 0; i < 20; ++i) {
    const std::vector<Pose2> pose = {test::random_pose(rng)};
    const std::vector<float> a = draw(pose[0], size), b = draw(mirrored(pose)[0], size);
    for (int k = 0; k < size * size; ++k) {
      ASSERT_NEAR(a[static_cast<std::size_t>(k)], b[static_cast<std::size_t>(k / size * size + size - 1 - k % size)],
                  1e-5f);
    }
  }
}

TEST(Body, IsInOnePieceWhateverThePose) {
  Rng rng(1);
  for (int i = 0; i < 400; ++i) {
    EXPECT_EQ(pieces(draw(test::random_pose(rng), 192), 192), 1) << "pose " << i;
  }
  for (const Pose3& pose : test::dance(2.0, 15.0, 100.0)) EXPECT_EQ(pieces(draw(flat(pose), 96), 96), 1);
}

TEST(Body, MovesSmoothlyWithTheJoints) {
  Rng rng(8);
  const float step = 1e-3f;  // a millimetre
  for (int i = 0; i < 20; ++i) {
    const Pose2 pose = test::random_pose(rng);
    const std::vector<float> before = draw(pose, 48);
    for (std::size_t j = 0; j < kJoints; ++j) {
      Pose2 moved = pose;
      moved[j].x += step;
      const std::vector<float> after = draw(moved, 48);
      for (std::size_t k = 0; k < before.size(); ++k) {
        ASSERT_LT(std::abs(after[k] - before[k]) * kPictureMetres, 4.0 * step)
            << "joint " << joint_name(static_cast<int>(j));
      }
    }
  }
}

TEST(Body, SeenFromTheSideItKeepsItsDepth) {
  Pose3 pose = test::standing();
  Pose2 side;
  for (std::size_t j = 0; j < kJoints; ++j) side[j] = {pose[j].z, pose[j].y};  // shoulders and hips in one line
  const int size = 240;
  const std::vector<float> field = draw(side, size);
  const int chest_row = size - 1 - static_cast<int>((1.22 + kFloorMetres) * 100.0);
  int width = 0;
  for (int x = 0; x < size; ++x) width += field[static_cast<std::size_t>(chest_row * size + x)] < 0.0f;
  EXPECT_NEAR(width, 22, 5) << "depth of the chest, cm";
}

// Real dance, where it lies beside the repository or where OMBRA_SHARED says.
TEST(Body, RealDancersStayInOnePiece) {
  const char* given = std::getenv("OMBRA_SHARED");
  const fs::path folder = fs::path(given ? given : OMBRA_SOURCE "/../shared") / "data/motion";
  if (!fs::is_directory(folder)) GTEST_SKIP() << "no real motion capture here: set OMBRA_SHARED to its folder";
  int frames = 0, disconnected = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".trc") continue;
    const std::vector<Pose2> poses = to_picture(read_motion(entry.path()), 30.0, 0.0);
    for (std::size_t t = 0; t < poses.size(); t += 15) {
      ++frames;
      disconnected += pieces(draw(poses[t], 192), 192) != 1;
    }
  }
  EXPECT_GT(frames, 1000);
  EXPECT_EQ(disconnected, 0) << "of " << frames << " frames";
}

}  // namespace
}  // namespace ombra::train
