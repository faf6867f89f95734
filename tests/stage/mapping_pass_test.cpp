// Pictures drawn through a mapping.
#include "stage/mapping/mapping_pass.hpp"

#include "gfx/gl_context.hpp"
#include "stage/mapping/mapping_marks.hpp"
#include "stage/mapping/mapping_masks.hpp"
#include "stage/mapping/mapping_mesh.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <vector>

namespace ombra::stage {
namespace {

struct Rgb {
  int r, g, b;
  bool operator==(const Rgb&) const = default;
};

class MappingPassTest : public gfx::GlTest {
 protected:
  // colour: of the pixel x, y, counted from the upper left
  static gfx::Texture picture(int width, int height, const std::function<Rgb(int x, int y)>& colour) {
    std::vector<std::uint8_t> pixels;
    for (int y = height - 1; y >= 0; --y) {
      for (int x = 0; x < width; ++x) {
        const Rgb c = colour(x, y);
        for (const int value : {c.r, c.g, c.b, 255}) pixels.push_back(static_cast<std::uint8_t>(value));
      }
    }
    gfx::Texture texture(GL_RGBA8, width, height);
    texture.fill_rgba8(pixels);
    return texture;
  }
  static Rgb noise(int x, int y) {
    const unsigned h = (static_cast<unsigned>(x) * 2654435761u) ^ (static_cast<unsigned>(y) * 40503u * 65599u);
    return {static_cast<int>(h >> 24), static_cast<int>((h >> 13) & 255), static_cast<int>((h >> 5) & 255)};
  }
  gfx::Image drawn(const gfx::Texture& texture, int width, int height, const Mapping& mapping) {
    gfx::Framebuffer target(GL_RGBA8, width, height);
    target.clear(0.5f, 0.5f, 0.5f, 1.0f);  // nothing of it may be left
    if (!pass_) pass_ = std::make_unique<MappingPass>();
    pass_->draw(texture, {target.get(), width, height}, mapping);
    return gfx::read_pixels(target.get(), width, height);
  }
  static Rgb at(const gfx::Image& image, int x, int y) {
    const std::size_t i =
        3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x));
    return {image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]};
  }
  // -> how many pixels are another than `expected` says
  static int wrong(const gfx::Image& image, const std::function<Rgb(int x, int y)>& expected) {
    int count = 0;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) count += at(image, x, y) == expected(x, y) ? 0 : 1;
    }
    return count;
  }

 private:
  std::unique_ptr<MappingPass> pass_;  // made when there is a context
};

TEST_F(MappingPassTest, PlainIsTheSameBitForBit) {
  const gfx::Image image = drawn(picture(320, 180, noise), 320, 180, {});
  EXPECT_EQ(wrong(image, noise), 0);
}

TEST_F(MappingPassTest, TurnsAndFlipsMovePixelsAndChangeNone) {
  const gfx::Texture wide = picture(320, 180, noise);
  Mapping m;
  m.flip_x = true;
  EXPECT_EQ(wrong(drawn(wide, 320, 180, m), [](int x, int y) { return noise(319 - x, y); }), 0);
  m.flip_y = true;
  EXPECT_EQ(wrong(drawn(wide, 320, 180, m), [](int x, int y) { return noise(319 - x, 179 - y); }), 0);
  m = {};
  m.quarter_turns = 2;
  EXPECT_EQ(wrong(drawn(wide, 320, 180, m), [](int x, int y) { return noise(319 - x, 179 - y); }), 0);
  m.quarter_turns = 1;  // the left side comes above
  EXPECT_EQ(wrong(drawn(wide, 180, 320, m), [](int x, int y) { return noise(y, 179 - x); }), 0);
  m.quarter_turns = 3;
  EXPECT_EQ(wrong(drawn(wide, 180, 320, m), [](int x, int y) { return noise(319 - y, x); }), 0);
}

TEST_F(MappingPassTest, ASliceIsItsPartOfThePictureBitForBit) {
  Mapping m;
  m.source = {0.25, 0.0, 0.5, 1.0};
  EXPECT_EQ(wrong(drawn(picture(640, 180, noise), 320, 180, m), [](int x, int y) { return noise(x + 160, y); }), 0);
}

TEST_F(MappingPassTest, AnotherShapeHasBlackBesideIt) {
  const gfx::Image image = drawn(picture(240, 180, [](int, int) { return Rgb{200, 100, 50}; }), 320, 180, {});
  EXPECT_EQ(wrong(image, [](int x, int) { return x >= 40 && x < 280 ? Rgb{200, 100, 50} : Rgb{0, 0, 0}; }), 0);
}

