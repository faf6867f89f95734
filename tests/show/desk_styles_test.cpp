// The styles on the desk: when they are there, what sliders and the button do, what is said of the phrase to come.

#include "show/filled_desk.hpp"

#include <gtest/gtest.h>

namespace ombra::show {
namespace {

const std::vector<std::string> kStyles = {"hip hop", "house", "jazz", "krump", "modern", "party", "salsa"};

TEST(DeskStyles, AreThereOnlyForADancerThatKnowsThem) {
  FilledDesk desk(1920, 1080);
  if (!desk.open("Dance")) desk.click("Dance");
  EXPECT_FALSE(desk.desk->place_of("Any style"));
  EXPECT_FALSE(desk.desk->place_of("style/salsa"));
  desk.know_styles(kStyles);
  for (const char* each : {"Any style", "style/hip_hop", "style/house", "style/jazz", "style/krump", "style/modern",
                           "style/party", "style/salsa", "Danced", "Next"})
    EXPECT_TRUE(desk.desk->place_of(each)) << each;
  keep_picture(desk, "desk-styles");
  desk.know_styles({"house", "voguing"});
  EXPECT_TRUE(desk.desk->place_of("style/voguing"));
  EXPECT_TRUE(desk.desk->place_of("style/house"));
  EXPECT_FALSE(desk.desk->place_of("style/salsa")) << "another dancer";
  desk.know_styles({});
  EXPECT_FALSE(desk.desk->place_of("Any style"));
  EXPECT_FALSE(desk.desk->place_of("style/house"));
}

TEST(DeskStyles, ASliderAsksForOneAndTheButtonForAny) {
  FilledDesk desk(1920, 1080);
  if (!desk.open("Dance")) desk.click("Dance");
  desk.know_styles(kStyles);
  const ShowParams& p = desk.params;
  desk.click("style/salsa", 0.9f);
  EXPECT_GT(p.get(p.styles[6]), 0.6f);
  desk.click("style/house", 0.6f);
  EXPECT_GT(p.get(p.styles[1]), 0.2f);
  EXPECT_EQ(p.get(p.styles[0]), 0.0f);
  keep_picture(desk, "desk-styles-asked");
  desk.click("Any style");
  for (const FloatParam style : p.styles) EXPECT_EQ(p.get(style), 0.0f);
}

TEST(DeskStyles, StandStillAndSayWhatIsDancedAndWhatComes) {
  FilledDesk desk(1920, 1080);
  if (!desk.open("Dance")) desk.click("Dance");
  desk.know_styles(kStyles);
  desk.point_at(2.0f, 2.0f);
  const auto picture_of = [&](const char* name) {
    const gfx::Image image = desk.picture();
    const DeskPlace at = desk.place(name);
    std::vector<bool> lit;  // by channel: the ground may differ by a shade
    for (int y = static_cast<int>(at.top); y < static_cast<int>(at.bottom); ++y) {
      const std::uint8_t* row = image.pixels.data() + 3 * (y * image.width + static_cast<int>(at.left));
      for (int k = 0; k < 3 * 200; ++k) lit.push_back(row[k] > 96);
    }
    return lit;
  };
  // numbers that are lit in one of them alone: letters count by the hundred, a shade at an edge by the dozen
  const auto apart = [](const std::vector<bool>& a, const std::vector<bool>& b) {
    int count = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) count += a[i] != b[i] ? 1 : 0;
    return count;
  };
  const DeskPlace place = desk.place("Next");
  const auto danced = picture_of("Danced"), next = picture_of("Next");
  desk.params.set(desk.params.styles[6].index, 1.0);
  const auto asked = picture_of("Next");
  EXPECT_GT(apart(asked, next), 100) << "salsa comes";
  EXPECT_LT(apart(picture_of("Danced"), danced), 50) << "and is not danced yet";
  desk.view.dance.counters.styles[6] = 1.0f;
  EXPECT_GT(apart(picture_of("Danced"), danced), 100) << "now it is";
  EXPECT_GT(apart(picture_of("Next"), asked), 100) << "nothing else comes: no longer lit";
  EXPECT_EQ(desk.place("Next").top, place.top);
}

TEST(DeskStyles, ALongNameIsCutAndOneThatOnlyAFileKnowsIsNotShown) {
  FilledDesk desk(1920, 1080);
  desk.params.set_text("style/waltz", "1");
  desk.know_styles({"house", "a style with a name that is too long for its slider"});
  if (!desk.open("Dance")) desk.click("Dance");
  EXPECT_FALSE(desk.desk->place_of("style/waltz"));
  const auto row = desk.desk->place_of("style/house");
  const auto other = desk.desk->place_of("style/a_style_with_a_name_that_is_too_long_for");
  ASSERT_TRUE(row && other);
  EXPECT_EQ(row->right - row->left, other->right - other->left) << "the name is cut";
  keep_picture(desk, "desk-styles-long");
}

}  // namespace
}  // namespace ombra::show
