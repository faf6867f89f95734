// The people on the desk: when they are there, what a click on one does, that they dance.

#include "show/filled_desk.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

constexpr int kPeople = 24;

// Pixels of the picture within a place that differ, or look so.
int differing(const gfx::Image& a, const gfx::Image& b, const DeskPlace& place) {
  int count = 0;
  for (int y = static_cast<int>(place.top); y < static_cast<int>(place.bottom); ++y) {
    for (int x = static_cast<int>(place.left) * 3; x < static_cast<int>(place.right) * 3; ++x) {
      const auto at = static_cast<std::size_t>(y * a.width * 3 + x);
      count += a.pixels[at] != b.pixels[at] ? 1 : 0;
    }
  }
  return count;
}

int count_of(const gfx::Image& image, const DeskPlace& place, bool warm) {
  int count = 0;
  for (int y = static_cast<int>(place.top); y < static_cast<int>(place.bottom); ++y) {
    for (int x = static_cast<int>(place.left); x < static_cast<int>(place.right); ++x) {
      const std::uint8_t* p = image.pixels.data() + 3 * (y * image.width + x);
      const int apart = p[0] - p[2];
      count += (warm ? apart > 120 : apart < -90) ? 1 : 0;
    }
  }
  return count;
}

void hold_shift(FilledDesk& desk, bool down) {
  SDL_SetModState(down ? KMOD_LSHIFT : KMOD_NONE);
  desk.press(SDLK_LSHIFT, SDL_GetModState());
}

void show_people(FilledDesk& desk) {
  desk.know_people(kPeople, true);
  desk.click("People");
}

TEST(DeskPeople, AreThereOnlyForADancerThatKnowsThem) {
  FilledDesk desk(1920, 1080);
  const std::vector<const char*> people = {"person 1",    "person 24",  "dancer/person", "dancer/other", "dancer/morph",
                                           "dancer/cast", "dancer/yaw", "dancer/inward", "look/orbit"};
  for (const char* each : people) EXPECT_FALSE(desk.desk->place_of(each)) << each;
  EXPECT_FALSE(desk.desk->place_of("People"));
  desk.know_people(kPeople, false);
  desk.click("People 3");
  ASSERT_TRUE(desk.open("People"));
  for (const char* each : people) EXPECT_TRUE(desk.desk->place_of(each)) << each;
  EXPECT_FALSE(desk.desk->place_of("person 25"));
  for (const char* each : {"dancer/height", "dancer/build"}) EXPECT_FALSE(desk.desk->place_of(each)) << each;
  desk.know_people(kPeople, true);
  for (const char* each : {"dancer/height", "dancer/build"}) EXPECT_TRUE(desk.desk->place_of(each)) << each;
  keep_picture(desk, "desk-people");
  desk.know_people(0, false);
  for (const char* each : people) EXPECT_FALSE(desk.desk->place_of(each)) << "another dancer: " << each;
  EXPECT_FALSE(desk.open("People"));
  EXPECT_EQ(desk.desk->panels().size(), 3u) << "another panel took its place";
}

TEST(DeskPeople, AClickSaysWhoDancesAndWithShiftWhoElse) {
  FilledDesk desk(1920, 1080);
  show_people(desk);
  const ShowParams& p = desk.params;
  desk.click("person 7");
  EXPECT_EQ(p.get(p.person), 7.0f);
  EXPECT_EQ(p.get(p.other), model::FigureControls{}.other);
  hold_shift(desk, true);
  desk.click("person 12");
  hold_shift(desk, false);
  EXPECT_EQ(p.get(p.person), 7.0f);
  EXPECT_EQ(p.get(p.other), 12.0f);
  desk.click("person 24");
  EXPECT_EQ(p.get(p.person), 24.0f);
  EXPECT_EQ(p.get(p.seed), 0) << "the phrase goes on";
}

TEST(DeskPeople, ThoseWhoDanceAreMarkedAndBothOfTwoBetweenWhomItIs) {
  FilledDesk desk(1920, 1080);
  show_people(desk);
  ShowParams& p = desk.params;
  const auto marks = [&](int n, bool warm) {
    return count_of(desk.picture(), desk.place(fmt::format("person {}", n)), warm);
  };
  p.set(p.person.index, 5.0), p.set(p.other.index, 9.0);
  desk.point_at(2.0f, 2.0f);
  const int whole = marks(5, true), none = marks(4, true);
  EXPECT_GT(whole, none + 100);
  EXPECT_GT(marks(9, false), marks(4, false) + 100);
  p.set(p.person.index, 29.0);
  desk.draw();
  EXPECT_EQ(marks(5, true), whole) << "beyond the last one it begins anew";
  p.set(p.person.index, 24.5);
  desk.draw();
  const gfx::Image between = desk.picture();
  p.set(p.person.index, 12.0);
  desk.draw();
  const gfx::Image elsewhere = desk.picture();
  for (const int n : {24, 1})
    EXPECT_GT(differing(between, elsewhere, desk.place(fmt::format("person {}", n))), 100) << n;
  EXPECT_EQ(differing(between, elsewhere, desk.place("person 2")), 0);
}

TEST(DeskPeople, DanceThereAndBackWithTheBeat) {
  FilledDesk desk(1920, 1080);
  show_people(desk);
  desk.view.step_s = 0.0;
  desk.point_at(2.0f, 2.0f);
  const auto at = [&](double beat) {
    desk.view.beat = beat;
    return desk.picture();
  };
  const DeskPlace card = desk.place("person 3");
  const gfx::Image first = at(14.0);
  EXPECT_EQ(differing(first, at(14.4), card), 0);
  EXPECT_GT(differing(first, at(14.5), card), 50) << "two pictures a beat";
  const gfx::Image fourth = at(15.5);
  EXPECT_EQ(differing(fourth, at(14.0 + 5.5), card), 0) << "the same on the way back";
  EXPECT_EQ(differing(first, at(21.0), card), 0) << "and on";
  EXPECT_EQ(differing(first, at(-7.0), card), 0) << "before beat 0 as well";
  at(std::nan("")), at(1e300);
}

TEST(DeskPeople, HaveRoomInEverySize) {
  for (const auto& [width, height] :
       {std::pair{1024, 600}, {1280, 720}, {1920, 1080}, {3840, 2160}, {1080, 1920}, {600, 400}}) {
    for (const bool own_window : {true, false}) {
      const std::string size = fmt::format("{}-{}x{}", own_window ? "desk" : "panel", width, height);
      SCOPED_TRACE(size);
      FilledDesk desk(width, height, own_window);
      show_people(desk);
      keep_picture(desk, "people-" + size);
      for (const DeskPlace& place : desk.desk->places())
        EXPECT_TRUE(inside(place, static_cast<float>(width), static_cast<float>(height))) << place.name;
      for (const DeskPanel& panel : desk.desk->panels())
        EXPECT_TRUE(panel.overflow == 0.0f || height < 600 || !own_window) << panel.name;
      EXPECT_TRUE(desk.desk->place_of("person 1") || height < (own_window ? 600 : 720));
    }
  }
}

}  // namespace
}  // namespace ombra::show
