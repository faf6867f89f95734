// The whole show off-screen, with a dancer that needs no trained model: pictures, desk, keys, faults.

#include "show/session/session.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/outputs.hpp"
#include "pictures.hpp"
#include "show/operated_show.hpp"
#include "show/params/presets.hpp"
#include "temp_folder.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <utility>

namespace ombra::show {
namespace {

constexpr float kLabel = 0.03f, kLow = 0.35f, kHigh = 0.88f;  // across a row

TEST(Session, DancesAndShowsItsDesk) {
  Show show({"desk/shown=on", "look/grain=0", "look/trails=0"});
  show.frames(60);
  const gfx::Image with = show.picture();
  show.session->params().set_text("desk/shown", "off");
  show.session->params().set_text("dancer/hold", "on");
  show.frames(10);
  const gfx::Image without = show.picture();
  EXPECT_GT(test::difference(with.pixels, without.pixels, with.width, with.channels, {20, 0, 200, with.height}), 8.0)
      << "the desk is not there";
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

TEST(Session, EveryTabOpensAndClosesTheOneBefore) {
  Show show({"desk/shown=on", "desk/scale=0.8"}, 480, 720);
  show.session->modulation().set_rows({}, show.session->params());
  show.frames(3);
  // each with something that no other panel has
  const std::pair<const char*, const char*> tabs[] = {{"Beat", "beat/lead"},
                                                      {"Look", "look/glow"},
                                                      {"Dance", "dancer/pulse"},
                                                      {"Music", "Add a row"},
                                                      {"Setup", "desk/scale"},
                                                      {"Machine", "show/governor"},
                                                      {"Show", "save preset"}};
  for (const auto& [tab, own] : tabs) {
    EXPECT_FALSE(show.on_desk(own)) << "before " << tab << " was clicked";
    show.click(show.spot(tab));
    for (const auto& [other, control] : tabs) EXPECT_EQ(show.on_desk(control), other == tab) << tab << ": " << control;
  }
  press(SDLK_TAB);
  show.frames(2);
  EXPECT_FALSE(show.on_desk("Show")) << "the desk is hidden";
}

TEST(Session, AClickOnAControlSetsIt) {
  Show show({"desk/shown=on", "desk/scale=0.8"}, 480, 720);
  ShowParams& p = show.session->params();
  Modulation& modulation = show.session->modulation();
  modulation.set_rows({}, p);
  show.frames(3);
  show.click(show.spot("dancer/temperature", kHigh));
  EXPECT_GT(p.base(p.temperature.index), 1.2);
  show.click(show.spot("dancer/temperature", kLow));
  EXPECT_LT(p.base(p.temperature.index), 0.3);
  show.click(show.spot("dancer/hold", kLow));
  EXPECT_TRUE(p.get(p.hold));
  show.click(show.spot("Beat"));
  show.click(show.spot("beat/lead", 0.95f));
  EXPECT_EQ(p.name(p.lead), "hand") << "the last of them";
  show.click(show.spot("beat/free", kLow));
  EXPECT_TRUE(p.get(p.free_run));
  show.click(show.spot("Look"));
  show.click(show.spot("look/mirror", kLow));
  EXPECT_TRUE(p.get(p.mirror));
  show.click(show.spot("Music"));
  show.click(show.spot("Add a row"));
  EXPECT_EQ(modulation.rows().size(), 1u);
  show.click(show.spot("Machine"));
  const bool governed = p.get(p.governor);
  show.click(show.spot("show/governor", kLow));
  EXPECT_EQ(p.get(p.governor), !governed);
}

TEST(Session, ObeysItsKeys) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(2);
  EXPECT_FALSE(p.get(p.desk_shown));
  press(SDLK_TAB);
  show.frames(1);
  EXPECT_TRUE(p.get(p.desk_shown));
  press(SDLK_m);
  press(SDLK_d);
  press(SDLK_SPACE);
  show.frames(1);
  EXPECT_TRUE(p.get(p.mirror));
  EXPECT_EQ(p.get(p.count), 2);
  EXPECT_TRUE(p.get(p.hold));
  const int look = p.get(p.look);
  press(SDLK_l);
  show.frames(1);
  EXPECT_NE(p.get(p.look), look);
  const double warm = p.base(p.temperature.index), energy = p.base(p.energy.index);
  press(SDLK_RIGHT);
  press(SDLK_DOWN);
  show.frames(1);
  EXPECT_GT(p.base(p.temperature.index), warm);
  EXPECT_LT(p.base(p.energy.index), energy);
  press(SDLK_3);
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
  const double differ = test::difference(whole.pixels, half.pixels);
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
  press(SDLK_PERIOD);
  show.frames(2);
  EXPECT_NEAR(show.session->report().tempo_bpm, 200.0, 1e-9);
  for (int i = 0; i < 2; ++i) {
    press(SDLK_COMMA);
    show.frames(1);
  }
  EXPECT_NEAR(show.session->report().tempo_bpm, 50.0, 1e-9);
  for (int i = 0; i < 4; ++i) {  // about 120 a minute, on a machine that may be busy
    press(SDLK_t);
    for (const double end_s = now_s() + 0.5; now_s() < end_s;) show.frames(1);
  }
  const double tapped = show.session->report().tempo_bpm;
  EXPECT_GT(tapped, 30.0);
  EXPECT_NE(tapped, 50.0);
  EXPECT_EQ(p.base(p.typed_bpm.index), 0.0) << "taps take the place of what was typed";
  const auto earlier_ms = [&show] { return show.session->beat().lead.nudge_ms; };
  press(SDLK_LEFTBRACKET);
  show.frames(1);
  EXPECT_NEAR(earlier_ms(), 10.0, 1e-9);
  press(SDLK_RIGHTBRACKET);
  show.frames(1);
  EXPECT_NEAR(earlier_ms(), 0.0, 1e-9);
  for (const SDL_Keycode one : {SDLK_RETURN, SDLK_KP_ENTER}) {
    press(one);
    show.frames(1);
    EXPECT_TRUE(show.session->beat().lead.one_given);
    press(SDLK_BACKSPACE);
    show.frames(1);
    EXPECT_FALSE(show.session->beat().lead.one_given);
  }
  press(SDLK_f);
  show.frames(2);
  EXPECT_TRUE(p.get(p.free_run));
  press(SDLK_f);
  p.set_text("beat/lead", "auto");
  press(SDLK_BACKSPACE);
  show.frames(2);
  EXPECT_EQ(show.session->report().lead, "ears");
  press(SDLK_b);
  show.frames(2);
  EXPECT_TRUE(p.get(p.desk_shown)) << "with the cursor in the field for the tempo";
}

TEST(Session, KCalibratesTheOffset) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(20);
  const double energy = p.base(p.energy.index);
  press(SDLK_k);
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
  press(SDLK_UP);
  press(SDLK_UP);
  press(SDLK_UP, KMOD_LSHIFT);
  press(SDLK_DOWN);
  show.frames(2);
  EXPECT_EQ(p.base(p.offset_ms.index), 6.0);
  EXPECT_EQ(p.base(p.energy.index), energy) << "the arrows are the calibration's";
  press(SDLK_0);
  press(SDLK_DOWN, KMOD_RSHIFT);
  press(SDLK_ESCAPE);
  show.frames(2);
  EXPECT_FALSE(p.get(p.calibrate));
  EXPECT_EQ(p.base(p.offset_ms.index), -5.0) << "it is kept";
  press(SDLK_k);
  show.frames(1);
  press(SDLK_k);
  show.frames(20);
  EXPECT_FALSE(p.get(p.calibrate));
}

TEST(Session, EscAsksBeforeItQuits) {
  Show show;
  press(SDLK_ESCAPE);
  show.frames(2);
  press(SDLK_n);
  show.frames(2);
  press(SDLK_y);
  show.frames(2);
  press(SDLK_ESCAPE);
  press(SDLK_y);
  EXPECT_FALSE(show.session->frame());
}

TEST(Session, TheWindowsCloseButtonAsksAsEscDoes) {
  Show show;
  show.frames(1);
  close_window();
  show.frames(2);
  press(SDLK_n);
  show.frames(2);
  close_window();
  show.frames(2);
  close_window();
  EXPECT_FALSE(show.session->frame()) << "the second time it is a yes";
}

TEST(Session, TheCloseButtonAndEnterEndTheShow) {
  Show show;
  show.frames(1);
  close_window();
  show.frames(1);
  press(SDLK_RETURN);
  EXPECT_FALSE(show.session->frame());
}

TEST(Session, EscClosesAMenuAndNothingElse) {
  Show show({"desk/shown=on"}, 640, 480);
  show.frames(3);
  show.click(show.spot("dancer/temperature", kLabel), SDL_BUTTON_RIGHT);  // its menu
  press(SDLK_m);
  show.frames(2);
  EXPECT_FALSE(show.session->params().get(show.session->params().mirror)) << "keys wait for the menu";
  press(SDLK_ESCAPE);
  show.frames(2);
  press(SDLK_y);
  show.frames(2);  // would have been the answer
  press(SDLK_m);
  show.frames(2);
  EXPECT_TRUE(show.session->params().get(show.session->params().mirror)) << "it is closed";
  press(SDLK_ESCAPE);
  show.frames(1);
  press(SDLK_y);
  EXPECT_FALSE(show.session->frame());
}

TEST(Session, WhatIsTypedAtOnceAfterBGoesIntoTheFieldOnly) {
  Show show;
  ShowParams& p = show.session->params();
  show.frames(2);
  press(SDLK_b);
  type_text("b");
  for (const char* digit : {"1", "2", "8"}) {
    press(digit[0]);
    type_text(digit);
  }
  press(SDLK_r);
  type_text("r");
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
  Show show({"desk/shown=on", "dancer/temperature=1.4"}, 640, 480);
  ShowParams& p = show.session->params();
  show.frames(3);
  const Spot at = show.spot("dancer/temperature", kHigh);  // far from the default
  point_at(at);
  show.frames(1);
  show.click(at);
  EXPECT_GT(p.base(p.temperature.index), 1.0) << "one click sets it";
  show.frames(1);
  press_button(true, at);
  show.frames(1);
  EXPECT_NEAR(p.base(p.temperature.index), 0.65, 1e-6);
  point_at({at.x + 15, at.y});
  show.frames(1);
  EXPECT_NEAR(p.base(p.temperature.index), 0.65, 1e-6) << "and it does not follow the hand that is still down";
  press_button(false, at);
  show.frames(1);
}

TEST(Session, TheDeskStandsStillWhenMessagesComeAndGo) {
  Show show({"desk/shown=on", "desk/opacity=1"}, 640, 480);
  show.session->modulation().set_rows({}, show.session->params());
  show.frames(90);
  const gfx::Image before = show.picture(640, 480);
  // from the tabs down, without the wall beside the desk
  const test::Part panel{20, show.spot("Dance").y - 10, 360, before.height - 15};
  const auto moved = [&] {
    return test::difference(before.pixels, show.picture(640, 480).pixels, before.width, before.channels, panel);
  };
  for (const char* name : {"/nowhere/a.toml", "/nowhere/b.toml"}) drop_file(name);
  show.frames(2);
  EXPECT_LT(moved(), 0.5);
  show.click(show.spot("Look"));  // and the measure sees another panel
  EXPECT_GT(moved(), 2.0);
}

class SessionFiles : public test::FolderTest {};

TEST_F(SessionFiles, APresetMayBeSavedOverButNoSongThatWasDropped) {
  const auto preset = folder / "red.toml", song = folder / "song.mp4";
  write_atomically(song, "a song");
  Show show;
  save_preset(preset, show.session->params(), show.session->modulation());
  for (const auto& file : {preset, song}) drop_file(file.c_str());
  show.frames(3);
  EXPECT_NO_THROW(save_preset(preset, show.session->params(), show.session->modulation()));
  EXPECT_THROW(claim(song), UsageError) << "as every recording does";
}

TEST_F(SessionFiles, ADancerThatIsDroppedBringsItsStyles) {
  const auto other = folder / "other styles", none = folder / "none";
  for (const auto& model : {other, none}) {
    std::filesystem::create_directories(model);
    write_atomically(model / "recipe.toml", "");
  }
  Show show({"style/krump=0.5"});
  const ShowParams& p = show.session->params();
  const auto drop = [&](const std::filesystem::path& model, std::size_t styles) {
    drop_file(model.c_str());
    for (int i = 0; i < 200 && p.styles.size() != styles; ++i) show.frames(1);
    ASSERT_EQ(p.styles.size(), styles);
  };
  show.frames(2);
  EXPECT_TRUE(p.styles.empty());
  drop(other, 2);
  EXPECT_EQ(p.declaration(p.styles[1].index).path, "style/krump");
  EXPECT_FLOAT_EQ(p.get(p.styles[1]), 0.5f) << "what was asked for before is asked of it";
  show.frames(2);
  drop(none, 0);
  EXPECT_EQ(p.text(p.find("style/krump")), "0.5");
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
  SessionOptions options = headless_options();
  options.model = "broken";
  EXPECT_THROW(Session{options}, Error);
  options.model = "capsules";
  options.play = "/nowhere/song.mp3";
  EXPECT_THROW(Session{options}, Error);
}

}  // namespace
}  // namespace ombra::show
