#include "stage/stage.hpp"

#include "gfx/framebuffer.hpp"
#include "gfx/gl_context.hpp"
#include "gfx/program.hpp"
#include "stage/flash_guard.hpp"
#include "stage/shader_library.hpp"
#include "stage/test_figure.hpp"
#include "stage/uniforms.hpp"

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <thread>

namespace ombra::stage {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 640, kHeight = 360;

class StageTest : public gfx::GlTest {
 protected:
  // `frames` frames of the look at 60 a second; -> the last one
  gfx::Image drawn(Stage& stage, const FieldImage& field, int frames = 3, LookControls controls = {},
                   int width = kWidth, int height = kHeight) {
    if (!target_ || target_->width() != width || target_->height() != height) {
      target_ = std::make_unique<gfx::Framebuffer>(GL_RGBA8, width, height);
    }
    for (int i = 0; i < frames; ++i) {
      Scene scene;
      scene.field = &field;
      scene.controls = controls;
      scene.time_s = time_s_ += scene.step_s;
      scene.beat = 2.0 * scene.time_s;
      scene.transparent = transparent_;
      stage.draw(scene, target_->get(), width, height, scale_);
    }
    return gfx::read_pixels(target_->get(), width, height, transparent_ ? 4 : 3);
  }

  bool transparent_ = false;
  double scale_ = 1.0;
  double time_s_ = 0.0;
  std::unique_ptr<gfx::Framebuffer> target_;
};

double brightness(const gfx::Image& image, int x, int y) {
  const std::size_t at =
      3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x));
  return (image.pixels[at] + image.pixels[at + 1] + image.pixels[at + 2]) / 765.0;
}

double mean_brightness(const gfx::Image& image) {
  double sum = 0.0;
  for (const std::uint8_t value : image.pixels) sum += value;
  return sum / (255.0 * static_cast<double>(image.pixels.size()));
}

double difference(const gfx::Image& a, const gfx::Image& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

FieldImage person(int dancers = 1) {
  return draw_field(dancers, 96, [](glm::vec2 p, int dancer) { return TestFigure(0.3, dancer)(p); });
}

LookControls still() {
  LookControls controls;
  controls.trails = controls.grain = controls.glow = 0.0f;
  return controls;
}

TEST_F(StageTest, EveryLookDrawsAPictureOfItsOwn) {
  Stage stage("");
  std::vector<gfx::Image> images;
  for (const std::string& look : Stage::looks()) {
    stage.set_look(look);
    images.push_back(drawn(stage, person(3), 30));
    EXPECT_EQ(stage.status().look, look);
    EXPECT_EQ(stage.status().message, "");
    EXPECT_GT(mean_brightness(images.back()), 0.01) << look << " is black";
  }
  for (std::size_t a = 0; a < images.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_GT(difference(images[a], images[b]), 4.0);
  }
}

TEST_F(StageTest, ADiscKeepsItsSizeAndItsPlace) {
  Stage stage("");
  stage.set_look("paper");
  const float radius = 0.2f;
  LookControls controls = still();
  const gfx::Image image = drawn(stage, circle({0.0f, 0.5f}, radius), 30, controls, 1280, 720);
  // along the row through the disc's middle the ink is as wide as the disc
  const double size = controls.size * 720.0;
  double widest = 0.0;
  int row_of_widest = 0;
  for (int y = 0; y < 720; ++y) {
    double dark = 0.0;
    for (int x = 0; x < 1280; ++x) {
      const double b = brightness(image, x, y);
      dark += b < 0.35 ? 1.0 : 0.0;
    }
    if (dark > widest) widest = dark, row_of_widest = y;
  }
  EXPECT_NEAR(widest, 2.0 * radius * size, 2.5);
  int left = 1280, right = 0;
  for (int x = 0; x < 1280; ++x) {
    if (brightness(image, x, row_of_widest) < 0.35) left = std::min(left, x), right = std::max(right, x);
  }
  EXPECT_NEAR(0.5 * (left + right), 639.5, 1.0) << "in the middle of the screen";
}

TEST_F(StageTest, MirrorTurnsThePictureRound) {
  Stage stage("");
  stage.set_look("paper");
  LookControls controls = still();
  const FieldImage aside = circle({0.2f, 0.5f}, 0.1f);
  const auto dark_share_left = [](const gfx::Image& image) {
    double left = 0.0, all = 1e-9;
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        if (brightness(image, x, y) > 0.3) continue;
        all += 1.0;
        left += x < image.width / 2 ? 1.0 : 0.0;
      }
    }
    return left / all;
  };
  EXPECT_LT(dark_share_left(drawn(stage, aside, 20, controls)), 0.05);
  controls.mirror = true;
  EXPECT_GT(dark_share_left(drawn(stage, aside, 20, controls)), 0.95);
}