TEST_F(MappingPassTest, ColoursAreThoseOfTheArithmetic) {
  Mapping m;
  m.colours = {0.1, 1.3, 1.6, {1.0, 0.8, 0.5}};
  const auto ramp = [](int x, int) { return Rgb{x, x, x}; };
  const gfx::Image image = drawn(picture(256, 16, ramp), 256, 16, m);
  for (int x = 0; x < 256; ++x) {
    const Rgb seen = at(image, x, 8);
    EXPECT_NEAR(seen.r, 255.0 * coloured(m.colours, x / 255.0, 0), 0.6);
    EXPECT_NEAR(seen.g, 255.0 * coloured(m.colours, x / 255.0, 1), 0.6);
    EXPECT_NEAR(seen.b, 255.0 * coloured(m.colours, x / 255.0, 2), 0.6);
  }
}

TEST_F(MappingPassTest, TwoSlicesOnOneWallSumToTheSameLight) {
  constexpr double kOverlap = 0.25;
  const gfx::Texture white = picture(700, 90, [](int, int) { return Rgb{230, 230, 230}; });
  Mapping left, right;
  left.source.width = right.source.width = 400.0 / 700.0;
  right.source.x = 300.0 / 700.0;
  left.blends[kRightSide] = right.blends[kLeftSide] = {kOverlap, 1.8};
  const gfx::Image a = drawn(white, 400, 90, left), b = drawn(white, 400, 90, right);
  const auto light = [&](const gfx::Image& image, int x) {
    return x < 0 || x >= 400 ? 0.0 : std::pow(at(image, x, 45).r / 255.0, left.light_gamma);
  };
  double worst = 0.0;
  for (int x = 0; x < 700; ++x) {
    const double sum = light(a, x) + light(b, x - 300), whole = std::pow(230.0 / 255.0, left.light_gamma);
    worst = std::max(worst, std::abs(sum / whole - 1.0));
  }
  EXPECT_LT(worst, 0.008) << "a step of eight bits is as much";
  EXPECT_LT(at(a, 399, 45).r, 20) << "it does fade";
  std::printf("two slices: light differs from one by %.4f at most\n", worst);
}

TEST_F(MappingPassTest, MasksCoverWhatTheyShould) {
  Mapping m;
  m.masks = {{{{0.25, 0.25}, {0.75, 0.25}, {0.75, 0.75}, {0.25, 0.75}}}};
  const gfx::Texture grey = picture(320, 180, [](int, int) { return Rgb{100, 100, 100}; });
  gfx::Image image = drawn(grey, 320, 180, m);
  EXPECT_EQ(at(image, 160, 90), (Rgb{0, 0, 0}));
  EXPECT_EQ(at(image, 40, 90), (Rgb{100, 100, 100}));
  EXPECT_EQ(at(image, 160, 30), (Rgb{100, 100, 100}));
  m.masks[0].inverted = true;
  m.masks[0].feather = 0.1;
  image = drawn(grey, 320, 180, m);
  EXPECT_EQ(at(image, 160, 90), (Rgb{100, 100, 100}));
  EXPECT_EQ(at(image, 40, 90), (Rgb{0, 0, 0}));
  EXPECT_NEAR(at(image, 79, 90).r + at(image, 80, 90).r, 100, 3);
  m.masks.clear();
  EXPECT_EQ(at(drawn(grey, 320, 180, m), 40, 90), (Rgb{100, 100, 100})) << "a mask that is gone";
}

TEST_F(MappingPassTest, AMaskThatMovesIsCoarseAndFineWhenItRests) {
  constexpr int kWide = 1600, kHigh = 900;
  Mapping m;
  m.masks = {{{{0.25, 0.25}, {0.75, 0.31}, {0.7, 0.75}, {0.25, 0.65}}}};
  const gfx::Texture grey = picture(kWide, kHigh, [](int, int) { return Rgb{200, 200, 200}; });
  const auto off = [&](const gfx::Image& image) {
    const MaskPicture fine = mask_picture(m.masks, kWide, kHigh);
    return wrong(image, [&](int x, int y) {
      const int value = 200 * fine.values[static_cast<std::size_t>((kHigh - 1 - y) * kWide + x)] / 255;
      const Rgb seen = at(image, x, y);
      return std::abs(seen.r - value) <= 2 ? seen : Rgb{-1, -1, -1};
    });
  };
  for (int i = 0; i < 5; ++i) {
    m.masks[0].points[0].x += 0.01;
    const gfx::Image moving = drawn(grey, kWide, kHigh, m);
    EXPECT_GT(off(moving), 0) << "the fine one would take too long";
    EXPECT_LT(off(moving), 6 * (kWide + kHigh)) << "it is right but at its edges";
  }
  for (int i = 0; i < 10; ++i) drawn(grey, kWide, kHigh, m);
  EXPECT_EQ(off(drawn(grey, kWide, kHigh, m)), 0);
}

