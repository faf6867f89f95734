#include "show/live/output_choice.hpp"

#include <fmt/format.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ombra::show {
namespace {

const Display kLaptop{"Laptop 14\"", 1280, 720, 60, 0, 0, "eDP-1"};
const Display kBeamer{"Beamer 40\"", 1920, 1080, 60, 1280, 0, "HDMI-1"};
const Display kTwin{"Beamer 40\"", 1920, 1080, 60, 3200, 0, "HDMI-2"};
const std::vector<std::string> kNobody;

std::vector<std::string> names(const OutputChoice& choice) {
  std::vector<std::string> all;
  for (const WantedOutput& o : choice.outputs)
    all.push_back((o.there ? "" : "awaited ") + (o.display.connector.empty() ? o.display.name : o.display.connector));
  return all;
}
using Names = std::vector<std::string>;

TEST(OutputChoice, OneDisplayIsSharedByPictureAndDesk) {
  EXPECT_TRUE(choose_outputs(std::vector{kLaptop}, kNobody, {}, false).outputs.empty());
  EXPECT_TRUE(choose_outputs(std::vector{kBeamer}, kNobody, {}, false).outputs.empty());
  EXPECT_TRUE(choose_outputs({}, kNobody, {}, false).outputs.empty());
  const OutputChoice asked = choose_outputs(std::vector{kLaptop}, Names{"eDP-1"}, {}, false);
  EXPECT_TRUE(asked.outputs.empty());
  EXPECT_EQ(asked.remarks.size(), 1u) << "it says why";
}

TEST(OutputChoice, OfTwoThePictureFillsTheOneThatIsNotTheOperators) {
  for (const std::vector<Display>& both : {std::vector{kLaptop, kBeamer}, {kBeamer, kLaptop}}) {
    const OutputChoice choice = choose_outputs(both, kNobody, {}, false);
    EXPECT_EQ(names(choice), Names{"HDMI-1"});
    EXPECT_EQ(both[static_cast<std::size_t>(choice.desk)], kLaptop);
  }
  Display first = kTwin;
  first.primary = true;
  const std::vector<Display> tower = {kBeamer, first};
  const OutputChoice choice = choose_outputs(tower, kNobody, {}, false);
  EXPECT_EQ(names(choice), Names{"HDMI-1"}) << "nothing is built in: the desktop's first is the operator's";
  EXPECT_EQ(choice.desk, 1);
}

TEST(OutputChoice, TwoDisplaysThatShowTheSameAreOne) {
  Display same = kBeamer;
  same.x = 0, same.width = 1280, same.height = 720;
  EXPECT_TRUE(choose_outputs(std::vector{kLaptop, same}, kNobody, {}, false).outputs.empty());
}

TEST(OutputChoice, TheCommandLineGoesBeforeAll) {
  const std::vector<Display> all = {kLaptop, kBeamer, kTwin};
  const std::vector<KnownDisplay> known = {{kBeamer, true}};
  EXPECT_EQ(names(choose_outputs(all, Names{"HDMI-2"}, known, false)), Names{"HDMI-2"});
  EXPECT_EQ(names(choose_outputs(all, Names{"2", "HDMI-1", "HDMI-1"}, known, false)), (Names{"HDMI-2", "HDMI-1"}));
  EXPECT_TRUE(choose_outputs(all, Names{"none"}, known, false).outputs.empty());
  EXPECT_TRUE(choose_outputs(all, kNobody, known, true).outputs.empty())
      << "--display and --fullscreen mean one window";
  const OutputChoice absent = choose_outputs(all, Names{"DP-9"}, known, false);
  EXPECT_EQ(names(absent), Names{"awaited DP-9"});
  EXPECT_EQ(absent.remarks.size(), 1u);
  const OutputChoice own = choose_outputs(all, Names{"eDP-1"}, {}, false);
  EXPECT_EQ(names(own), Names{"eDP-1"});
  EXPECT_EQ(own.desk, 1) << "the desk makes room";
}

TEST(OutputChoice, ItIsAsItWasTheLastTime) {
  const std::vector<Display> all = {kLaptop, kBeamer, kTwin};
  EXPECT_EQ(names(choose_outputs(all, kNobody, std::vector<KnownDisplay>{{kTwin, true}}, false)), Names{"HDMI-2"});
  EXPECT_EQ(names(choose_outputs(all, kNobody, std::vector<KnownDisplay>{{kBeamer, false}}, false)), Names{"HDMI-2"})
      << "where it was taken back from it does not go by itself";
  EXPECT_EQ(
      names(choose_outputs(std::vector{kLaptop, kBeamer}, kNobody, std::vector<KnownDisplay>{{kBeamer, false}}, false)),
      Names{});
  const KnownDisplay wall{{"Wall", 800, 600, 60, 1280, 0, "VGA-1"}, true};
  EXPECT_EQ(names(choose_outputs(std::vector{kLaptop}, kNobody, std::vector{wall}, false)), Names{"awaited VGA-1"});
  EXPECT_EQ(names(choose_outputs(std::vector{kLaptop, kBeamer}, kNobody, std::vector{wall}, false)),
            (Names{"awaited VGA-1", "HDMI-1"}))
      << "another projector than last time is used all the same";
}

TEST(OutputChoice, NamesakesAreToldApartByTheirConnectorsAndElseByTheirPlaces) {
  const std::vector<Display> all = {kLaptop, kBeamer, kTwin};
  EXPECT_EQ(find_again(all, kTwin), 2);
  Display moved = kTwin;
  moved.x = 99;
  EXPECT_EQ(find_again(all, moved), 2);
  moved.connector.clear();
  EXPECT_EQ(find_again(all, moved), -1) << "either of two";
  moved.x = kBeamer.x;
  EXPECT_EQ(find_again(all, moved), 1);
  EXPECT_EQ(find_again(std::vector{kLaptop, kBeamer}, kTwin), 1) << "the only one of its name";
}

TEST(OutputChoice, ThereAreFourAtMost) {
  std::vector<Display> many = {kLaptop};
  for (int i = 0; i < 6; ++i) many.push_back({fmt::format("Wall {}", i), 640, 480, 60, 1280 + 640 * i, 0});
  Names wanted;
  for (int i = 0; i < 6; ++i) wanted.push_back(fmt::format("Wall {}", i));
  EXPECT_EQ(choose_outputs(many, wanted, {}, false).outputs.size(), kMaxOutputs);
}

}  // namespace
}  // namespace ombra::show
