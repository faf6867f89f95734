// The arithmetic of a mapping: no OpenGL.
#include "stage/mapping/mapping.hpp"

#include "stage/mapping/mapping_masks.hpp"
#include "stage/mapping/mapping_mesh.hpp"
#include "stage/mapping/mapping_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::stage {
namespace {

using Kind = MappingPoint::Kind;

constexpr Quad kLeaning = {{{0.1, 0.05}, {0.9, 0.2}, {0.8, 0.95}, {0.05, 0.85}}};

void expect_near(glm::dvec2 a, glm::dvec2 b, double within = 1e-9) {
  EXPECT_NEAR(a.x, b.x, within);
  EXPECT_NEAR(a.y, b.y, within);
}

TEST(Homography, TakesTheCornersToTheQuadAndLinesToLines) {
  const Homography h = homography(kLeaning);
  for (std::size_t i = 0; i < 4; ++i) expect_near(apply(h, kWholeQuad[i]), kLeaning[i]);
  // the middle is where the diagonals cross
  const glm::dvec2 a = kLeaning[0], b = kLeaning[2] - a, c = kLeaning[1], d = kLeaning[3] - c;
  const double t = ((c.x - a.x) * d.y - (c.y - a.y) * d.x) / (b.x * d.y - b.y * d.x);
  expect_near(apply(h, {0.5, 0.5}), a + t * b);
}

TEST(Homography, OfTheWholeOutputChangesNothing) { EXPECT_EQ(homography(kWholeQuad), Homography(1.0)); }

// A square wall seen from one side: known by hand. x' = 2x / (1 + x) for a wall twice as far at its right edge.
TEST(Homography, KnowsAWallSeenFromTheSide) {
  const Homography h = homography({{{0.0, 0.0}, {1.0, 0.25}, {1.0, 0.75}, {0.0, 1.0}}});
  expect_near(apply(h, {0.5, 0.5}), {2.0 / 3.0, 0.5});
  expect_near(apply(h, {0.5, 0.0}), {2.0 / 3.0, 1.0 / 6.0});
}

TEST(MappingValues, AreMadeSane) {
  const double none = std::numeric_limits<double>::quiet_NaN(), endless = std::numeric_limits<double>::infinity();
  Mapping m;
  m.quarter_turns = -3;
  m.source = {none, 5.0, -1.0, endless};
  m.scale = {0.0, none};
  m.offset = {-endless, 99.0};
  m.corners[2] = {none, 0.0};
  m.mesh = {200, -4, std::vector<glm::dvec2>(3, {none, 9.0})};
  m.masks = std::vector<Mask>(99, Mask{std::vector<glm::dvec2>(900, {none, 77.0}), endless});
  m.masks[3].points.resize(2);
  m.colours = {none, -3.0, 0.0, {endless, -1.0, 1.0}};
  m.blends[1] = {5.0, none};
  m.light_gamma = none;
  const Mapping s = sane(m);
  EXPECT_EQ(s.quarter_turns, 1);
  EXPECT_EQ(s.corners, kWholeQuad);
  EXPECT_EQ(s.mesh, (Mesh{kMaxMeshPoints, kMinMeshPoints, {}}));
  EXPECT_EQ(s.masks.size(), kMaxMasks - 1) << "sixteen, and one of these has no inside";
  for (const Mask& mask : s.masks) EXPECT_EQ(mask.points.size(), kMaxMaskPoints);
  EXPECT_GE(s.source.width, kMinSource);
  EXPECT_LE(s.source.y + s.source.height, 1.0);
  EXPECT_EQ(s.blends[1].width, kMaxBlend);
  EXPECT_EQ(sane(s), s) << "what is sane stays";
  for (double value : {s.scale.x, s.scale.y, s.offset.x, s.colours.brightness, s.colours.gamma, s.colours.gains.x,
                       s.masks[0].points[0].x, s.masks[0].feather, s.light_gamma, s.blends[1].curve})
    EXPECT_TRUE(std::isfinite(value));
}

TEST(MappingValues, FoldedMirroredAndFlatQuadsAreNone) {
  EXPECT_TRUE(is_sane(kLeaning));
  EXPECT_FALSE(is_sane({{{0, 0}, {1, 0}, {0, 1}, {1, 1}}})) << "a bow tie";
  EXPECT_FALSE(is_sane({{{1, 0}, {0, 0}, {0, 1}, {1, 1}}})) << "mirrored";
  EXPECT_FALSE(is_sane({{{0, 0}, {1, 0}, {0.4, 0.4}, {0, 1}}})) << "dented";
  EXPECT_FALSE(is_sane({{{0, 0}, {1, 0}, {1, 1e-5}, {0, 1e-5}}})) << "flat";
}

TEST(MappingValues, PlainMeansThatNothingIsAsked) {
  EXPECT_TRUE(is_plain({}));
  Mapping m;
  m.quarter_turns = 1;
  EXPECT_FALSE(is_plain(m));
  m = {};
  m.colours.gamma = 1.1;
  EXPECT_FALSE(is_plain(m));
  m = {};
  m.masks = {{{{0, 0}, {1, 0}, {1, 1}}}};
  EXPECT_FALSE(is_plain(m));
  m.masks[0].on = false;
  EXPECT_TRUE(is_plain(m));
  m.blends[kUpperSide].width = 0.1;
  EXPECT_FALSE(is_plain(m));
}

TEST(PicturePlaces, TurnsFlipsAndCrops) {
  Mapping m;
  m.keep_shape = false;
  m.quarter_turns = 1;
  expect_near(picture_place(m, 1.0, 1.0)({0.0, 0.0}), {0.0, 1.0});  // turned right, the lower left is above
  expect_near(picture_place(m, 1.0, 1.0)({1.0, 0.0}), {0.0, 0.0});
  m.flip_x = true;
  expect_near(picture_place(m, 1.0, 1.0)({0.0, 0.0}), {0.0, 0.0});
  m = {};
  m.source = {0.25, 0.5, 0.5, 0.25};
  m.keep_shape = false;
  expect_near(picture_place(m, 1.0, 1.0)({1.0, 1.0}), {0.75, 0.75});
  m.source = {};
  m.scale = {2.0, 2.0};
  expect_near(picture_place(m, 1.0, 1.0)({0.0, 0.5}), {0.25, 0.5});
  m.offset = {0.5, 0.0};  // half of the surface to the right
  expect_near(picture_place(m, 1.0, 1.0)({1.0, 0.5}), {0.5, 0.5});
}

TEST(PicturePlaces, AnotherShapeHasBlackBeside) {
  Mapping m;
  const auto place = [&](glm::dvec2 at) { return picture_place(m, 4.0 / 3.0, 16.0 / 9.0)(at); };
  expect_near(place({0.125, 0.0}), {0.0, 0.0});  // 4:3 in 16:9 has an eighth at each side
  expect_near(place({0.875, 1.0}), {1.0, 1.0});
  m.keep_shape = false;
  expect_near(place({0.125, 0.0}), {0.125, 0.0});
  m.keep_shape = true;
  m.source.width = 0.5;  // half of a wide picture fills a screen of that shape
  expect_near(picture_place(m, 32.0 / 9.0, 16.0 / 9.0)({1.0, 1.0}), {0.5, 1.0});
}

TEST(MeshOfMapping, PassesThroughItsPointsAndIsSmooth) {
  Mapping m;
  m.corners = kLeaning;
  m.mesh = {5, 4, std::vector<glm::dvec2>(20)};
  for (std::size_t i = 0; i < 20; ++i)
    m.mesh.bend[i] = {0.03 * std::sin(1.7 * static_cast<double>(i)), 0.02 * std::cos(2.3 * static_cast<double>(i))};
  const Surface surface(m);
  const Homography pin = homography(kLeaning);
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 5; ++column) {
      const glm::dvec2 place{column / 4.0, row / 3.0};
      expect_near(surface.at(place), apply(pin, place) + m.mesh.at(column, row));
    }
  }
  // no kink at a point: the slope is the same on both sides
  const double e = 1e-5;
  for (const glm::dvec2 place : {glm::dvec2(0.25, 0.4), glm::dvec2(0.5, 0.7), glm::dvec2(0.75, 1.0 / 3.0)}) {
    const glm::dvec2 before = surface.bend(place) - surface.bend(place - glm::dvec2(e, 0.0));
    const glm::dvec2 after = surface.bend(place + glm::dvec2(e, 0.0)) - surface.bend(place);
    expect_near(before / e, after / e, 1e-3);
  }
}

