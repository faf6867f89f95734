// A mapping as the desk edits it: which keys it has, what the lock leaves of it, what its small picture shows.

#include "show/filled_desk.hpp"

#include <gtest/gtest.h>
#include <imgui.h>

namespace ombra::show {
namespace {

TEST(DeskMapping, LeavesTheirKeysToWhatTheStageCannotWaitFor) {
  for (const Uint32 window : {0u, 4711u}) {  // of the desk, of an output
    FilledDesk desk(1280, 720);
    const ShowParams& p = desk.params;
    desk.desk->bind_keys({{"freeze", {"N"}}, {"lock", {"Ctrl+Y"}}, {"blackout", {"PageUp"}}}, "session.toml");
    desk.mapping.edit(true);
    desk.press(SDLK_n, KMOD_NONE, window);
    EXPECT_TRUE(p.get(p.freeze));
    EXPECT_EQ(desk.mapping.selected().index, 0);
    desk.press(SDLK_PAGEUP, KMOD_NONE, window);
    EXPECT_TRUE(p.get(p.blackout));
    desk.press(SDLK_F1, KMOD_NONE, window);
    desk.press(SDLK_ESCAPE, KMOD_NONE, window);
    EXPECT_FALSE(desk.desk->keys().help_shown());
    EXPECT_TRUE(desk.mapping.editing());
    desk.press(SDLK_y, KMOD_LCTRL, window);
    EXPECT_TRUE(p.get(p.key_lock));
    desk.press(SDLK_y, KMOD_LCTRL, window);
    desk.mapping.edit(true);
    desk.press(SDLK_ESCAPE, KMOD_NONE, window);
    EXPECT_FALSE(desk.mapping.editing());
    EXPECT_EQ(desk.desk->keys().question(), Question::kNone);
  }
}

TEST(DeskMapping, ALockEndsIt) {
  for (const bool by_key : {true, false}) {
    FilledDesk desk(1920, 1080);
    ShowParams& p = desk.params;
    desk.click("Mapping");
    desk.mapping.edit(true);
    desk.draw();
    const DeskPlace canvas = desk.place("mapping canvas");
    const stage::Mapping before = desk.mapping.mapping();
    // the upper left corner: the output is in the middle, with a share of its size around it
    const float middle_x = 0.5f * (canvas.left + canvas.right), middle_y = 0.5f * (canvas.top + canvas.bottom);
    const float high = (canvas.bottom - canvas.top) / 1.24f, wide = high * 16.0f / 9.0f;
    desk.point_at(middle_x - 0.5f * wide, middle_y - 0.5f * high);
    desk.button(true);
    desk.point_at(middle_x - 0.4f * wide, middle_y - 0.4f * high);
    const stage::Mapping dragged = desk.mapping.mapping();
    ASSERT_NE(dragged, before);
    if (by_key) {
      desk.tell_key(SDLK_l, KMOD_LCTRL, 4711);  // the desk's window may be put away
      EXPECT_FALSE(desk.mapping.editing());
      desk.draw();
    } else {
      p.set(p.key_lock.index, 1.0);
      desk.draw();
    }
    EXPECT_FALSE(desk.mapping.editing()) << "the test card is gone";
    desk.point_at(middle_x, middle_y);
    desk.draw(2);
    EXPECT_EQ(desk.mapping.mapping(), dragged);
    EXPECT_FALSE(desk.mapping.held());
    desk.press(SDLK_RIGHT);
    desk.click("Edit on the wall");
    EXPECT_EQ(desk.mapping.mapping(), dragged);
    EXPECT_FALSE(desk.mapping.editing());
    p.set(p.key_lock.index, 0.0);
    desk.draw(2);
    desk.point_at(middle_x, middle_y - 0.1f * high);
    EXPECT_EQ(desk.mapping.mapping(), dragged) << "the button has been let go";
  }
}

TEST(DeskMapping, ItsMeshHasSlidersAsAllNumbersHave) {
  FilledDesk desk(1280, 720);
  ImGui::GetIO().MouseDoubleClickTime = 1e3f;
  desk.click("Mapping");
  desk.click("Mesh across", 0.97f);
  desk.click("Mesh down", 0.97f);
  EXPECT_EQ(desk.mapping.mapping().mesh.columns, stage::kMaxMeshPoints);
  EXPECT_EQ(desk.mapping.mapping().mesh.rows, stage::kMaxMeshPoints);
  for (int twice = 0; twice < 2; ++twice) desk.click("Mesh across", 0.5f);
  EXPECT_EQ(desk.mapping.mapping().mesh.columns, 2) << "a double click takes the default";
  EXPECT_EQ(desk.mapping.mapping().mesh.rows, stage::kMaxMeshPoints);
  desk.mapping.undo();
  EXPECT_GT(desk.mapping.mapping().mesh.columns, 2) << "each is a step";
}

TEST(DeskMapping, ItsKeysAreInTheListWhileItIsEdited) {
  FilledDesk desk(1024, 600);
  desk.press(SDLK_F1);
  EXPECT_TRUE(desk.desk->place_of("keys/blackout"));
  EXPECT_FALSE(desk.desk->place_of("keys/mapping_move"));
  desk.mapping.edit(true);
  desk.draw();
  for (const char* line : {"keys/mapping_move", "keys/mapping_next", "keys/mapping_undo", "keys/mapping_end"}) {
    const auto place = desk.desk->place_of(line);
    ASSERT_TRUE(place) << line;
    EXPECT_TRUE(inside(*place, 1024.0f, 600.0f)) << line;
  }
  keep_picture(desk, "desk-keys");
}

TEST(DeskMapping, IsEditedOnThePictureThatIsNotMapped) {
  FilledDesk desk(1920, 1080);
  desk.click("Mapping");
  const DeskPlace canvas = desk.place("mapping canvas");
  const auto colour_at = [&](float down) {
    const gfx::Image image = desk.picture();
    const auto x = static_cast<std::size_t>(0.5f * (canvas.left + canvas.right));
    const auto y = static_cast<std::size_t>(canvas.top + down * (canvas.bottom - canvas.top));
    return image.pixels[(y * 1920 + x) * 3];
  };
  EXPECT_LT(colour_at(0.42f), 30) << "the head";
  EXPECT_GT(colour_at(0.3f), 90) << "light above it, though the picture's alpha is 0";
  desk.view.preview = {};
  EXPECT_GT(colour_at(0.3f), 90);
  desk.view.picture = {};
  EXPECT_LT(colour_at(0.3f), 30);
}

}  // namespace
}  // namespace ombra::show
