#include "show/displays.hpp"
#include "show/output_display.hpp"

#include <SDL.h>
#include <gtest/gtest.h>

#include <vector>

namespace ombra::show {
namespace {

TEST(Displays, AreFoundByNumberNameAndPartOfTheName) {
  const std::vector<Display> displays = {
      {"eDP-1 14\"", 1920, 1080, 60}, {"HDMI-2 Beamer", 1280, 800, 60}, {"2", 640, 480, 60}};
  EXPECT_EQ(find_display(displays, "0"), 0);
  EXPECT_EQ(find_display(displays, "1"), 1);
  EXPECT_EQ(find_display(displays, "HDMI-2 Beamer"), 1);
  EXPECT_EQ(find_display(displays, "beam"), 1);
  EXPECT_EQ(find_display(displays, "2"), 2);  // a name goes before a number
  EXPECT_EQ(find_display(displays, "7"), -1);
  EXPECT_EQ(find_display(displays, "99999999999999999999999"), -1);
  EXPECT_EQ(find_display(displays, "wall"), -1);
  EXPECT_EQ(find_display(displays, ""), -1);
  EXPECT_EQ(find_display({}, "0"), -1);
}

TEST(Displays, AShowWhoseDisplayIsMissingWaitsForItAndRemembersIt) {
  gfx::Window window(gfx::context_only());
  OutputDisplay waits(window, "Beamer");
  EXPECT_EQ(waits.name(), "Beamer");
  EXPECT_TRUE(waits.fullscreen());
  EXPECT_NE(waits.message().find("Beamer"), std::string::npos);
  SDL_Event event{};
  event.type = SDL_DISPLAYEVENT;
  event.display.event = SDL_DISPLAYEVENT_CONNECTED;
  waits.event(event);
  EXPECT_EQ(waits.message(), "");

  OutputDisplay stays(window, "");
  EXPECT_EQ(stays.name(), window.display());
  EXPECT_FALSE(stays.fullscreen());
  EXPECT_EQ(stays.message(), "");
}

}  // namespace
}  // namespace ombra::show
