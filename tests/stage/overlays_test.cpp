// Title and logo over a look, or behind its figures.

#include "stage/overlays.hpp"

#include "drawing/png.hpp"
#include "gfx/gl_context.hpp"
#include "pictures.hpp"
#include "stage/flash_guard.hpp"
#include "stage/test_figure.hpp"
#include "temp_folder.hpp"

#include <cmath>
#include <functional>
#include <thread>
#include <tuple>

namespace ombra::stage {
namespace {

constexpr int kWidth = 640, kHeight = 360;

LookControls still() {
  LookControls controls;
  controls.trails = controls.grain = controls.glow = 0.0f;
  return controls;
}

// A dark room, so that white letters are told from it.
LookControls dark() {
  LookControls controls = still();
  controls.ink = controls.light = controls.backdrop = {0.0f, 0.0f, 0.0f};
  return controls;
}

Titles title(const std::string& text, float size = 0.2f) {
  Titles titles;
  titles.title.on = true;
  titles.title.text = text, titles.title.font = "DejaVu Sans";
  titles.title.x = titles.title.y = 0.5f;
  titles.title.size = titles.title.full_size = size;
  titles.title.fade_s = 0.0f;
  return titles;
}

// Neon's room is dark where nothing stands.
class OverlaysTest : public gfx::GlTest {
 protected:
  gfx::Image drawn(Stage& stage, const Titles* titles, int frames = 1, double step_s = 1.0 / 60.0) {
    if (!target_) target_ = std::make_unique<gfx::Framebuffer>(GL_RGBA8, kWidth, kHeight);
    for (int i = 0; i < frames; ++i) {
      Scene scene;
      scene.field = &field_;
      scene.controls = controls_;
      scene.step_s = step_s;
      scene.time_s = time_s_ += step_s;
      scene.beat = 2.0;
      scene.titles = titles, scene.patient = patient_, scene.transparent = transparent_;
      stage.draw(scene, target_->get(), kWidth, kHeight, scale_);
    }
    return gfx::read_pixels(target_->get(), kWidth, kHeight, transparent_ ? 4 : 3);
  }
  // long enough for the flash guard to let all light through
  gfx::Image settled(Stage& stage, const Titles* titles) { return drawn(stage, titles, 12, 0.1); }

  FieldImage field_ = circle({0.0f, 0.5f}, 0.2f);
  LookControls controls_ = dark();
  bool transparent_ = false, patient_ = true;
  double scale_ = 1.0, time_s_ = 0.0;
  std::unique_ptr<gfx::Framebuffer> target_;  // after SetUp has a context
};

int red(const gfx::Image& image, int x, int y) {
  return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels)];
}

struct Box {
  int left = 1 << 20, top = 1 << 20, right = 0, bottom = 0;
};
Box lit(const gfx::Image& image, const std::function<bool(int, int)>& is_lit) {
  Box box;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!is_lit(x, y)) continue;
      box.left = std::min(box.left, x), box.right = std::max(box.right, x + 1);
      box.top = std::min(box.top, y), box.bottom = std::max(box.bottom, y + 1);
    }
  }
  return box;
}
Box bright(const gfx::Image& image, int columns = kWidth) {
  return lit(image, [&](int x, int y) { return x < columns && red(image, x, y) > 128; });
}

// Pixels that differ by more than some levels.
int differing(const gfx::Image& a, const gfx::Image& b, int levels, const std::function<bool(int, int)>& counts) {
  int sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) sum += counts(x, y) && std::abs(red(a, x, y) - red(b, x, y)) > levels ? 1 : 0;
  }
  return sum;
}

