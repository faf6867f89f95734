// The desk in a window of its own: that it fills it, that everything can be reached, that nothing moves.
// With OMBRA_DESK_PICTURES=FOLDER it is drawn into files there, to be looked at.

#include "pictures.hpp"
#include "show/desk/desk_plan.hpp"
#include "show/filled_desk.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

constexpr std::pair<int, int> kSizes[] = {{1024, 600},  {1280, 720},  {1366, 768}, {1920, 1080},
                                          {1920, 1200}, {3840, 2160}, {1080, 1920}};
constexpr const char* kTabs[] = {"Show",  "Look",    "Dance", "Beat",  "Music",
                                 "Title", "Mapping", "Share", "Setup", "Machine"};
constexpr float kLow = 0.35f;  // across a row: the left end of its value

bool apart(const auto& a, const auto& b) {
  constexpr float kTouch = 0.5f;
  return a.right <= b.left + kTouch || b.right <= a.left + kTouch || a.bottom <= b.top + kTouch ||
         b.bottom <= a.top + kTouch;
}

void expect_places_apart(const FilledDesk& desk) {
  const std::vector<DeskPlace>& places = desk.desk->places();
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_TRUE(inside(places[i], static_cast<float>(desk.window.width()), static_cast<float>(desk.window.height())))
        << places[i].name;
    for (std::size_t k = 0; k < i; ++k) EXPECT_TRUE(apart(places[i], places[k])) << places[i].name << places[k].name;
  }
}

bool same(const DeskPlace& a, const DeskPlace& b) {
  return a.name == b.name && a.left == b.left && a.top == b.top && a.right == b.right && a.bottom == b.bottom;
}

void fill_messages(FilledDesk& desk) {
  desk.view.messages = {{"EPSON PJ 27\" is gone: the picture comes back when it is there again, and this is long"},
                        {"Saved the preset intro warm", Message::Kind::kNote},
                        {"The dancer failed: out of memory"}};
  desk.view.recording.on = true;
  desk.view.recording.status.seconds = 4000.0, desk.view.recording.status.bytes = 3'400'000'000;
  desk.view.recording.status.free_bytes = 80'000'000'000, desk.view.recording.status.left_s = 90000.0;
  desk.view.recording.status.encoder = "libx264 veryfast", desk.view.recording.status.left_out = 12;
}

TEST(DeskPlan, KeepsItsPartsApartAndInsideTheWindow) {
  for (float em = 10.0f; em < 40.0f; em += 7.0f) {
    for (float width = 30.0f; width < 240.0f; width += 7.3f) {
      for (float height = 20.0f; height < 200.0f; height += 6.1f) {
        const auto plan = plan_desk(width * em, height * em, em);
        EXPECT_EQ(plan.has_value(), width >= 44.5f && height >= 26.5f);
        if (!plan) continue;
        std::vector<Area> all{plan->header, plan->preview, plan->outputs, plan->sound, plan->help};
        all.insert(all.end(), plan->columns.begin(), plan->columns.end());
        for (std::size_t i = 0; i < all.size(); ++i) {
          EXPECT_TRUE(inside(all[i], width * em, height * em)) << width << " " << height;
          EXPECT_GT(all[i].width(), 0.0f);
          EXPECT_GT(all[i].height(), 0.0f) << width << " " << height << " " << i;
          for (std::size_t k = 0; k < i; ++k) EXPECT_TRUE(apart(all[i], all[k])) << width << " " << height;
        }
        for (const Area& column : plan->columns) EXPECT_GE(column.width() + 1.0f, 21.0f * em);
      }
    }
  }
}

TEST(DeskWindow, FillsEverySizeWithoutAScrollBarOrOverlap) {
  for (const auto& [width, height] : kSizes) {
    const std::string size = fmt::format("{}x{}", width, height);
    SCOPED_TRACE(size);
    FilledDesk desk(width, height);
    keep_picture(desk, "desk-" + size);
    EXPECT_GE(desk.desk->panels().size(), 2u);
    for (const DeskPanel& panel : desk.desk->panels()) EXPECT_EQ(panel.overflow, 0.0f) << panel.name;
    expect_places_apart(desk);
    for (const char* always : {"status", "input", "record", "show/blackout", "show/freeze", "show/test_card", "lock",
                               "swap", "identify", "close output 1", "close output 2", "open output 1"})
      EXPECT_TRUE(desk.desk->place_of(always)) << always;
  }
}

