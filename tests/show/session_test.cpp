// The whole show off-screen, with a dancer that needs no trained model: pictures, desk, keys, faults.

#include "show/session/session.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/outputs.hpp"
#include "gfx/framebuffer.hpp"
#include "show/capsule_dancer.hpp"
#include "show/params/presets.hpp"

#include <SDL.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>

namespace ombra::show {
namespace {

struct Show {
  std::shared_ptr<CapsuleDancer::Script> script = std::make_shared<CapsuleDancer::Script>();
  std::unique_ptr<Session> session;

  explicit Show(std::vector<std::string> sets = {}, int width = 640, int height = 360) {
    SessionOptions options;
    options.dancer = capsule_dancers(script);
    options.model = "capsules";
    options.silent = true;
    options.headless = true;
    options.width = width, options.height = height;
    options.sets = std::move(sets);
    session = std::make_unique<Session>(std::move(options));
  }

  void frames(int n) {
    for (int i = 0; i < n; ++i) ASSERT_TRUE(session->frame()) << "the show ended at frame " << i;
    gfx::gl_check("the show");
  }
  void key(SDL_Keycode key, SDL_Keymod mods = KMOD_NONE) {
    SDL_Event event{};
    event.key.keysym.mod = static_cast<Uint16>(mods);
    event.type = SDL_KEYDOWN;
    event.key.keysym.sym = key;
    SDL_PushEvent(&event);
  }
  void text(const char* utf8) {
    SDL_Event event{};
    event.type = SDL_TEXTINPUT;
    std::snprintf(event.text.text, sizeof event.text.text, "%s", utf8);
    SDL_PushEvent(&event);
  }
  void point(int x, int y) {
    SDL_Event event{};
    event.type = SDL_MOUSEMOTION;
    event.motion.x = x, event.motion.y = y;
    SDL_PushEvent(&event);
  }
  void button(bool down, int x, int y, int which = SDL_BUTTON_LEFT) {
    SDL_Event event{};
    event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
    event.button.button = static_cast<Uint8>(which);
    event.button.x = x, event.button.y = y;
    SDL_PushEvent(&event);
  }
  void click(int x, int y, int which = SDL_BUTTON_LEFT) {
    point(x, y);
    frames(1);
    button(true, x, y, which);
    frames(1);
    button(false, x, y, which);
    frames(1);
  }
  void quit() {
    SDL_Event event{};
    event.type = SDL_QUIT;
    SDL_PushEvent(&event);
  }
  gfx::Image picture(int width = 640, int height = 360) {
    session->frame();
    gfx::Image image = gfx::read_pixels(0, width, height);
    return image;
  }
};

// -> mean difference of two pictures in 0..255, over the columns from..to
double difference(const gfx::Image& a, const gfx::Image& b, int from, int to) {
  double sum = 0.0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = from; x < to; ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto i = static_cast<std::size_t>((y * a.width + x) * a.channels + c);
        sum += std::abs(a.pixels[i] - b.pixels[i]);
      }
    }
  }
  return sum / (3.0 * a.height * (to - from));
}

TEST(Session, DancesAndShowsItsDesk) {
  Show show({"desk/shown=on", "look/grain=0", "look/trails=0"});
  show.frames(60);
  const gfx::Image with = show.picture();
  show.session->params().set_text("desk/shown", "off");
  show.session->params().set_text("dancer/hold", "on");
  show.frames(10);
  const gfx::Image without = show.picture();
  EXPECT_GT(difference(with, without, 20, 200), 8.0) << "the desk is not there";
  const SessionReport report = show.session->report();
  EXPECT_GE(report.frames, 70u);
  EXPECT_GT(report.moves, 0u);
  EXPECT_EQ(report.faults, 0u);
  EXPECT_EQ(report.model, "capsules");
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["frames"], report.frames);
  EXPECT_EQ(json["lead"], "ears");
  EXPECT_EQ(json["link_peers"], 0);
}

