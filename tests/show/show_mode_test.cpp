// What the operator does to the whole picture: blackout, freeze, test card and lock, also where something has failed.

#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "gfx/gl_context.hpp"
#include "pictures.hpp"
#include "show/operated_show.hpp"
#include "show/params/presets.hpp"
#include "show/session/master.hpp"
#include "temp_folder.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ombra::show {
namespace {

using test::difference;
using test::mean_light;

bool all_black(const gfx::Image& image) {
  return std::ranges::all_of(image.pixels, [](std::uint8_t value) { return value == 0; });
}

// shares of width and height, from the upper left corner
Canvas::Colour colour_at(const gfx::Image& image, double across, double down) {
  const int x = std::min(image.width - 1, static_cast<int>(across * image.width));
  const int y = std::min(image.height - 1, static_cast<int>(down * image.height));
  const auto* at = &image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels)];
  return {at[0], at[1], at[2]};
}

constexpr double kBars = 0.5 * (kBarsTop + kBarsBottom), kGreys = 0.5 * (kGreysTop + kGreysBottom);

double along(int field, std::size_t count) {
  return kCardLeft + (kCardRight - kCardLeft) * (field + 0.5) / static_cast<double>(count);
}

void expect_card(const gfx::Image& image) {
  for (std::size_t i = 0; i < kCardBars.size(); ++i)
    EXPECT_EQ(colour_at(image, along(static_cast<int>(i), kCardBars.size()), kBars), kCardBars[i]) << "bar " << i;
  for (int i = 0; i < kCardGreys; ++i) {
    const auto grey = static_cast<std::uint8_t>(std::lround(25.5 * i));
    EXPECT_EQ(colour_at(image, along(i, kCardGreys), kGreys), (Canvas::Colour{grey, grey, grey}));
  }
  const Canvas::Colour white{255, 255, 255};
  for (const double at : {0.02, 0.37, 0.99}) {
    EXPECT_EQ(colour_at(image, at, 0.0), white) << "the uppermost row";
    EXPECT_EQ(colour_at(image, at, 1.0), white);
    EXPECT_EQ(colour_at(image, 0.0, at), white);
    EXPECT_EQ(colour_at(image, 1.0, at), white);
  }
}

// A stage that stands still, so that light can be compared.
std::vector<std::string> still(std::vector<std::string> more) {
  more.insert(more.end(), {"look/grain=0", "look/trails=0", "look/glow=0", "show/governor=off", "dancer/hold=on"});
  return more;
}

TEST(ShowMode, ABlackoutWithoutFadeIsBlackInTheNextFrameAndTheDeskStays) {
  Show show({"show/blackout_fade=0"});
  show.frames(30);
  EXPECT_FALSE(all_black(show.picture()));
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
  press(SDLK_TAB);
  show.frames(2);
  const gfx::Image image = show.picture();
  const gfx::Image black{image.width, image.height, image.channels, std::vector<std::uint8_t>(image.pixels.size())};
  EXPECT_GT(difference(image.pixels, black.pixels, image.width, image.channels, {20, 20, 360, 340}), 5.0)
      << "the desk is to be seen";
  EXPECT_EQ(difference(image.pixels, black.pixels, image.width, image.channels, {420, 0, 640, 360}), 0.0)
      << "and beside it nothing";
  press(SDLK_TAB);
  press(SDLK_x);
  EXPECT_FALSE(all_black(show.picture()));
}

TEST(ShowMode, ABlackoutFadesAndComesBack) {
  Show show(still({"show/blackout_fade=1"}));
  show.session->modulation().set_rows({}, show.session->params());
  show.frames(60);
  const double light = mean_light(show.picture().pixels);
  ASSERT_GT(light, 2.0);
  const auto wait = [&](double from_s, double seconds) {
    while (now_s() - from_s < seconds) show.frames(1);
    return mean_light(show.picture().pixels) / light;
  };
  const double down_s = now_s();
  press(SDLK_x);
  const double darker = wait(down_s, 0.5);
  EXPECT_NEAR(darker, 1.0 - (now_s() - down_s), 0.2);
  EXPECT_EQ(wait(down_s, 1.5), 0.0);
  const double up_s = now_s();
  press(SDLK_x);
  const double brighter = wait(up_s, 0.5);
  EXPECT_NEAR(brighter, now_s() - up_s, 0.2);
  EXPECT_NEAR(wait(up_s, 1.5), 1.0, 0.1);
}