TEST(DeskWindow, IsDrawnIntoItsWindowWhateverWasDrawnIntoBefore) {
  FilledDesk desk(1024, 600);
  const gfx::Framebuffer elsewhere(GL_RGBA8, 64, 64);
  const auto light_over = [&](bool calibrating) {
    desk.view.calibration.on = calibrating;
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
    elsewhere.bind();  // as after the calibration's flash on an output
    glViewport(0, 0, 1024, 600);
    desk.desk->draw(desk.params, desk.modulation, desk.view, desk.actions);
    return test::mean_light(gfx::read_pixels(0, 1024, 600).pixels);
  };
  EXPECT_GT(light_over(false), 10.0);
  EXPECT_GT(light_over(true), 10.0) << "the calibration screen";
}

TEST(DeskWindow, OpensEveryPanelWithOneClickInEveryColumn) {
  for (const auto& [width, height] : {std::pair{1024, 600}, {1920, 1080}}) {
    FilledDesk desk(width, height);
    const std::size_t columns = desk.desk->panels().size();
    for (std::size_t column = 1; column <= columns; ++column) {
      for (const char* tab : kTabs) {
        desk.click(column == 1 ? std::string(tab) : fmt::format("{} {}", tab, column));
        EXPECT_TRUE(desk.open(tab)) << tab << " in column " << column;
        EXPECT_EQ(desk.desk->panels().size(), columns);
        expect_places_apart(desk);
        keep_picture(desk, fmt::format("desk-{}-{}-{}", width, tab, column));
      }
    }
  }
}

TEST(DeskWindow, AClickOpensAPanelWhereItWasClickedAndNoneTwice) {
  FilledDesk desk(1920, 1080);
  ASSERT_EQ(desk.desk->panels().size(), 3u);
  desk.click("Music 2");
  EXPECT_EQ(desk.desk->panels()[1].name, "Music");
  desk.click("Music");  // is open in the second one
  EXPECT_EQ(desk.desk->panels()[0].name, "Show");
  EXPECT_EQ(desk.desk->panels()[1].name, "Music");
  EXPECT_EQ(desk.desk->panels()[2].name, "Dance");
}

TEST(DeskWindow, NothingMovesWhenMessagesRecordingsAndTheGovernorComeAndGo) {
  for (const auto& [width, height] : kSizes) {
    FilledDesk desk(width, height);
    const std::vector<DeskPlace> before = desk.desk->places();
    fill_messages(desk);
    desk.view.take.folder = "night", desk.view.take.seconds = 60.0;
    for (int i = 0; i < 400; ++i) desk.governor.frame({0.1, 0.09, 0.09}, 1.0 / 60.0);
    ASSERT_TRUE(desk.governor.holding());
    desk.draw(3);
    keep_picture(desk, fmt::format("desk-{}x{}-busy", width, height));
    const std::vector<DeskPlace>& after = desk.desk->places();
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(same(before[i], after[i])) << before[i].name;
  }
}

TEST(DeskWindow, HelpCoversNothing) {
  FilledDesk desk(1280, 720);
  desk.view.step_s = 0.0;  // the sound stands still
  desk.point_at(2.0f, 2.0f);
  const gfx::Image before = desk.picture();
  desk.point_at("look/glow", 0.05f);  // its name
  const gfx::Image after = desk.picture();
  const auto plan = plan_desk(1280.0f, 720.0f, 15.0f);
  ASSERT_TRUE(plan);
  bool told = false, covered = false;
  for (int y = 0; y < after.height; ++y) {
    for (int x = 0; x < after.width; ++x) {
      const auto at = static_cast<std::size_t>((y * after.width + x) * after.channels);
      if (after.pixels[at] == before.pixels[at]) continue;
      const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
      const bool in = fx >= plan->help.left && fx < plan->help.right && fy >= plan->help.top && fy < plan->help.bottom;
      (in ? told : covered) = true;
    }
  }
  EXPECT_TRUE(told);
  EXPECT_FALSE(covered);
}

