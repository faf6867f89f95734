// Styles of dance as parameters: there where the dancer knows them, and none of anybody's business where it does not.

#include "show/params/presets.hpp"
#include "show/params/show_params.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ombra::show {
namespace {

using Names = std::vector<std::string>;

struct Desk {
  ShowParams params{{"ember", "paper", "neon"}};
  Modulation modulation;

  explicit Desk(const Names& styles = {}) { params.know_styles(styles); }
  Names read(std::string_view text) { return read_preset(text, "my.toml", params, modulation); }
  std::string preset() const { return write_preset(params, modulation); }
  std::array<float, 8> asked() const { return params.dance_controls().styles; }
  int at(std::string_view path) const { return params.find(path); }
};

using Weights = std::array<float, 8>;

TEST(StyleParams, AreThoseOfTheDancerInItsOrder) {
  Desk desk({"hip hop", "Salsa", "house"});
  ShowParams& p = desk.params;
  ASSERT_EQ(p.styles.size(), 3u);
  EXPECT_EQ(p.declaration(p.styles[0].index).path, "style/hip_hop");
  EXPECT_EQ(p.declaration(p.styles[0].index).label, "Hip hop");
  EXPECT_EQ(p.declaration(p.styles[1].index).path, "style/salsa");
  EXPECT_EQ(desk.asked(), Weights{}) << "at first any";
  EXPECT_EQ(p.set_text("style/salsa", "0.5"), "");
  EXPECT_EQ(p.set_text("style/Hip-Hop", "1"), "") << "as it is written, too";
  EXPECT_EQ(desk.asked(), (Weights{1.0f, 0.5f}));
  p.forget_styles();
  EXPECT_EQ(desk.asked(), Weights{});
}

TEST(StyleParams, ADancerWithoutStylesHasNone) {
  Desk desk;
  EXPECT_TRUE(desk.params.styles.empty());
  desk.params.set_text("style/salsa", "1");
  EXPECT_EQ(desk.asked(), Weights{});
  EXPECT_FALSE(desk.params.listened_to(desk.at("style/salsa")));
  EXPECT_EQ(desk.params.unknown_styles(), "the dancer does not know style/salsa: it knows no styles");
  desk.params.set_text("style/salsa", "0");
  EXPECT_EQ(desk.params.unknown_styles(), "");
}

TEST(StyleParams, AnotherDancerListensToItsOwnAndValuesStay) {
  Desk desk({"salsa", "house"});
  ShowParams& p = desk.params;
  p.set_text("style/salsa", "0.25"), p.set_text("style/house", "0.75");
  p.know_styles({"krump", "house"});
  EXPECT_EQ(desk.asked(), (Weights{0.0f, 0.75f}));
  EXPECT_FALSE(p.listened_to(desk.at("style/salsa")));
  EXPECT_TRUE(p.listened_to(desk.at("style/krump")));
  EXPECT_TRUE(p.listened_to(p.temperature.index));
  EXPECT_EQ(p.unknown_styles(), "the dancer does not know style/salsa: it knows style/house, style/krump");
  p.know_styles({"salsa"});
  EXPECT_EQ(desk.asked(), (Weights{0.25f}));
}

TEST(StyleParams, TheMusicPushesThem) {
  Desk desk({"salsa", "house"});
  ShowParams& p = desk.params;
  desk.modulation.set_rows({{.amount = 0.5f, .attack_s = 0.0f, .target = p.styles[1].index}}, p);
  AudioFrame loud;
  loud.level = 1.0f;
  desk.modulation.apply(p, loud, 0.0, 0.02);
  EXPECT_EQ(desk.asked(), (Weights{0.0f, 0.5f}));
}

TEST(StyleParams, APresetKeepsThemAndTheirRows) {
  Desk a({"salsa", "hip hop"}), b({"hip hop", "krump", "salsa"}), early;
  a.params.set_text("style/hip_hop", "0.75");
  a.modulation.set_rows({{.target = a.params.styles[0].index}}, a.params);
  b.params.set_text("style/krump", "1");
  const std::string text = a.preset();
  EXPECT_EQ(b.read(text), Names{});
  EXPECT_EQ(b.asked(), (Weights{0.75f})) << "what the preset does not ask for is not asked for";
  ASSERT_EQ(b.modulation.rows().size(), 1u);
  EXPECT_EQ(b.params.declaration(b.modulation.rows()[0].target).path, "style/salsa");
  EXPECT_EQ(early.read(text), Names{}) << "read before the dancer is known";
  early.params.know_styles({"salsa", "hip hop"});
  EXPECT_EQ(early.asked(), (Weights{0.0f, 0.75f}));
  for (const char* kept : {"[style]\nhip_hop = 0.75\n", "to = 'style/salsa'"})
    EXPECT_NE(early.preset().find(kept), std::string::npos) << kept;
}

TEST(StyleParams, APresetOfAnotherDancerLoadsWithoutARemarkAndAsksForAny) {
  Desk a({"salsa"}), b({"house"});
  a.params.set_text("style/salsa", "1");
  b.params.set_text("style/house", "1");
  EXPECT_EQ(b.read(a.preset()), Names{});
  EXPECT_EQ(b.asked(), Weights{});
}

TEST(StyleParams, APresetFromBeforeThereWereStylesLeavesThem) {
  Desk desk({"house"});
  desk.params.set_text("style/house", "1");
  EXPECT_EQ(desk.read("version = 2\n[dancer]\nenergy = 0.5\n"), Names{});
  EXPECT_EQ(desk.asked(), (Weights{1.0f}));
  EXPECT_EQ(desk.read("version = 2\nmodulation = []\n[style]\n"), Names{});
  EXPECT_EQ(desk.asked(), Weights{});
}

TEST(StyleParams, APresetIsNoOtherForADancerThatIsLoaded) {
  Desk desk({"salsa"});
  const std::string before = desk.preset();
  desk.params.know_styles({"house", "krump"});
  EXPECT_EQ(desk.preset(), before);
}

TEST(StyleParams, StrangeNamesDoNoHarm) {
  const std::string longest(5000, 'x');
  Desk desk({"", "?!", "Größe", "a\nb", longest, "  Pop & Party  ", "pop party", "##glow"});
  ShowParams& p = desk.params;
  ASSERT_EQ(p.styles.size(), 8u);
  EXPECT_EQ(p.styles[0].index, -1);
  EXPECT_EQ(p.styles[1].index, -1);
  EXPECT_EQ(p.declaration(p.styles[2].index).path, "style/größe");
  EXPECT_EQ(p.styles[5].index, p.styles[6].index) << "one slider for two of one name";
  for (const FloatParam style : p.styles) {
    if (style.index < 0) continue;
    const Declaration& d = p.declaration(style.index);
    EXPECT_LE(d.path.size(), 60u);
    EXPECT_LE(d.label.size(), 40u);
    EXPECT_EQ(d.label.find_first_of("#\n"), std::string::npos) << d.label;
    p.set(style.index, 0.5);
  }
  Desk other(Names{"Größe"});
  EXPECT_EQ(other.read(desk.preset()), Names{});
  EXPECT_EQ(other.asked(), (Weights{0.5f}));
}

TEST(StyleParams, AFileCannotMakeTooMany) {
  std::string text = "version = 2\n[style]\n";
  for (int i = 0; i < 1000; ++i) text += fmt::format("s{} = 1.0\n", i);
  Desk desk;
  const int before = desk.params.size();
  EXPECT_FALSE(desk.read(text).empty());
  EXPECT_EQ(desk.params.size(), before + Params::kMostOpened);
  desk.params.know_styles({"salsa"});
  EXPECT_EQ(desk.params.styles.size(), 1u);
  EXPECT_GE(desk.params.styles[0].index, 0) << "the dancer's own are there all the same";
}

TEST(StyleParams, StandInTheReferenceOnce) {
  const Desk desk;
  const std::string page = reference_page(desk.params);
  EXPECT_NE(page.find("| `style/NAME` | number | 0 to 1 | 0 | yes |"), std::string::npos) << page;
  EXPECT_LT(page.find("| `dancer/temperature` |"), page.find("| `style/NAME` |"));
}

}  // namespace
}  // namespace ombra::show