TEST(ShowMode, AFreezeHoldsThePictureWhileTheDanceGoesOn) {
  Show show;
  show.frames(60);
  press(SDLK_z);
  const gfx::Image first = show.picture();
  const SessionReport before = show.session->report();
  run_for(*show.session, 1.5);
  const gfx::Image later = show.picture();
  EXPECT_EQ(first.pixels, later.pixels);
  const SessionReport after = show.session->report();
  EXPECT_GE(after.frames, before.frames + 10);
  EXPECT_GT(after.moves, before.moves);
  press(SDLK_z);
  EXPECT_NE(show.picture().pixels, later.pixels) << "at once";
}

TEST(ShowMode, ABlackoutDoesNotUndoAFreeze) {
  Show show({"show/blackout_fade=0"});
  show.frames(60);
  press(SDLK_z);
  const gfx::Image frozen = show.picture();
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
  press(SDLK_x);
  EXPECT_EQ(show.picture().pixels, frozen.pixels);
  press(SDLK_x);
  for (int twice = 0; twice < 2; ++twice) {
    press(SDLK_z);
    show.frames(3);
  }
  press(SDLK_x);
  EXPECT_FALSE(all_black(show.picture())) << "what is frozen in the dark has its light";
}

TEST(ShowMode, TheTestCardStandsInForTheStage) {
  Show show({"show/blackout_fade=0"});
  show.frames(20);
  press(SDLK_c);
  expect_card(show.picture());
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture())) << "blackout wins";
  press(SDLK_x);
  press(SDLK_z);
  show.frames(2);
  press(SDLK_c);
  expect_card(show.picture());  // frozen
  press(SDLK_z);
  EXPECT_NE(colour_at(show.picture(), along(1, kCardBars.size()), kBars), kCardBars[1]);
}

TEST(ShowMode, TheTestCardFitsEverySize) {
  for (const auto& [width, height] : {std::pair{320, 180}, {180, 320}, {1, 1}, {33, 700}})
    EXPECT_EQ(card_picture(width, height, {"Beamer \xc3\xa4", 60.0}).width(), width);
  const Canvas named = card_picture(640, 360, {"A", 60.0}), other = card_picture(640, 360, {"B", 60.0});
  EXPECT_NE(named.rgb(), other.rgb());
  EXPECT_NE(named.rgb(), card_picture(640, 360, {"A", 50.0}).rgb());
}

TEST(ShowMode, ALockLeavesBlackoutAndFreeze) {
  Show show({"show/blackout_fade=0"});
  ShowParams& p = show.session->params();
  show.frames(3);
  press(SDLK_l, KMOD_LCTRL);
  for (const SDL_Keycode key : {SDLK_m, SDLK_c, SDLK_k, SDLK_l, SDLK_ESCAPE}) press(key);
  show.frames(2);
  press(SDLK_y);  // would be the answer
  for (int twice = 0; twice < 2; ++twice) close_window();
  drop_file("/nowhere/song.flac");
  show.frames(3);
  EXPECT_FALSE(p.get(p.mirror));
  EXPECT_FALSE(p.get(p.test_card));
  EXPECT_FALSE(p.get(p.calibrate));
  press(SDLK_z);
  show.frames(1);
  EXPECT_TRUE(p.get(p.freeze));
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
  press(SDLK_l, KMOD_LCTRL);
  press(SDLK_m);
  show.frames(1);
  EXPECT_TRUE(p.get(p.mirror));
  press(SDLK_ESCAPE);
  press(SDLK_y);
  EXPECT_FALSE(show.session->frame());
}

TEST(ShowMode, ALockedDeskTakesNoClicksButItsOwnAndThoseOfBlackoutAndFreeze) {
  Show show({"desk/shown=on", "desk/scale=0.8"}, 480, 720);
  ShowParams& p = show.session->params();
  show.frames(3);
  show.click(show.spot("lock"));
  EXPECT_TRUE(p.get(p.key_lock));
  show.click(show.spot("dancer/hold", 0.35f));
  show.click(show.spot("dancer/temperature", 0.88f));
  show.click(show.spot("show/test_card"));
  show.click(show.spot("Look"));
  EXPECT_FALSE(p.get(p.hold));
  EXPECT_NEAR(p.base(p.temperature.index), 0.65, 1e-6);
  EXPECT_FALSE(p.get(p.test_card));
  EXPECT_TRUE(show.on_desk("dancer/temperature")) << "the same tab";
  show.click(show.spot("show/blackout"));
  show.click(show.spot("show/freeze"));
  EXPECT_TRUE(p.get(p.blackout));
  EXPECT_TRUE(p.get(p.freeze));
  show.click(show.spot("lock"));
  EXPECT_FALSE(p.get(p.key_lock));
  show.click(show.spot("dancer/hold", 0.35f));
  show.click(show.spot("show/test_card"));
  EXPECT_TRUE(p.get(p.hold));
  EXPECT_TRUE(p.get(p.test_card));
}