TEST_F(MappingPassTest, CornersAndMeshPutTheMarksWhereTheyShould) {
  // a white square of 8 pixels about the middle of each of 5 x 3 places
  const auto squares = [](int x, int y) {
    const bool in = x % 128 >= 60 && x % 128 < 68 && y % 120 >= 56 && y % 120 < 64;
    return in ? Rgb{255, 255, 255} : Rgb{0, 0, 0};
  };
  Mapping m;
  m.corners = {{{0.1, 0.05}, {0.95, 0.12}, {0.9, 0.97}, {0.03, 0.88}}};
  m.mesh = {4, 3, std::vector<glm::dvec2>(12)};
  m.mesh.bend[5] = {0.02, -0.03}, m.mesh.bend[10] = {-0.02, 0.01};
  const gfx::Image image = drawn(picture(640, 360, squares), 640, 360, m);
  const Surface surface(m);
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 5; ++column) {
      const glm::dvec2 expected = surface.at({(column + 0.5) / 5.0, (row + 0.5) / 3.0}) * glm::dvec2(640.0, 360.0);
      glm::dvec2 sum(0.0);
      double weight = 0.0;
      for (int y = -12; y <= 12; ++y) {
        for (int x = -12; x <= 12; ++x) {
          const int px = static_cast<int>(expected.x) + x, py = static_cast<int>(expected.y) + y;
          const double light = at(image, px, py).r;
          sum += light * glm::dvec2(px + 0.5, py + 0.5), weight += light;
        }
      }
      EXPECT_NEAR(sum.x / weight, expected.x, 0.2);
      EXPECT_NEAR(sum.y / weight, expected.y, 0.2);
    }
  }
}

TEST_F(MappingPassTest, EnlargingMakesNoHalo) {
  const auto edge = [](int x, int y) { return x + y > 60 ? Rgb{180, 120, 90} : Rgb{60, 50, 40}; };
  Mapping m;
  m.source = {0.2, 0.2, 0.31, 0.31};
  const gfx::Image image = drawn(picture(64, 64, edge), 640, 640, m);
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    EXPECT_GE(image.pixels[i], 59);
    EXPECT_LE(image.pixels[i], 181);
  }
}

// A mean over 3.2 lines, of which each second one is lit, is a fifth off at most.
TEST_F(MappingPassTest, ReducingTakesTheMeanOfAllThatIsCovered) {
  const gfx::Texture lines = picture(640, 640, [](int x, int) { return x % 2 ? Rgb{200, 200, 200} : Rgb{0, 0, 0}; });
  Mapping m;
  m.corners = {{{0.3, 0.3}, {0.61, 0.3}, {0.61, 0.61}, {0.3, 0.61}}};
  const gfx::Image image = drawn(lines, 640, 640, m);
  for (int x = 200; x < 380; ++x) EXPECT_NEAR(at(image, x, 300).r, 100, 22) << "no moire at " << x;
}

TEST_F(MappingPassTest, MarksAreDrawnOverThePicture) {
  gfx::Framebuffer target(GL_RGBA8, 640, 360);
  Mapping m;
  m.corners = {{{0.2, 0.2}, {0.8, 0.2}, {0.8, 0.8}, {0.2, 0.8}}};
  const MappingPoint chosen{MappingPoint::Kind::kCorner, 2, 0};
  MappingMarks().draw({target.get(), 640, 360}, mapping_marks(m, chosen, 640.0 / 360.0));
  const gfx::Image image = gfx::read_pixels(target.get(), 640, 360);
  EXPECT_GT(at(image, 320, 72).b, 200) << "the upper side";
  EXPECT_EQ(at(image, 320, 180), (Rgb{0, 0, 0}));
  EXPECT_GT(at(image, 512, 292).r, 200) << "the chosen corner";
}

}  // namespace
}  // namespace ombra::stage
