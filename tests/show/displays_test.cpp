#include "show/live/displays.hpp"
#include "show/live/output_display.hpp"
#include "show/live/output_plan.hpp"

#include <SDL.h>
#include <gtest/gtest.h>

#include <vector>

namespace ombra::show {
namespace {

TEST(Displays, AreCalledByNameAndConnectorOrWhatThereIsOfBoth) {
  EXPECT_EQ(display_title("EPSON PJ", "HDMI-1"), "EPSON PJ (HDMI-1)");
  EXPECT_EQ(display_title("EPSON PJ", ""), "EPSON PJ");
  EXPECT_EQ(display_title("DUMMY1", "DUMMY1"), "DUMMY1");
}

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

// Laptop at the left, a projector and a third display beside it.
const Display kLaptop{"eDP-1", 1280, 720, 60, 0, 0};
const Display kBeamer{"Beamer 40\"", 1920, 1080, 60, 1280, 0};
const Display kThird{"Third", 1920, 1080, 60, 3200, 0};
using Act = OutputPlan::Act;

OutputPlan filling(const Display& display, const std::vector<Display>& layout) {
  OutputPlan plan;
  plan.fill(display);
  EXPECT_EQ(plan.layout(layout), OutputPlan::Step{});
  return plan;
}

TEST(OutputPlan, OnlyTheDisplayThatThePictureFillsCounts) {
  OutputPlan plan = filling(kBeamer, {kLaptop, kBeamer, kThird});
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kBeamer}), OutputPlan::Step{}) << "another one has gone";
  EXPECT_EQ(plan.layout(std::vector{kBeamer}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{kThird, kLaptop, kBeamer}), OutputPlan::Step{}) << "and come back";
  EXPECT_TRUE(plan.filling());
  EXPECT_EQ(plan.layout(std::vector{kThird, kLaptop}), (OutputPlan::Step{Act::kLeave, 0}));
  EXPECT_TRUE(plan.waiting());
  EXPECT_EQ(plan.layout({}), OutputPlan::Step{}) << "a desktop between two layouts";
}

TEST(OutputPlan, ThePictureGoesBackToItsOwnDisplayAndToNoOther) {
  OutputPlan plan = filling(kBeamer, {kLaptop, kBeamer});
  plan.layout(std::vector{kLaptop});
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kThird}), OutputPlan::Step{});
  Display elsewhere = kBeamer;
  elsewhere.x = -1920, elsewhere.width = 1280, elsewhere.height = 800;
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kThird, elsewhere}), (OutputPlan::Step{Act::kFill, 2}));
  EXPECT_TRUE(plan.filling());
  EXPECT_EQ(plan.home(), elsewhere);
}

TEST(OutputPlan, ThePictureFollowsADisplayThatIsMoved) {
  OutputPlan plan = filling(kBeamer, {kLaptop, kBeamer});
  Display left = kBeamer, right = kLaptop;
  left.x = 0, right.x = 1920;
  EXPECT_EQ(plan.layout(std::vector{right, left}), (OutputPlan::Step{Act::kFill, 1}));
  EXPECT_EQ(plan.layout(std::vector{right, left}), OutputPlan::Step{});
}

TEST(OutputPlan, OfTwoDisplaysOfOneNameItIsTheOneThatWasAway) {
  Display twin = kBeamer;
  twin.x = 0;
  OutputPlan plan = filling(kBeamer, {twin, kBeamer});
  EXPECT_EQ(plan.layout(std::vector{twin}), (OutputPlan::Step{Act::kLeave, 0})) << "the other one is not it";
  EXPECT_EQ(plan.layout(std::vector{twin, kThird}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{twin, kThird, kBeamer}), (OutputPlan::Step{Act::kFill, 2}));
}

TEST(OutputPlan, AnAwaitedDisplayIsKnownByAPartOfItsName) {
  OutputPlan plan("beam");
  EXPECT_TRUE(plan.waiting());
  EXPECT_EQ(plan.layout(std::vector{kLaptop}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kThird}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kBeamer}), (OutputPlan::Step{Act::kFill, 1}));
  EXPECT_EQ(plan.home().name, "Beamer 40\"");
}

TEST(OutputPlan, AWindowStaysAWindow) {
  OutputPlan plan;
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kBeamer}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{kLaptop}), OutputPlan::Step{});
  EXPECT_EQ(plan.layout(std::vector{kLaptop, kBeamer}), OutputPlan::Step{});
}

TEST(Displays, AShowWhoseDisplayIsMissingWaitsForItAndRemembersIt) {
  gfx::Window window(gfx::context_only());
  OutputDisplay waits(window, "Beamer", {});
  waits.step(0.0, LayoutWatch::News::kSame, {});
  waits.step(1.0, LayoutWatch::News::kChanged, std::vector{kLaptop});
  EXPECT_EQ(waits.name(), "Beamer");
  EXPECT_TRUE(waits.fullscreen());
  EXPECT_NE(waits.message().find("Beamer"), std::string::npos);

  OutputDisplay stays(window, "", {});
  stays.step(0.0, LayoutWatch::News::kSame, {});
  EXPECT_EQ(stays.name(), window.display());
  EXPECT_FALSE(stays.fullscreen());
  EXPECT_EQ(stays.message(), "");
}

}  // namespace
}  // namespace ombra::show