TEST(ShowMode, ALockTakesAHeldSliderFromTheHand) {
  Show show({"desk/shown=on"}, 640, 480);
  ShowParams& p = show.session->params();
  show.frames(3);
  const Spot high = show.spot("dancer/temperature", 0.88f), low = show.spot("dancer/temperature", 0.4f);
  point_at(high);
  show.frames(1);
  press_button(true, high);
  show.frames(2);
  const double held = p.base(p.temperature.index);
  EXPECT_GT(held, 1.0);
  press(SDLK_l, KMOD_LCTRL);
  show.frames(2);
  point_at(low);
  show.frames(2);
  press_button(false, low);
  show.frames(1);
  EXPECT_EQ(p.base(p.temperature.index), held);
}

TEST(ShowMode, ABlackoutDarkensTheCalibration) {
  Show show({"show/blackout_fade=0"});
  show.frames(5);
  press(SDLK_k);
  show.frames(2);
  EXPECT_FALSE(all_black(show.picture()));
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
}

TEST(ShowMode, ABlackoutIsBlackWhenTheDancerFails) {
  Show show({"show/blackout_fade=0"});
  show.frames(20);
  show.script->throws = true;
  show.frames(20);
  EXPECT_GT(show.session->report().faults, 0u);
  press(SDLK_z);
  const gfx::Image frozen = show.picture();
  show.frames(5);
  EXPECT_EQ(show.picture().pixels, frozen.pixels);
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
}

class ShowModeFiles : public test::FolderTest {};

TEST_F(ShowModeFiles, ABlackoutIsBlackWhenEveryShaderIsBroken) {
  for (const char* needed : {"models", "shaders"}) std::filesystem::create_directories(folder / needed);
  for (const auto& file : std::filesystem::directory_iterator(data_folder() / "shaders")) {
    if (file.path().extension() == ".glsl")
      write_atomically(folder / "shaders" / file.path().filename().string(), "nothing of the kind\n");
  }
  ::setenv("OMBRA_DATA", folder.c_str(), 1);
  ASSERT_EQ(data_folder(), std::filesystem::weakly_canonical(folder));
  Show show({"show/blackout_fade=0"});
  show.frames(5);
  press(SDLK_x);
  EXPECT_TRUE(all_black(show.picture()));
}

TEST_F(ShowModeFiles, ASessionKeepsNoneOfIt) {
  ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
  ShowParams params({"lantern"});
  Modulation modulation;
  const auto changes = params.changes();
  for (const BoolParam each : {params.blackout, params.freeze, params.test_card}) params.set(each.index, 1.0);
  EXPECT_EQ(params.changes(), changes) << "there is nothing new to keep";
  params.set(params.blackout_fade.index, 2.0);
  save_preset(session_path(), params, modulation);
  const std::string text = read_text(session_path());
  for (const char* key : {"blackout =", "freeze =", "test_card ="}) EXPECT_EQ(text.find(key), std::string::npos) << key;
  EXPECT_NE(text.find("blackout_fade ="), std::string::npos);
}

TEST_F(ShowModeFiles, APresetThatSaysSoBeginsBlack) {
  write_atomically(folder / "dark.toml", "[show]\nblackout = true\n");
  SessionOptions options = headless_options();
  options.preset = folder / "dark.toml";
  Session dark(options);
  EXPECT_TRUE(dark.params().get(dark.params().blackout));
  ASSERT_TRUE(dark.frame());
  EXPECT_TRUE(all_black(gfx::read_pixels(0, 320, 180))) << "from the first frame on";
}