TEST(MeshOfMapping, MovedAsAWholeStaysStraight) {
  Mapping m;
  m.mesh = {4, 3, std::vector<glm::dvec2>(12, {0.05, -0.02})};
  for (const glm::dvec2 place : {glm::dvec2(0.1, 0.9), glm::dvec2(0.6, 0.5)})
    expect_near(Surface(m).at(place), place + glm::dvec2(0.05, -0.02));
}

TEST(MeshOfMapping, IsTwoTrianglesWhereItIsStraight) {
  Mapping m;
  m.corners = kLeaning;
  m.mesh = {9, 9, {}};
  MeshTriangles triangles = mesh_triangles(m);
  ASSERT_EQ(triangles.indices.size(), 6u);
  const MeshVertex& v = triangles.vertices[3];
  const glm::vec2 seen = glm::vec2(v.position) / v.position.w;
  EXPECT_NEAR(0.5 * (seen.x + 1.0), kLeaning[2].x, 1e-6);
  EXPECT_NEAR(0.5 * (1.0 - seen.y), kLeaning[2].y, 1e-6);
  m.mesh.bend.assign(81, {0.0, 0.0});
  m.mesh.bend[40] = {0.01, 0.0};
  triangles = mesh_triangles(m, {0.001, 0.001});
  EXPECT_GT(triangles.indices.size(), 6u * 64u * 64u - 1u);
  EXPECT_LT(triangles.vertices.size(), 6000u);
  for (const MeshVertex& vertex : triangles.vertices) EXPECT_GT(vertex.position.w, 0.0f);
}