TEST(Session, EveryTabDrawsWithoutAGlError) {
  Show show({"desk/shown=on", "desk/scale=0.8"}, 640, 480);
  show.frames(3);
  const float em = 12.0f;  // text height at this size and scale
  for (int tab = 0; tab < 5; ++tab) {
    // walks the pointer along the tab bar, over the controls, with clicks and drags
    for (int step = 0; step < 20; ++step) {
      SDL_Event event{};
      const int x = static_cast<int>((2.0f + 4.0f * static_cast<float>(tab)) * em),
                y = static_cast<int>(em * (14.0f + static_cast<float>(step)));
      event.type = SDL_MOUSEMOTION;
      event.motion.x = x, event.motion.y = y;
      SDL_PushEvent(&event);
      event = {};
      event.type = step % 2 == 0 ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
      event.button.button = step % 10 >= 8 ? SDL_BUTTON_RIGHT : SDL_BUTTON_LEFT;
      event.button.x = x, event.button.y = y;
      SDL_PushEvent(&event);
      show.frames(1);
    }
  }
  const ShowParams& params = show.session->params();
  for (int i = 0; i < params.size(); ++i) {
    EXPECT_GE(params.base(i), params.declaration(i).low);
    EXPECT_LE(params.base(i), params.declaration(i).high);
  }
}

TEST(Session, ObeysItsKeys) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(2);
  EXPECT_FALSE(p.get(p.desk_shown));
  show.key(SDLK_TAB);
  show.frames(1);
  EXPECT_TRUE(p.get(p.desk_shown));
  show.key(SDLK_m);
  show.key(SDLK_d);
  show.key(SDLK_SPACE);
  show.frames(1);
  EXPECT_TRUE(p.get(p.mirror));
  EXPECT_EQ(p.get(p.count), 2);
  EXPECT_TRUE(p.get(p.hold));
  const int look = p.get(p.look);
  show.key(SDLK_l);
  show.frames(1);
  EXPECT_NE(p.get(p.look), look);
  const double warm = p.base(p.temperature.index), energy = p.base(p.energy.index);
  show.key(SDLK_RIGHT);
  show.key(SDLK_DOWN);
  show.frames(1);
  EXPECT_GT(p.base(p.temperature.index), warm);
  EXPECT_LT(p.base(p.energy.index), energy);
  show.key(SDLK_3);
  show.frames(10);
  EXPECT_EQ(p.get(p.seed), 0) << "a momentary act";
  EXPECT_EQ(show.session->report().jumps, 1u);
}

// On a software renderer, which is slow enough for it.
TEST(Session, DrawsFewerPixelsBeforeThePictureGetsLate) {
  const auto run = [](const char* governor, SessionReport& report) {
    Show show({governor}, 1920, 1080);
    for (const double until_s = now_s() + 8.0; now_s() < until_s;) show.frames(1);
    report = show.session->report();
  };
  SessionReport without, with;
  run("show/governor=off", without);
  if (without.renderer.find("llvmpipe") == std::string::npos || without.p50_ms < 24.0) {
    GTEST_SKIP() << "too fast to need a governor: " << without.p50_ms << " ms on " << without.renderer;
  }
  EXPECT_EQ(without.render_scale, 1.0);
  EXPECT_EQ(without.governed, 0u);
  run("show/governor=on", with);
  EXPECT_LT(with.render_scale, 1.0);
  EXPECT_GE(with.governed, 1u);
  EXPECT_LT(with.draw_ms, 0.8 * without.draw_ms);
  // and it helps; on a machine where even that is too much the rhythm is made even, at half the rate
  EXPECT_LT(with.p50_ms, (with.refreshes == 1 ? 0.85 : 1.0) * without.p50_ms);
}