class MasterTest : public gfx::GlTest {
 protected:
  static constexpr int kWidth = 320, kHeight = 180;

  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    gfx::TestContext::instance().window->make_current();
    master_ = std::make_unique<Master>(kWidth, kHeight);
  }

  static void paint(float light) {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glClearColor(light, light, light, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
  }
  // -> what is to be seen, and whether something went wrong
  double show(const Master::Live& live, double step_s = 0.1, bool* wrong = nullptr) {
    master_->step(params_, step_s);
    const auto fault = master_->draw({0, kWidth, kHeight}, {"test", 60.0}, live);
    if (wrong) *wrong = fault != nullptr;
    const gfx::Image image = gfx::read_pixels(0, kWidth, kHeight);
    const auto [least, most] = std::ranges::minmax(image.pixels);
    EXPECT_LE(most - least, 1) << "half a picture";  // a renderer may dither
    return most / 255.0;
  }

  ShowParams params_{{"lantern"}};
  std::unique_ptr<Master> master_;
};

TEST_F(MasterTest, APictureThatCannotBeDrawnGivesWayToTheLastGoodOne) {
  const auto bright = [](bool) { paint(0.8f); };
  const auto breaks = [](bool seen) {
    EXPECT_TRUE(seen);
    glEnable(GL_SCISSOR_TEST);  // half of another picture, and what draws is left as it was
    glScissor(0, 0, kWidth / 2, kHeight);
    paint(0.1f);
    throw error("out of graphics memory");
  };
  bool wrong = true;
  EXPECT_NEAR(show(bright, 0.1, &wrong), 0.8, 0.01);
  EXPECT_FALSE(wrong);
  EXPECT_NEAR(show(breaks, 0.1, &wrong), 0.8, 0.01);
  EXPECT_TRUE(wrong);
  params_.set(params_.blackout.index, 1.0);
  params_.set(params_.blackout_fade.index, 1.0);
  EXPECT_NEAR(show(breaks, 0.5), 0.4, 0.01) << "it fades, too";
  EXPECT_EQ(show(breaks, 0.6), 0.0);
}

TEST_F(MasterTest, AFreezeAsksForNoLivePicture) {
  const auto bright = [](bool seen) {
    if (seen) paint(0.8f);
  };
  const auto unseen = [](bool seen) { EXPECT_FALSE(seen); };
  params_.set(params_.freeze.index, 1.0);
  EXPECT_NEAR(show(bright), 0.8, 0.01);
  EXPECT_TRUE(master_->live());
  paint(0.2f);
  EXPECT_NEAR(show(unseen), 0.8, 0.01);
  EXPECT_FALSE(master_->live());
  params_.set(params_.freeze.index, 0.0);
  EXPECT_NEAR(show([](bool) { paint(0.3f); }), 0.3, 0.01);
}

TEST_F(MasterTest, AFadeRunsOverTheTimeAskedForAndTurnsBackHalfway) {
  const auto bright = [](bool) { paint(1.0f); };
  params_.set(params_.blackout_fade.index, 2.0);
  EXPECT_EQ(show(bright), 1.0);
  params_.set(params_.blackout.index, 1.0);
  EXPECT_NEAR(show(bright, 0.5), 0.75, 0.01);
  EXPECT_NEAR(show(bright, 0.5), 0.5, 0.01);
  params_.set(params_.blackout.index, 0.0);
  EXPECT_NEAR(show(bright, 0.5), 0.75, 0.01);
  EXPECT_EQ(show(bright, 1.0), 1.0);
  params_.set(params_.blackout_fade.index, 0.0);
  params_.set(params_.blackout.index, 1.0);
  EXPECT_EQ(show(bright, 1e-4), 0.0);
}

TEST_F(MasterTest, AHeldPictureKeepsItsShapeInAWindowOfAnother) {
  gfx::HeldPicture held(kWidth, kHeight);
  paint(1.0f);
  held.keep({0, kWidth, kHeight});
  held.show({0, kWidth / 2, kHeight});  // half as high, in the middle
  const gfx::Image image = gfx::read_pixels(0, kWidth / 2, kHeight);
  EXPECT_EQ(colour_at(image, 0.5, 0.5), (Canvas::Colour{255, 255, 255}));
  EXPECT_EQ(colour_at(image, 0.5, 0.1), (Canvas::Colour{0, 0, 0}));
  EXPECT_EQ(colour_at(image, 0.5, 0.9), (Canvas::Colour{0, 0, 0}));
}

}  // namespace
}  // namespace ombra::show