// -> how many steps there are from the dark to the light along the row: an outline drawn with all pixels has few
int grays_along(const gfx::Image& image, int y) {
  int grays = 0;
  for (int x = 0; x < image.width; ++x) grays += std::abs(brightness(image, x, y) - 0.45) < 0.25 ? 1 : 0;
  return grays;
}

TEST_F(StageTest, FewerPixelsKeepThePictureAndItsOutlines) {
  Stage stage("");
  stage.set_look("paper");
  LookControls controls = still();
  controls.mirror = true;
  const FieldImage field = circle({0.15f, 0.5f}, 0.2f);
  const gfx::Image whole = drawn(stage, field, 20, controls);
  scale_ = 0.5;
  const gfx::Image sharp = drawn(stage, field, 20, controls);
  scale_ = 0.4;
  const gfx::Image coarse = drawn(stage, field, 20, controls);
  EXPECT_LT(difference(whole, sharp), 2.0);
  EXPECT_LT(difference(whole, coarse), 6.0);
  EXPECT_GT(difference(whole, coarse), difference(whole, sharp));
  int of_whole = 0, of_sharp = 0, of_coarse = 0;
  for (int y = 100; y < 260; ++y) {
    of_whole += grays_along(whole, y), of_sharp += grays_along(sharp, y), of_coarse += grays_along(coarse, y);
  }
  EXPECT_GT(of_whole, 0);
  EXPECT_LT(of_sharp, 1.3 * of_whole) << "the figure has all its pixels";
  EXPECT_GT(of_coarse, 1.5 * of_whole) << "which is how one would see that it had not";
}

// Software enlarges plainly; this is what a GPU does.
TEST_F(StageTest, EnlargingKeepsOutlinesCrisp) {
  ShaderLibrary library("");
  const gfx::EmptyVertices vertices;
  const gfx::Framebuffer small(GL_BGRA, 32, 32), large(GL_RGBA8, 128, 128);
  small.clear(0.2f, 0.2f, 0.2f, 1.0f);
  glEnable(GL_SCISSOR_TEST);
  glScissor(16, 0, 16, 32);
  small.clear(0.8f, 0.8f, 0.8f, 1.0f);
  glDisable(GL_SCISSOR_TEST);
  const auto enlarged = [&](const char* shader) {
    large.bind();
    small.texture().bind(0);
    const gfx::Program& program = library.program(ShaderUse::kScreen, shader);
    program.use();
    program.set("u_pixels", glm::vec2(32.0f, 32.0f));
    vertices.draw_fullscreen();
    return gfx::read_pixels(large.get(), 128, 128);
  };
  const gfx::Image crisp = enlarged("enlarge.glsl"), plain = enlarged("enlarge_plainly.glsl");
  EXPECT_EQ(library.message(), "");
  for (const gfx::Image* image : {&crisp, &plain}) {
    EXPECT_NEAR(brightness(*image, 20, 64), 0.2, 0.01);
    EXPECT_NEAR(brightness(*image, 108, 64), 0.8, 0.01);
    EXPECT_NEAR(brightness(*image, 63, 64) + brightness(*image, 64, 64), 1.0, 0.02) << "the edge stays where it is";
  }
  const auto slope = [](const gfx::Image& image) { return brightness(image, 64, 64) - brightness(image, 63, 64); };
  EXPECT_GT(slope(crisp), 1.1 * slope(plain));
}

TEST_F(StageTest, TrailsOutliveAChangeOfTheResolution) {
  Stage stage("");
  stage.set_look("lantern");
  LookControls controls = still();
  controls.trails = 1.0f;
  const FieldImage left = circle({-0.25f, 0.5f}, 0.15f), right = circle({0.25f, 0.5f}, 0.15f);
  drawn(stage, left, 30, controls);
  const gfx::Image before = drawn(stage, right, 6, controls);
  scale_ = 0.7;
  const gfx::Image after = drawn(stage, right, 1, controls);
  Stage fresh("");
  fresh.set_look("lantern");
  const gfx::Image without = drawn(fresh, right, 1, controls);
  // where the left figure was its trail still hangs
  const auto at = [](const gfx::Image& image) { return brightness(image, 320 - 77, 180); };
  EXPECT_GT(std::abs(at(before) - at(without)), 0.05) << "there is a trail to lose";
  EXPECT_NEAR(at(after), at(before), 0.3 * std::abs(at(before) - at(without)));
}