TEST(Session, ASmallerPictureFillsTheWindow) {
  Show show({"desk/shown=off", "look/grain=0", "look/trails=0", "look/glow=0", "show/governor=off", "dancer/hold=on"});
  show.session->modulation().set_rows({}, show.session->params());  // the light keeps still
  show.frames(60);
  const gfx::Image whole = show.picture();
  show.session->params().set_text("show/render_scale", "0.5");
  show.frames(10);
  const gfx::Image half = show.picture();
  EXPECT_EQ(show.session->report().render_scale, 0.5);
  const double differ = difference(whole, half, 0, 640);
  EXPECT_LT(differ, 4.0) << "the same picture";
  EXPECT_GT(differ, 0.02) << "drawn with fewer pixels";
}

TEST(Session, TheKeysLeadTheBeat) {
  Show show({"beat/lead=hand"});
  ShowParams& p = show.session->params();
  show.frames(5);
  EXPECT_EQ(show.session->report().lead, "hand");
  p.set(p.typed_bpm.index, 100.0);
  show.frames(2);
  EXPECT_NEAR(show.session->report().tempo_bpm, 100.0, 1e-9);
  show.key(SDLK_PERIOD);
  show.frames(2);
  EXPECT_NEAR(show.session->report().tempo_bpm, 200.0, 1e-9);
  for (int i = 0; i < 2; ++i) {
    show.key(SDLK_COMMA);
    show.frames(1);
  }
  EXPECT_NEAR(show.session->report().tempo_bpm, 50.0, 1e-9);
  for (int i = 0; i < 4; ++i) {  // about 120 a minute, on a machine that may be busy
    show.key(SDLK_t);
    for (const double end_s = now_s() + 0.5; now_s() < end_s;) show.frames(1);
  }
  const double tapped = show.session->report().tempo_bpm;
  EXPECT_GT(tapped, 30.0);
  EXPECT_NE(tapped, 50.0);
  EXPECT_EQ(p.base(p.typed_bpm.index), 0.0) << "taps take the place of what was typed";
  const auto earlier_ms = [&show] { return show.session->beat().lead.nudge_ms; };
  show.key(SDLK_LEFTBRACKET);
  show.frames(1);
  EXPECT_NEAR(earlier_ms(), 10.0, 1e-9);
  show.key(SDLK_RIGHTBRACKET);
  show.frames(1);
  EXPECT_NEAR(earlier_ms(), 0.0, 1e-9);
  for (const SDL_Keycode one : {SDLK_RETURN, SDLK_KP_ENTER}) {
    show.key(one);
    show.frames(1);
    EXPECT_TRUE(show.session->beat().lead.one_given);
    show.key(SDLK_BACKSPACE);
    show.frames(1);
    EXPECT_FALSE(show.session->beat().lead.one_given);
  }
  show.key(SDLK_f);
  show.frames(2);
  EXPECT_TRUE(p.get(p.free_run));
  show.key(SDLK_f);
  p.set_text("beat/lead", "auto");
  show.key(SDLK_BACKSPACE);
  show.frames(2);
  EXPECT_EQ(show.session->report().lead, "ears");
  show.key(SDLK_b);
  show.frames(2);
  EXPECT_TRUE(p.get(p.desk_shown)) << "with the cursor in the field for the tempo";
}

TEST(Session, KCalibratesTheOffset) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(20);
  const double energy = p.base(p.energy.index);
  show.key(SDLK_k);
  show.frames(2);
  EXPECT_TRUE(p.get(p.calibrate));
  int bright = 0, dark = 0;
  for (int i = 0; i < 90; ++i) {  // the middle of the disc
    const gfx::Image image = show.picture();
    const auto at = static_cast<std::size_t>((360 * 42 / 100 * 640 + 320) * image.channels);
    bright += image.pixels[at] == 255 && image.pixels[at + 2] == 255 ? 1 : 0;
    dark += image.pixels[at] < 60 ? 1 : 0;
  }
  EXPECT_GT(bright, 0);
  EXPECT_GT(dark, bright);
  EXPECT_EQ(bright + dark, 90) << "either it flashes or it does not";
  show.key(SDLK_UP);
  show.key(SDLK_UP);
  show.key(SDLK_UP, KMOD_LSHIFT);
  show.key(SDLK_DOWN);
  show.frames(2);
  EXPECT_EQ(p.base(p.offset_ms.index), 6.0);
  EXPECT_EQ(p.base(p.energy.index), energy) << "the arrows are the calibration's";
  show.key(SDLK_0);
  show.key(SDLK_DOWN, KMOD_RSHIFT);
  show.key(SDLK_ESCAPE);
  show.frames(2);
  EXPECT_FALSE(p.get(p.calibrate));
  EXPECT_EQ(p.base(p.offset_ms.index), -5.0) << "it is kept";
  show.key(SDLK_k);
  show.frames(1);
  show.key(SDLK_k);
  show.frames(20);
  EXPECT_FALSE(p.get(p.calibrate));
}