TEST(MappingPoints, AreMovedToWhereTheyAreHeld) {
  Mapping m;
  m.corners = kLeaning;
  m.mesh = {3, 3, std::vector<glm::dvec2>(9)};
  m.mesh.bend[4] = {0.01, 0.0};
  m.masks = {{{{0.1, 0.1}, {0.3, 0.1}, {0.2, 0.3}}}};
  const std::vector<MappingPoint> points = mapping_points(m);
  ASSERT_EQ(points.size(), 4u + 9u + 3u);
  for (const MappingPoint& point : points) {
    Mapping moved = m;
    const glm::dvec2 to = *place_of(m, point) + glm::dvec2(0.011, -0.007);
    ASSERT_TRUE(move_point(moved, point, to));
    expect_near(*place_of(moved, point), to);
  }
  EXPECT_FALSE(move_point(m, {Kind::kCorner, 0, 0}, {0.95, 0.9})) << "that folds it";
  EXPECT_EQ(m.corners, kLeaning);
  EXPECT_FALSE(move_point(m, {Kind::kMask, 3, 0}, {0.0, 0.0}));
  EXPECT_FALSE(move_point(m, {Kind::kMesh, -1, 0}, {0.0, 0.0}));
}

TEST(Blends, OfTwoNeighboursSumToOneInLight) {
  for (const double curve : {1.0, 1.7, 2.0, 4.0}) {
    const Blend blend{0.2, curve};
    for (double x = 0.0; x <= 0.2; x += 0.01)
      EXPECT_NEAR(blend_weight(blend, x) + blend_weight(blend, 0.2 - x), 1.0, 1e-12);
    EXPECT_EQ(blend_weight(blend, -0.1), 0.0);
    EXPECT_EQ(blend_weight(blend, 0.3), 1.0);
  }
}

int seen(const MaskPicture& picture, int x, int y) {  // y from above
  return picture.values[static_cast<std::size_t>((picture.height - 1 - y) * picture.width + x)];
}