TEST_F(OverlaysTest, TheTextStandsWhereItIsAskedForAtTheSizeThatIsAskedFor) {
  Stage stage("");
  stage.set_look("neon");
  field_ = {};
  Titles titles = title("HHH");
  const auto box_at = [&](float x, float y) {
    titles.title.x = x, titles.title.y = y;
    return bright(settled(stage, &titles));
  };
  const Box middle = box_at(0.5f, 0.5f), corner = box_at(0.0f, 0.0f), other = box_at(1.0f, 1.0f);
  EXPECT_NEAR(middle.bottom - middle.top, 0.729 * 0.2 * kHeight, 2.0) << "capitals of DejaVu Sans are 0.729 em high";
  EXPECT_NEAR(0.5 * (middle.left + middle.right), 0.5 * kWidth, 2.0);
  EXPECT_LT(corner.left, 10);
  EXPECT_GE(corner.left, 0);
  EXPECT_NEAR(kHeight - corner.bottom, 0.236 * 0.2 * kHeight, 2.5) << "the descent is left free";
  EXPECT_GT(other.right, kWidth - 10);
  EXPECT_LT(other.top, 40);
  EXPECT_EQ(corner.right - corner.left, middle.right - middle.left);
}

TEST_F(OverlaysTest, ALongTextStaysOnTheScreen) {
  Stage stage("");
  stage.set_look("neon");
  const Titles titles = title("HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH", 0.4f);
  const Box box = bright(settled(stage, &titles));
  EXPECT_GT(box.left, 0);
  EXPECT_LT(box.right, kWidth);
  EXPECT_GT(box.right - box.left, kWidth * 9 / 10);
}

TEST_F(OverlaysTest, AboveItCoversTheFigureAndBehindItDoesNot) {
  for (const std::string& look : Stage::looks()) {
    Stage stage("");
    stage.set_look(look);
    controls_ = still();
    Titles titles = title("█████", 0.3f);
    titles.title.colour = {0.1f, 0.9f, 0.1f};
    // the same frame numbers: what little noise there is, is the same
    const auto at = [&](const Titles* t) {
      Stage fresh("");
      fresh.set_look(look);
      time_s_ = 0.0;
      return drawn(fresh, t, 12, 0.1);
    };
    const gfx::Image without = at(nullptr), above = at(&titles);
    titles.title.behind = true;
    const gfx::Image behind = at(&titles);
    // the disc is 0.2 of 0.86 screen heights, and its outline is antialiased over a pixel or two
    const Box seen = lit(above, [&](int x, int y) { return std::abs(red(above, x, y) - red(without, x, y)) > 12; });
    const double radius = 0.2 * 0.86 * kHeight, y0 = 0.5 * (seen.top + seen.bottom);
    int row = static_cast<int>(y0);
    const auto inside = [&](int x, int y) { return y == row && std::abs(x + 0.5 - 0.5 * kWidth) < radius - 14.0; };
    const auto outside = [&](int x, int y) {
      return y == row && std::abs(x + 0.5 - 0.5 * kWidth) > radius + 6.0 && x > seen.left + 4 && x < seen.right - 4;
    };
    EXPECT_EQ(differing(without, behind, 1, inside), 0) << look << ": the body is in front";
    EXPECT_GT(differing(without, above, 4, inside), static_cast<int>(1.2 * radius))
        << look << ": it is behind the letters";
    EXPECT_EQ(differing(above, behind, 2, outside), 0) << look << ": beside the body they are the same";
    EXPECT_GT(differing(without, behind, 12, outside), 40) << look;
  }
}

TEST_F(OverlaysTest, TheMirrorTurnsTheFigureAndNotTheLetters) {
  field_ = circle({0.25f, 0.5f}, 0.15f);
  Stage stage("");
  stage.set_look("neon");
  Titles titles = title("L", 0.8f);
  titles.title.x = 0.02f;
  const gfx::Image plain = settled(stage, &titles);
  controls_.mirror = true;
  const gfx::Image mirrored = settled(stage, &titles);
  const Box letter = bright(plain, 150), same = bright(mirrored, 150);
  EXPECT_GT(letter.right - letter.left, 20);
  EXPECT_EQ(std::tie(letter.left, letter.top, letter.right, letter.bottom),
            std::tie(same.left, same.top, same.right, same.bottom));
  EXPECT_GT(red(mirrored, letter.left + 3, letter.top + 9), 240) << "its upright is at the left";
  EXPECT_LT(red(mirrored, letter.right - 3, letter.top + 9), 128);
  // where the body stands in the mirrored picture it hides the letters
  titles = title("█████████", 0.9f), titles.title.behind = true;
  const gfx::Image behind = settled(stage, &titles);
  const int row = kHeight / 2, right = kWidth / 2 + static_cast<int>(0.25 * 0.86 * kHeight);
  EXPECT_LT(red(behind, kWidth - right, row), 20);
  EXPECT_GT(red(behind, right, row), 200);
}