TEST(Session, EscAsksBeforeItQuits) {
  Show show;
  show.key(SDLK_ESCAPE);
  show.frames(2);
  show.key(SDLK_n);
  show.frames(2);
  show.key(SDLK_y);
  show.frames(2);
  show.key(SDLK_ESCAPE);
  show.key(SDLK_y);
  EXPECT_FALSE(show.session->frame());
}

TEST(Session, TheWindowsCloseButtonAsksAsEscDoes) {
  Show show;
  show.frames(1);
  show.quit();
  show.frames(2);
  show.key(SDLK_n);
  show.frames(2);
  show.quit();
  show.frames(2);
  show.quit();
  EXPECT_FALSE(show.session->frame()) << "the second time it is a yes";
}

TEST(Session, TheCloseButtonAndEnterEndTheShow) {
  Show show;
  show.frames(1);
  show.quit();
  show.frames(1);
  show.key(SDLK_RETURN);
  EXPECT_FALSE(show.session->frame());
}

// Where things lie on a desk of text 15 pixels high.
constexpr int kLabelX = 40, kFirstRowY = 276, kTabY = 244;

TEST(Session, EscClosesAMenuAndNothingElse) {
  Show show({"desk/shown=on"});
  show.frames(3);
  show.click(kLabelX, kFirstRowY, SDL_BUTTON_RIGHT);  // the menu of the first control
  show.key(SDLK_m);
  show.frames(2);
  EXPECT_FALSE(show.session->params().get(show.session->params().mirror)) << "keys wait for the menu";
  show.key(SDLK_ESCAPE);
  show.frames(2);
  show.key(SDLK_y);
  show.frames(2);  // would have been the answer
  show.key(SDLK_m);
  show.frames(2);
  EXPECT_TRUE(show.session->params().get(show.session->params().mirror)) << "it is closed";
  show.key(SDLK_ESCAPE);
  show.frames(1);
  show.key(SDLK_y);
  EXPECT_FALSE(show.session->frame());
}

TEST(Session, WhatIsTypedAtOnceAfterBGoesIntoTheFieldOnly) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(2);
  show.key(SDLK_b);
  show.text("b");
  for (const char* digit : {"1", "2", "8"}) {
    show.key(digit[0]);
    show.text(digit);
  }
  show.key(SDLK_r);
  show.text("r");
  show.frames(6);
  EXPECT_EQ(p.get(p.seed), 0);
  EXPECT_FALSE(p.get(p.record_on));
  EXPECT_EQ(show.session->report().jumps, 0u);
  SDL_Event enter{};
  enter.type = SDL_KEYDOWN;
  enter.key.keysym.sym = SDLK_RETURN;
  enter.key.keysym.scancode = SDL_SCANCODE_RETURN;
  SDL_PushEvent(&enter);
  enter.type = SDL_KEYUP;  // before a picture is drawn
  SDL_PushEvent(&enter);
  show.frames(3);
  EXPECT_EQ(p.base(p.typed_bpm.index), 128.0);
}