TEST_F(StageTest, ABrokenShaderKeepsTheLastPictureAndSaysWhere) {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_stage_reload";
  fs::remove_all(folder);
  fs::copy(fs::path(OMBRA_SOURCE) / "shaders", folder);
  Stage stage(folder.string());
  stage.set_look("lantern");
  const double good = mean_brightness(drawn(stage, person(), 20));
  const auto save = [&](const std::string& text) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a later time stamp; reload looks twice a second
    std::ofstream(folder / "lantern.glsl") << text;
  };
  std::ifstream in(folder / "lantern.glsl");
  const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  save(whole + "\nthis is no shader\n");
  const auto until = [&](auto done) {
    for (int i = 0; i < 40 && !done(); ++i) {
      drawn(stage, person(), 2);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return done();
  };
  ASSERT_TRUE(until([&] { return stage.status().message.find("lantern.glsl:") != std::string::npos; }))
      << stage.status().message;
  EXPECT_NEAR(mean_brightness(drawn(stage, person(), 5)), good, 0.3 * good) << "the last good look stays on";
  save(whole);
  EXPECT_TRUE(until([&] { return stage.status().message.empty(); })) << stage.status().message;
  fs::remove_all(folder);
}

TEST_F(StageTest, UniformBlocksAreLaidOutAsTheDriverReadsThem) {
  std::ifstream in(fs::path(OMBRA_SOURCE) / "shaders" / "common.glsl");
  const std::string common((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const gfx::Program program({{"v.glsl", "void main() { gl_Position = vec4(0.0); }"}},
                             {{"common.glsl", common},
                              {"f.glsl", "out vec4 o; void main() { o = u_tint[15] + u_place[0] * u_seed + u_ink; }"}});
  const auto number = [&](const char* name, GLenum what) {
    const GLuint index = glGetUniformBlockIndex(program.get(), name);
    GLint value = -1;
    if (index != GL_INVALID_INDEX) glGetActiveUniformBlockiv(program.get(), index, what, &value);
    return value;
  };
  EXPECT_EQ(number("Frame", GL_UNIFORM_BLOCK_DATA_SIZE), static_cast<GLint>(sizeof(FrameUniforms)));
  EXPECT_EQ(number("Figures", GL_UNIFORM_BLOCK_DATA_SIZE), static_cast<GLint>(sizeof(FigureUniforms)));
  const auto offset = [&](const char* name) {
    GLuint index = 0;
    glGetUniformIndices(program.get(), 1, &name, &index);
    GLint value = -1;
    glGetActiveUniformsiv(program.get(), 1, &index, GL_UNIFORM_OFFSET, &value);
    return value;
  };
  EXPECT_EQ(offset("u_resolution"), static_cast<GLint>(offsetof(FrameUniforms, resolution)));
  EXPECT_EQ(offset("u_swell"), static_cast<GLint>(offsetof(FrameUniforms, swell)));
  EXPECT_EQ(offset("u_flash"), static_cast<GLint>(offsetof(FrameUniforms, flash)));
  EXPECT_EQ(offset("u_seed"), static_cast<GLint>(offsetof(FrameUniforms, seed)));
  EXPECT_EQ(offset("u_room"), static_cast<GLint>(offsetof(FrameUniforms, room)));
  EXPECT_EQ(offset("u_tint[0]"), static_cast<GLint>(offsetof(FigureUniforms, tint)));
}

TEST_F(StageTest, NeonsEchoesEndWhereItsDistancesDo) {
  Stage stage("");
  stage.set_look("neon");
  LookControls controls = still();
  controls.swell = 1.0f;
  drawn(stage, person(), 30, controls);
  double dark = 1.0, bright = 0.0;
  for (int i = 0; i < 30; ++i) {  // one beat
    const double wall = brightness(drawn(stage, person(), 1, controls), 40, 120);
    dark = std::min(dark, wall), bright = std::max(bright, wall);
  }
  EXPECT_LT(bright - dark, 0.02) << "the wall far from the figure lights up with the beat";
}

TEST_F(StageTest, NeonsRoomStaysDarkInASmallPictureToo) {
  Stage stage("");
  stage.set_look("neon");
  for (const int height : {720, 270, 180}) {
    double brightest = 0.0;
    for (int i = 0; i < 40; ++i) {
      LookControls controls = still();
      controls.flash = std::pow(0.78f, static_cast<float>(i % 12));
      const gfx::Image image = drawn(stage, person(), 1, controls, height * 16 / 9, height);
      brightest = std::max(brightest, brightness(image, image.width / 12, height / 3));
    }
    EXPECT_LT(brightest, 0.1) << "far from the figure, " << height << " lines";
  }
}

TEST_F(StageTest, AFlashRunsOutwardsAndALightThatStaysDoesNot) {
  for (const std::string look : {"neon", "paper"}) {
    LookControls controls = still();
    const auto last_of = [&](bool rises) {
      Stage stage("");
      stage.set_look(look);
      time_s_ = 0.0;
      controls.flash = rises ? 0.0f : 0.8f;
      drawn(stage, person(), 30, controls);
      controls.flash = 0.8f;
      return drawn(stage, person(), 5, controls);
    };
    EXPECT_GT(difference(last_of(true), last_of(false)), 0.05) << look;
  }
}

TEST_F(StageTest, EveryLookAnswersToSwellThrobAndFlash) {
  for (const std::string& look : Stage::looks()) {
    const auto lit = [&](float LookControls::*control) {
      Stage stage("");
      stage.set_look(look);
      time_s_ = 0.0;
      LookControls controls;
      controls.grain = 0.0f;
      if (control != nullptr) controls.*control = 1.0f;
      return drawn(stage, person(), 20, controls);
    };
    const gfx::Image dark = lit(nullptr);
    EXPECT_GT(difference(lit(&LookControls::throb), dark), 0.2) << look;
    if (look != "neon") continue;  // alone in having a room that swells and tubes that flash
    EXPECT_GT(difference(lit(&LookControls::swell), dark), 0.2);
    EXPECT_GT(difference(lit(&LookControls::flash), dark), 0.02);
  }
}

TEST_F(StageTest, AnUnknownLookLeavesTheOldOneAndSaysSo) {
  Stage stage("");
  stage.set_look("neon");
  stage.set_look("nonsense");
  drawn(stage, person(), 1);
  EXPECT_EQ(stage.status().look, "neon");
  EXPECT_NE(stage.status().message.find("nonsense"), std::string::npos);
}

TEST_F(StageTest, AnySizeAnyNumberOfDancersAndNoFieldAtAll) {
  Stage stage("");
  for (const auto& [width, height] : {std::pair{64, 360}, {360, 64}, {1, 1}, {333, 222}}) {
    drawn(stage, person(16), 3, {}, width, height);
  }
  Scene empty;
  stage.draw(empty, target_->get(), target_->width(), target_->height());
  const FieldImage nobody;
  drawn(stage, nobody, 2);
  FieldImage damaged = person();
  damaged.distance[100] = NAN;
  EXPECT_GT(mean_brightness(drawn(stage, damaged, 20)), 0.01);
}

TEST_F(StageTest, RimsLieOnTheOutlineOnly) {
  // two capsules that only just overlap: the field comes close to zero along their seam, inside the body
  const FieldImage seam = draw_field(1, 96, [](glm::vec2 p, int) {
    const auto bar = [&](float x) {
      const float y = std::clamp(p.y, 0.3f, 0.7f);
      return glm::distance(p, glm::vec2(x, y)) - 0.1f;
    };
    return std::min(bar(-0.0985f), bar(0.0985f));
  });
  Stage stage("");
  stage.set_look("lantern");
  const gfx::Image image = drawn(stage, seam, 30, still(), 1280, 720);
  double inside = 1.0, on_seam = 0.0;
  const int row = 360;
  for (int x = 640 - 3; x <= 640 + 3; ++x) on_seam = std::max(on_seam, brightness(image, x, row));
  for (int x = 640 - 70; x <= 640 - 50; ++x) inside = std::min(inside, brightness(image, x, row));
  EXPECT_LT(on_seam, inside + 0.03);
}

// What an editing program makes of straight alpha over a plain colour; -> the worst distance from it, 0..255
struct Composite {
  int worst = 0, edges = 0;
};
Composite lay_on(const gfx::Image& image, int ground) {
  Composite c;
  for (std::size_t i = 0; i < image.pixels.size(); i += 4) {
    const int alpha = image.pixels[i + 3];
    c.edges += alpha > 20 && alpha < 235 ? 1 : 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const int value = (image.pixels[i + k] * alpha + ground * (255 - alpha) + 127) / 255;
      c.worst = std::max(c.worst, std::abs(value - ground));
    }
  }
  return c;
}

TEST_F(StageTest, ATransparentFigureHasNoFringes) {
  transparent_ = true;
  const FieldImage field = person();
  for (const auto& [look, ink, ground] :
       {std::tuple{"lantern", 1.0f, 255}, {"lantern", 0.0f, 0}, {"paper", 1.0f, 255}}) {
    Stage stage("");
    stage.set_look(look);
    LookControls controls = still();
    controls.ink = {ink, ink, ink};
    controls.light = {ink, ink, ink};
    const Composite c = lay_on(drawn(stage, field, 90, controls, 320, 180), ground);
    EXPECT_LE(c.worst, 8) << look << ": white on white, or black on black, is seen at its edges";
    EXPECT_GT(c.edges, 100) << look << ": edges are soft";
  }
}

TEST_F(StageTest, TransparentLooksAreOpaqueBodiesLightAndNothingElse) {
  transparent_ = true;
  LookControls controls;
  controls.swell = controls.throb = 0.8f;
  const FieldImage disc = circle({0.0f, 0.5f}, 0.15f);
  for (const std::string& look : Stage::looks()) {
    Stage stage("");
    stage.set_look(look);
    const gfx::Image image = drawn(stage, disc, 20, controls);
    const auto alpha = [&](int x, int y) { return image.pixels[static_cast<std::size_t>((y * kWidth + x) * 4 + 3)]; };
    int row = 0;  // through the middle of the disc: where the body is widest
    for (int y = 1, most = 0; y < kHeight; ++y) {
      int solid = 0;
      for (int x = 0; x < kWidth; ++x) solid += alpha(x, y) == 255 ? 1 : 0;
      if (solid > most) most = solid, row = y;
    }
    EXPECT_EQ(alpha(kWidth / 2, row), 255) << look;
    for (const auto& [x, y] :
         {std::pair{0, 0}, {kWidth - 1, 0}, {0, kHeight - 1}, {kWidth - 1, kHeight - 1}, {5, 180}}) {
      EXPECT_EQ(alpha(x, y), 0) << look << " at " << x << ", " << y << ": the room is left";
    }
    // all that is drawn outwards of the disc fades, and light over black is as bright as its alpha
    int glow = 0;
    for (int x = 0; x < kWidth / 2; ++x) {
      const std::uint8_t* p = &image.pixels[static_cast<std::size_t>((row * kWidth + x) * 4)];
      if (p[3] < 20 || p[3] > 200) continue;
      ++glow;
      if (look == "paper") continue;  // ink, not light
      EXPECT_GT(std::max({p[0], p[1], p[2]}), 225) << look << " " << x;
    }
    EXPECT_GT(glow, look == "paper" ? 0 : 10) << look;
  }
}

TEST_F(StageTest, TheWholePictureDoesNotFlash) {
  Stage stage("");
  stage.set_look("paper");
  // the strobe: paper's bright ground against black ink and a dark ground, ten times a second
  const FieldImage field = person();
  double risen = 0.0, before = -1.0;
  LookControls bright = still(), dark = still();
  bright.backdrop = bright.light = {1.0f, 1.0f, 1.0f};
  dark.backdrop = dark.light = {0.0f, 0.0f, 0.0f};
  const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
  drawn(stage, field, 60, dark, 160, 90);
  for (int i = 0; i < 60; ++i) {
    const gfx::Image image = drawn(stage, field, 1, i / 3 % 2 == 0 ? bright : dark, 160, 90);
    double luminance = 0.0;
    for (std::size_t p = 0; p < image.pixels.size(); p += 3) {
      luminance += 0.2126 * linear(image.pixels[p] / 255.0) + 0.7152 * linear(image.pixels[p + 1] / 255.0) +
                   0.0722 * linear(image.pixels[p + 2] / 255.0);
    }
    luminance /= static_cast<double>(image.pixels.size() / 3);
    if (before >= 0.0) risen += std::max(0.0, luminance - before);
    before = luminance;
  }
  EXPECT_LT(risen, kMaxRise * 1.0 + 0.05) << "rises of the mean luminance in one second";
}

}  // namespace
}  // namespace ombra::stage