TEST_F(OverlaysTest, OpacityIsAShareOfTheLight) {
  Stage stage("");
  stage.set_look("neon");
  Titles titles = title("█", 0.5f);
  titles.title.opacity = 0.5f;
  const gfx::Image image = settled(stage, &titles);
  EXPECT_NEAR(red(image, kWidth / 2, kHeight / 2), 188, 2) << "half of the light, which is not half of 255";
  titles.title.opacity = 0.0f;
  EXPECT_LT(red(settled(stage, &titles), kWidth / 2, kHeight / 2), 6);
}

TEST_F(OverlaysTest, ItFadesInAndOut) {
  Stage stage("");
  stage.set_look("neon");
  Titles titles = title("█", 0.2f);
  titles.title.on = false, titles.title.fade_s = 1.0f;
  settled(stage, &titles);
  titles.title.on = true;
  const auto light_after = [&](int frames) {
    return std::pow(red(drawn(stage, &titles, frames), kWidth / 2, kHeight / 2) / 255.0, 2.2);
  };
  EXPECT_NEAR(light_after(15), 0.25, 0.03);
  EXPECT_NEAR(light_after(15), 0.5, 0.03);
  EXPECT_NEAR(light_after(40), 1.0, 0.01);
  titles.title.on = false;
  EXPECT_NEAR(light_after(30), 0.5, 0.03);
  EXPECT_NEAR(light_after(40), 0.0, 0.01);
}

TEST_F(OverlaysTest, AWhiteTitleAtOnceIsNoFlash) {
  Stage stage("");
  stage.set_look("neon");
  field_ = {};
  Titles titles = title("██████████", 1.0f);
  titles.title.on = false;
  settled(stage, &titles);
  titles.title.on = true;
  double before = 0.0;
  for (int i = 0; i < 30; ++i) {
    const gfx::Image image = drawn(stage, &titles);
    double light = 0.0;
    for (const std::uint8_t value : image.pixels) light += std::pow(value / 255.0, 2.2);
    light /= static_cast<double>(image.pixels.size());
    EXPECT_LT(light - before, kMaxRise / 60.0 + 0.004) << "frame " << i;
    before = light;
  }
  EXPECT_NEAR(before, 0.5 * kMaxRise, 0.03) << "half a second of what may rise in one";
}

TEST_F(OverlaysTest, FewerPixelsOfTheRoomLeaveTheLettersSharp) {
  Stage stage("");
  const Titles titles = title("HHHHHH");
  const gfx::Image whole = settled(stage, &titles);
  for (const double scale : {0.6, 0.4}) {
    scale_ = scale;
    EXPECT_LT(test::difference(settled(stage, &titles).pixels, whole.pixels), 0.5) << scale;
  }
}

TEST_F(OverlaysTest, OverNothingItHasAlpha) {
  transparent_ = true;
  Stage stage("");
  Titles titles = title("█", 0.5f);
  titles.title.colour = {1.0f, 0.0f, 0.0f};
  field_ = {};
  const gfx::Image image = settled(stage, &titles);
  const std::uint8_t* middle = &image.pixels[static_cast<std::size_t>((kHeight / 2 * kWidth + kWidth / 2) * 4)];
  EXPECT_EQ(middle[0], 255);
  EXPECT_EQ(middle[1], 0);
  EXPECT_EQ(middle[3], 255);
  EXPECT_EQ(image.pixels[3], 0) << "and the corner has none";
  titles.title.opacity = 0.5f;
  const gfx::Image half = settled(stage, &titles);
  middle = &half.pixels[static_cast<std::size_t>((kHeight / 2 * kWidth + kWidth / 2) * 4)];
  EXPECT_NEAR(middle[0], 255, 1) << "straight alpha";
  EXPECT_NEAR(middle[3], 128, 1);
}