TEST(Session, ADoubleClickTakesTheDefault) {
  Show show({"desk/shown=on", "dancer/temperature=1.4"});
  ShowParams& p = show.session->params();
  show.frames(3);
  const int x = 330;  // on the slider, far from the default
  show.point(x, kFirstRowY);
  show.frames(1);
  show.click(x, kFirstRowY);
  EXPECT_GT(p.base(p.temperature.index), 1.0) << "one click sets it";
  show.frames(1);
  show.button(true, x, kFirstRowY);
  show.frames(1);
  EXPECT_NEAR(p.base(p.temperature.index), 0.65, 1e-6);
  show.point(x + 15, kFirstRowY);
  show.frames(1);
  EXPECT_NEAR(p.base(p.temperature.index), 0.65, 1e-6) << "and it does not follow the hand that is still down";
  show.button(false, x, kFirstRowY);
  show.frames(1);
}

// -> the desk's rows from the tabs down, without the wall beside it
double moved(const gfx::Image& a, const gfx::Image& b) {
  double sum = 0.0;
  int n = 0;
  for (int y = 0; y < a.height; ++y) {
    if (y < kTabY - 10 || y > 345) continue;
    for (int x = 20; x < 360; ++x, ++n) {
      const auto i = static_cast<std::size_t>((y * a.width + x) * a.channels);
      sum += std::abs(a.pixels[i] - b.pixels[i]);
    }
  }
  return sum / std::max(1, n);
}

TEST(Session, TheDeskStandsStillWhenMessagesComeAndGo) {
  Show show({"desk/shown=on", "desk/opacity=1"});
  show.session->modulation().set_rows({}, show.session->params());
  show.frames(90);
  const gfx::Image before = show.picture();
  for (const char* name : {"/nowhere/a.toml", "/nowhere/b.toml"}) {
    SDL_Event event{};
    event.type = SDL_DROPFILE;
    event.drop.file = SDL_strdup(name);
    SDL_PushEvent(&event);
  }
  show.frames(2);
  EXPECT_LT(moved(before, show.picture()), 0.5);
  show.click(150, kTabY);  // and the measure sees another panel
  EXPECT_GT(moved(before, show.picture()), 2.0);
}

TEST(Session, APresetMayBeSavedOverButNoSongThatWasDropped) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "ombra_session_inputs";
  std::filesystem::create_directories(folder);
  const auto preset = folder / "red.toml", song = folder / "song.mp4";
  write_atomically(song, "a song");
  Show show;
  save_preset(preset, show.session->params(), show.session->modulation());
  for (const auto& file : {preset, song}) {
    SDL_Event event{};
    event.type = SDL_DROPFILE;
    event.drop.file = SDL_strdup(file.c_str());
    SDL_PushEvent(&event);
  }
  show.frames(3);
  EXPECT_NO_THROW(save_preset(preset, show.session->params(), show.session->modulation()));
  EXPECT_THROW(claim(song), UsageError) << "as every recording does";
  std::filesystem::remove_all(folder);
}

TEST(Session, ThePictureGoesOnWhenTheDancerFails) {
  Show show;
  show.frames(20);
  show.script->throws = true;
  show.frames(20);
  EXPECT_GT(show.session->report().faults, 0u);
  show.script->throws = false;
  show.frames(40);
}

TEST(Session, StartsWithoutSoundAndSaysSo) {
  Show show;
  show.frames(90);
  const SessionReport report = show.session->report();
  if (report.source.find("track") != std::string::npos) {
    EXPECT_NE(report.message.find("bundled track"), std::string::npos) << report.message;
    EXPECT_GT(report.level_max, 0.0);
  }
}

TEST(Session, RefusesWhatTheCommandLineGetsWrong) {
  EXPECT_THROW(Show({"dancer/temprature=1"}), UsageError);
  SessionOptions options;
  options.dancer = capsule_dancers();
  options.model = "broken";
  options.headless = true;
  EXPECT_THROW(Session{options}, Error);
  options.model = "capsules";
  options.play = "/nowhere/song.mp3";
  EXPECT_THROW(Session{options}, Error);
}

}  // namespace
}  // namespace ombra::show