TEST(DeskWindow, ShowsWhatLeavesUprightAndInItsShape) {
  FilledDesk desk(1920, 1080);
  const auto plan = plan_desk(1920.0f, 1080.0f, 19.0f);
  ASSERT_TRUE(plan);
  const auto colour_at = [&](double across, double down) {
    const gfx::Image image = desk.picture();
    const auto x = static_cast<std::size_t>(plan->preview.left + across * plan->preview.width());
    const auto y = static_cast<std::size_t>(plan->preview.top + down * plan->preview.height());
    const std::size_t at = (y * 1920 + x) * 3;
    return std::array<int, 3>{image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
  };
  EXPECT_LT(colour_at(0.5, 0.4)[0], 30) << "the head";
  EXPECT_GT(colour_at(0.5, 0.25)[0], 90) << "above it light, though the picture's alpha is 0";
  EXPECT_LT(colour_at(0.5, 0.8)[0], 30) << "and the legs, down to here";
  desk.view.preview.width = 1920, desk.view.preview.height = 540;
  const auto bar = colour_at(0.5, 0.1);
  EXPECT_GT(bar[0], 15);
  EXPECT_EQ(bar[0], bar[2]) << "grey";
  EXPECT_NE(colour_at(0.5, 0.5)[0], bar[0]);
}

TEST(DeskWindow, ItsOutputsCanBeOpenedClosedSwappedAndIdentified) {
  FilledDesk desk(1024, 600);
  desk.click("open output 1");
  ASSERT_TRUE(desk.actions.open_output);
  EXPECT_EQ(desk.actions.open_output->connector, "DP-3") << "neither the desk's own nor one that is taken";
  EXPECT_FALSE(desk.desk->place_of("open output 2"));
  desk.click("close output 2");
  EXPECT_EQ(desk.actions.close_output, std::optional<std::size_t>(1));
  desk.click("swap");
  desk.click("identify");
  EXPECT_TRUE(desk.actions.swap_outputs);
  EXPECT_TRUE(desk.actions.identify);
}

TEST(DeskWindow, ALockLeavesBlackoutAndFreeze) {
  FilledDesk desk(1280, 720);
  ShowParams& p = desk.params;
  desk.click("lock");
  EXPECT_TRUE(p.get(p.key_lock));
  for (const char* each : {"Dance", "show/test_card", "record", "swap", "close output 1", "preset 1", "dancer/hold"})
    desk.click(each);
  desk.click("look/glow", 0.9f);
  EXPECT_FALSE(desk.open("Dance"));
  EXPECT_FALSE(p.get(p.test_card) || p.get(p.record_on) || p.get(p.hold));
  EXPECT_FALSE(desk.actions.swap_outputs || desk.actions.close_output || desk.actions.load_preset);
  EXPECT_LT(p.base(p.glow.index), 0.5);
  desk.click("show/blackout");
  desk.click("show/freeze");
  EXPECT_TRUE(p.get(p.blackout) && p.get(p.freeze));
  keep_picture(desk, "desk-locked");
  desk.click("lock");
  EXPECT_FALSE(p.get(p.key_lock));
}

TEST(DeskWindow, AQuestionWaitsForItsAnswer) {
  FilledDesk desk(1280, 720);
  desk.press(SDLK_ESCAPE);
  keep_picture(desk, "desk-question");
  desk.click("show/blackout");
  EXPECT_FALSE(desk.params.get(desk.params.blackout));
  desk.press(SDLK_n);
  desk.click("show/blackout");
  EXPECT_TRUE(desk.params.get(desk.params.blackout));
  EXPECT_FALSE(desk.actions.quit);
}

TEST(DeskWindow, PresetsAreLoadedUpdatedAndDeletedWhereTheyStand) {
  FilledDesk desk(1024, 600);
  desk.click("update preset");
  EXPECT_FALSE(desk.actions.save_preset) << "there is none yet";
  desk.click("preset 2");
  EXPECT_EQ(desk.actions.load_preset, "neon bars");
  desk.desk->set_preset("neon bars", desk.params, desk.modulation);
  desk.draw(2);
  desk.click("update preset");
  EXPECT_EQ(desk.actions.save_preset, "neon bars");
  for (int twice = 0; twice < 2; ++twice) desk.click("delete preset");
  EXPECT_FALSE(desk.actions.delete_preset || desk.desk->place_of("really delete")) << "a double click keeps it";
  desk.click("delete preset");
  EXPECT_FALSE(desk.actions.delete_preset) << "asks first";
  desk.click("really delete");
  EXPECT_EQ(desk.actions.delete_preset, "neon bars");
}

TEST(DeskWindow, KeysWaitWhileANameIsTyped) {
  FilledDesk desk(1280, 720);
  ShowParams& p = desk.params;
  desk.click("preset name", 0.3f);
  desk.press(SDLK_m);
  EXPECT_FALSE(p.get(p.mirror));
  desk.press(SDLK_ESCAPE);
  desk.draw(3);
  desk.press(SDLK_m);
  EXPECT_TRUE(p.get(p.mirror));
  EXPECT_FALSE(desk.actions.quit);
}

TEST(DeskWindow, BOpensTheFieldForTheTempoWhereverItIs) {
  FilledDesk desk(1024, 600);
  EXPECT_FALSE(desk.open("Beat"));
  desk.press(SDLK_b);
  desk.draw(3);
  EXPECT_TRUE(desk.open("Beat"));
  EXPECT_TRUE(desk.open("Show")) << "in the last column";
  desk.press(SDLK_m);
  EXPECT_FALSE(desk.params.get(desk.params.mirror)) << "typed";
}

TEST(DeskWindow, TheKeyOfThePanelHidesItOnlyOverThePicture) {
  FilledDesk desk(1280, 720);
  const ShowParams& p = desk.params;
  desk.press(SDLK_TAB);
  EXPECT_TRUE(p.get(p.desk_shown)) << "it would be gone after F11";
  desk.press(SDLK_ESCAPE);
  desk.press(SDLK_TAB);
  EXPECT_EQ(desk.desk->keys().question(), Question::kNone) << "any other key is a no";
  desk.view.own_window = false;
  desk.draw();
  desk.press(SDLK_TAB);
  EXPECT_FALSE(p.get(p.desk_shown));
  desk.press(SDLK_TAB);
  EXPECT_TRUE(p.get(p.desk_shown)) << "hidden it is over the picture, too";
}

TEST(DeskWindow, SaysTheKeysThatAreBound) {
  FilledDesk desk(1024, 600);
  const auto text_changes = [&](const char* name, const std::vector<KeyRow>& rows) {
    const DeskPlace place = desk.place(name);
    const gfx::Image before = desk.picture();
    desk.desk->bind_keys(rows, "session.toml");
    const gfx::Image after = desk.picture();
    for (int y = static_cast<int>(place.top); y < static_cast<int>(place.bottom); ++y) {
      for (int x = static_cast<int>(place.left) * 3; x < static_cast<int>(place.right) * 3; ++x) {
        const auto at = static_cast<std::size_t>(y * after.width * 3 + x);
        if (after.pixels[at] != before.pixels[at]) return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(text_changes("swap", {{"swap_outputs", {"Q"}}}));
  EXPECT_TRUE(text_changes("identify", {{"identify", {}}}));
}

TEST(DeskWindow, IsOneColumnWhereThereIsNoRoomForMore) {
  FilledDesk desk(600, 400);
  ASSERT_EQ(desk.desk->panels().size(), 1u);
  desk.click("Outputs");
  EXPECT_TRUE(desk.open("Outputs"));
  EXPECT_TRUE(desk.desk->place_of("swap"));
  keep_picture(desk, "desk-narrow");
  desk.click("Setup");
  EXPECT_TRUE(desk.desk->place_of("input")) << "which has no header here";
}

TEST(DeskWindow, ShowsAllMessagesWhereThereIsNoPlaceForHelp) {
  FilledDesk desk(600, 400);
  desk.view.step_s = 0.0;  // the sound stands still
  fill_messages(desk);
  desk.point_at(2.0f, 2.0f);
  const gfx::Image before = desk.picture();
  const float below = desk.place("status").bottom + 2.0f;
  desk.point_at("status");
  const gfx::Image after = desk.picture();
  int changed = 0;
  for (int y = static_cast<int>(below); y < after.height; ++y) {
    for (int x = 0; x < after.width * after.channels; ++x) {
      const auto at = static_cast<std::size_t>(y * after.width * after.channels + x);
      changed += after.pixels[at] != before.pixels[at] ? 1 : 0;
    }
  }
  EXPECT_GT(changed, 1000);
}

TEST(DeskWindow, TheOnePanelKeepsEveryTabInReach) {
  FilledDesk desk(1280, 720, false);
  desk.light = 0.9f;
  for (const char* tab : kTabs) {
    desk.click(tab);
    EXPECT_TRUE(desk.open(tab));
    EXPECT_EQ(desk.desk->panels().size(), 1u);
    expect_places_apart(desk);
    keep_picture(desk, fmt::format("panel-{}", tab));
  }
}

}  // namespace
}  // namespace ombra::show