TEST(Masks, HideWhatIsInsideOrOutside) {
  Mask mask{{{0.25, 0.25}, {0.75, 0.25}, {0.75, 0.75}, {0.25, 0.75}}};
  MaskPicture picture = mask_picture(std::vector<Mask>{mask}, 400, 200);
  ASSERT_EQ(picture.width, 400);
  EXPECT_EQ(seen(picture, 200, 100), 0);
  EXPECT_EQ(seen(picture, 101, 100), 0);
  EXPECT_EQ(seen(picture, 98, 100), 255);
  EXPECT_EQ(seen(picture, 200, 48), 255);
  EXPECT_EQ(seen(picture, 200, 51), 0);
  mask.inverted = true;
  picture = mask_picture(std::vector<Mask>{mask}, 400, 200);
  EXPECT_EQ(seen(picture, 200, 100), 255);
  EXPECT_EQ(seen(picture, 10, 100), 0);
  mask.points = {{-0.5, 0.25}, {0.5, 0.25}, {0.5, 0.75}, {-0.5, 0.75}};  // beyond the left edge
  picture = mask_picture(std::vector<Mask>{mask}, 400, 200);
  EXPECT_EQ(seen(picture, 5, 100), 255);
  EXPECT_EQ(seen(picture, 390, 100), 0);
  EXPECT_EQ(seen(picture, 5, 20), 0);
  for (glm::dvec2& point : mask.points) point.x += 0.75;  // beyond the right one
  mask.inverted = false;
  picture = mask_picture(std::vector<Mask>{mask}, 400, 200);
  EXPECT_EQ(seen(picture, 395, 100), 0);
  EXPECT_EQ(seen(picture, 60, 100), 255);
  mask.points = {{-0.9, -0.9}, {1.9, -0.9}, {1.9, 1.9}, {-0.9, 1.9}};  // all of it
  picture = mask_picture(std::vector<Mask>{mask}, 400, 200);
  EXPECT_EQ(*std::ranges::max_element(picture.values), 0);
  mask.on = false;
  EXPECT_EQ(mask_picture(std::vector<Mask>{mask}, 400, 200).width, 0);
}

TEST(Masks, AreSmoothAtTheirEdgeAndSofterWithAFeather) {
  Mask mask{{{0.2503, -1.0}, {2.0, -1.0}, {2.0, 2.0}, {0.2503, 2.0}}};  // its left edge at 100.12 pixels
  MaskPicture picture = mask_picture(std::vector<Mask>{mask}, 400, 400);
  EXPECT_NEAR(seen(picture, 100, 200), 0.12 * 255, 1.0);
  mask.feather = 0.1;  // 40 pixels
  picture = mask_picture(std::vector<Mask>{mask}, 400, 400);
  const auto at = [&](double pixels) { return seen(picture, static_cast<int>(100 + pixels), 200); };
  EXPECT_EQ(at(-21), 255);
  EXPECT_EQ(at(21), 0);
  EXPECT_NEAR(at(-1) + at(1), 255, 12);
  EXPECT_NEAR(at(-10), 255 * (0.75 * 0.75 * 1.5), 6.0);
  for (int x = -19; x < 20; ++x) EXPECT_LE(at(x), at(x - 1));
}

TEST(Masks, WorkIsBoundedWhateverIsAsked) {
  std::vector<Mask> masks(kMaxMasks, Mask{{}, kMaxFeather});
  for (Mask& mask : masks) {
    for (std::size_t i = 0; i < kMaxMaskPoints; ++i) mask.points.push_back({i % 2 ? 2.0 : -1.0, i % 3 ? 2.0 : -1.0});
  }
  const MaskPicture picture = mask_picture(masks, 3840, 2160);
  EXPECT_LT(picture.width, 3840);
  EXPECT_GE(picture.width, 256);
}

// What a frame has time for is enough for a coarse picture, whatever is asked, and each step of the fine one is as
// short.
TEST(Masks, AreMadeInStepsThatAFrameHasTimeFor) {
  std::vector<Mask> one{{{{0.25, 0.25}, {0.75, 0.25}, {0.75, 0.75}, {0.25, 0.75}}, 0.05}};
  std::vector<Mask> many(kMaxMasks, Mask{{}, kMaxFeather});
  for (Mask& mask : many) {
    for (std::size_t i = 0; i < kMaxMaskPoints; ++i) mask.points.push_back({i % 2 ? 2.0 : -1.0, i % 3 ? 2.0 : -1.0});
  }
  for (const std::vector<Mask>& masks : {one, many}) {
    MaskBaker baker;
    baker.begin(masks, 3840, 2160, kMaskMoveWork);
    EXPECT_LT(baker.step(1e12), 2.0 * kMaskMoveWork);
    EXPECT_FALSE(baker.busy());
    baker.begin(masks, 1920, 1080);
    const double row = static_cast<double>(masks.size()) * 1920.0 * (kMaxMaskPoints + 1.0);
    int steps = 0;
    for (; baker.busy(); ++steps) EXPECT_LE(baker.step(kMaskStepWork), kMaskStepWork + row);
    EXPECT_GT(steps, 3);
    EXPECT_LT(steps, 150);
    EXPECT_EQ(baker.picture().values, mask_picture(masks, 1920, 1080).values);
    EXPECT_EQ(baker.step(kMaskStepWork), 0.0);
  }
}

}  // namespace
}  // namespace ombra::stage