TEST_F(OverlaysTest, ALogoKeepsItsAlphaAndItsShape) {
  const test::TempFolder folder;
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 100 * 50; ++i) {
    for (const int value : {255, 255, 255, i % 100 < 50 ? 255 : 128})
      pixels.push_back(static_cast<std::uint8_t>(value));
  }
  write_png(folder / "logo.png", 100, 50, 4, pixels);
  Titles titles;
  titles.logo.on = true, titles.logo.fade_s = 0.0f;
  titles.logo.file = (folder / "logo.png").string();
  field_ = {};
  titles.logo.x = titles.logo.y = 0.0f, titles.logo.size = titles.logo.full_size = 0.25f;
  Stage stage("");
  stage.set_look("neon");
  const gfx::Image image = settled(stage, &titles);
  EXPECT_EQ(stage.status().message, "");
  const Box box = bright(image);
  EXPECT_NEAR(box.bottom - box.top, kHeight / 4, 1);
  EXPECT_NEAR(box.right - box.left, kHeight / 2, 2);
  EXPECT_EQ(box.left, 0);
  EXPECT_EQ(box.bottom, kHeight);
  EXPECT_GT(red(image, 20, kHeight - 40), 252);
  EXPECT_NEAR(red(image, 140, kHeight - 40), 188, 3) << "half covered";
}

TEST_F(OverlaysTest, AFineLogoDoesNotShimmerWhenItIsSmall) {
  const test::TempFolder folder;
  std::vector<std::uint8_t> pixels;
  for (int i = 0; i < 512 * 512; ++i) {  // a board of single pixels
    pixels.insert(pixels.end(), 4, (i % 512 + i / 512) % 2 == 0 ? 255 : 0);
  }
  write_png(folder / "logo.png", 512, 512, 4, pixels);
  Titles titles;
  titles.logo.on = true, titles.logo.fade_s = 0.0f;
  titles.logo.file = (folder / "logo.png").string();
  titles.logo.x = titles.logo.y = 0.5f;
  Stage stage("");
  for (const float size : {0.11f, 0.23f, 0.37f}) {
    titles.logo.size = titles.logo.full_size = size;
    const gfx::Image image = settled(stage, &titles);
    for (int x = kWidth / 2 - 15; x < kWidth / 2 + 15; ++x)
      EXPECT_NEAR(red(image, x, kHeight / 2), 188, 4) << size << " at " << x;
  }
}

TEST_F(OverlaysTest, ABrokenLogoIsSaidAndTheShowGoesOn) {
  const test::TempFolder folder;
  Titles titles;
  titles.logo.on = true;
  titles.logo.file = (folder / "none.png").string();
  Stage stage("");
  const gfx::Image without = drawn(stage, nullptr, 10);
  const gfx::Image image = drawn(stage, &titles, 10);
  EXPECT_NE(stage.status().message.find("none.png"), std::string::npos) << stage.status().message;
  EXPECT_LT(test::difference(image.pixels, without.pixels), 2.0);
  titles.logo.on = false;
  drawn(stage, &titles, 2);
  EXPECT_EQ(stage.status().message, "");
}

TEST_F(OverlaysTest, NobodyWaitsForAPictureButThosePatient) {
  patient_ = false;
  Stage stage("");
  stage.set_look("neon");
  Titles titles = title("█", 0.5f);
  settled(stage, nullptr);
  for (int i = 0; i < 1000 && red(drawn(stage, &titles), kWidth / 2, kHeight / 2) < 20; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_GT(red(settled(stage, &titles), kWidth / 2, kHeight / 2), 250) << "it appears when it is ready";
}

TEST_F(OverlaysTest, APushedTextIsItsPictureMadeLarger) {
  OverlayPicture picture;
  picture.levels.push_back({200, 100, {}});
  picture.width = 200, picture.height = 100, picture.size_px = 100;
  Overlay overlay{.x = 0.3f, .y = 0.7f, .size = 0.2f, .full_size = 0.2f};
  const OverlayPlace exact = place_overlay(overlay, picture, 1000, 500);
  EXPECT_EQ(exact.left, std::round(exact.left)) << "on whole pixels, sharp";
  EXPECT_EQ(exact.right - exact.left, 200.0);
  overlay.size = 0.3f;
  const OverlayPlace pushed = place_overlay(overlay, picture, 1000, 500);
  EXPECT_NEAR(pushed.right - pushed.left, 300.0, 0.01) << "the same picture, larger";
}

}  // namespace
}  // namespace ombra::stage
