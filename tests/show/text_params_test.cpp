// Parameters that are a line of text: a title, a font, a file's name.

#include "core/error.hpp"
#include "core/text.hpp"
#include "show/params/presets.hpp"
#include "show/params/show_params.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ombra::show {
namespace {

const std::string kHard = "\"Größe\" 'n' \\ back\\\\slash = #[x] \xf0\x9f\x8e\x89\xef\xb8\x8f مرحبا Жук";

struct Desk {
  ShowParams params{{"ember", "paper", "neon"}};
  Modulation modulation;
};

TEST(CleanLine, LeavesOutWhatCannotBeShown) {
  EXPECT_EQ(clean_line(kHard, 1000), kHard);
  EXPECT_EQ(clean_line("a\nb\tc\r\x1b[31m\x7f", 100), "abc[31m");
  EXPECT_EQ(clean_line(std::string("a\0b", 3), 100), "ab");
  EXPECT_EQ(clean_line("a\xc2\x85\xe2\x80\xa8z", 100), "az") << "ends of lines in Unicode";
  // no UTF-8: a lone byte, a cut character, an overlong slash, a surrogate, beyond the last character
  EXPECT_EQ(clean_line("1\xff"
                       "2\xe2\x82"
                       "3\xc0\xaf"
                       "4\xed\xa0\x80"
                       "5\xf4\x90\x80\x80"
                       "6",
                       100),
            "123456");
}

TEST(CleanLine, IsCutBetweenCharacters) {
  EXPECT_EQ(clean_line("ääää", 5), "ää");
  EXPECT_EQ(clean_line("ab", 0), "");
  EXPECT_EQ(clean_line(std::string(1 << 20, 'x'), 200).size(), 200u);
}

TEST(TextParams, TakeAnyLineOfUtf8) {
  Desk desk;
  ShowParams& p = desk.params;
  EXPECT_EQ(p.get(p.title_text), "");
  EXPECT_EQ(p.assign("title/text=" + kHard), "");
  EXPECT_EQ(p.get(p.title_text), kHard);
  EXPECT_EQ(p.text(p.title_text.index), kHard);
  EXPECT_EQ(p.titles().title.text, kHard);
  EXPECT_EQ(p.set_text("title/text", ""), "");
  EXPECT_EQ(p.get(p.title_text), "");
  EXPECT_EQ(kind_name(Kind::kText), "text");
}

TEST(TextParams, SayWhatTheyLeaveOut) {
  Desk desk;
  ShowParams& p = desk.params;
  EXPECT_NE(p.set_text("title/text", "a\nb\xff").find("title/text: taken as 'ab'"), std::string::npos);
  EXPECT_EQ(p.get(p.title_text), "ab");
  const std::string remark = p.set_text("title/text", std::string(100000, 'W'));
  EXPECT_LT(remark.size(), 300u);
  EXPECT_EQ(p.get(p.title_text).size(), 200u);
}

TEST(TextParams, CountChangesAndAreReset) {
  Desk desk;
  ShowParams& p = desk.params;
  const auto before = p.changes();
  p.set_line(p.title_text.index, "");
  EXPECT_EQ(p.changes(), before);
  p.set_line(p.title_text.index, "DJ Ärger");
  EXPECT_EQ(p.changes(), before + 1);
  p.set(p.title_text.index, 0.7);
  EXPECT_EQ(p.get(p.title_text), "DJ Ärger") << "is no number";
  p.reset(p.title_text.index);
  EXPECT_EQ(p.get(p.title_text), "");
}

TEST(TextParams, ComeBackFromPresets) {
  Desk a, b;
  a.params.set_line(a.params.title_text.index, kHard);
  a.params.set_line(a.params.title_font.index, "DejaVu Serif Bold");
  const std::string file = "/media/Ünsere \"Logos\"/'a\\b'.png" + std::string(800, 'x');
  a.params.set_line(a.params.logo_file.index, file);
  const auto remarks = read_preset(write_preset(a.params, a.modulation), "my.toml", b.params, b.modulation);
  EXPECT_TRUE(remarks.empty()) << remarks.front();
  EXPECT_EQ(b.params.get(b.params.title_text), kHard);
  EXPECT_EQ(b.params.get(b.params.title_font), "DejaVu Serif Bold");
  EXPECT_EQ(b.params.get(b.params.logo_file), file);
}

TEST(TextParams, OfAPresetWithoutATitleLeaveTheOneThatIsThere) {
  Desk a, b;
  b.params.set_line(b.params.title_text.index, "DJ Anna");
  b.params.set(b.params.title.index, 1.0);
  a.params.set(a.params.title_size.index, 0.3);
  read_preset(write_preset(a.params, a.modulation), "my.toml", b.params, b.modulation);
  EXPECT_EQ(b.params.get(b.params.title_text), "DJ Anna");
  EXPECT_TRUE(b.params.get(b.params.title)) << "no preset takes a title down";
  EXPECT_FLOAT_EQ(b.params.get(b.params.title_size), 0.3f);
  const auto none = read_preset("[title]\non = true\ntext = \"\"\n", "my.toml", a.params, a.modulation);
  EXPECT_TRUE(none.empty());
  EXPECT_TRUE(a.params.get(a.params.title)) << "unless somebody wrote so";
}

TEST(TextParams, InAFileMustBeText) {
  Desk desk;
  for (const char* wrong : {"text = 5", "text = true", "text = [1]", "text = 1979-05-27"}) {
    const auto remarks = read_preset("[title]\n" + std::string(wrong), "my.toml", desk.params, desk.modulation);
    ASSERT_EQ(remarks.size(), 1u) << wrong;
    EXPECT_NE(remarks[0].find("my.toml:2: title/text must be a text"), std::string::npos) << remarks[0];
  }
  const auto remarks = read_preset("[title]\ntext = \"a\\nb\"", "my.toml", desk.params, desk.modulation);
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_EQ(desk.params.get(desk.params.title_text), "ab");
}

}  // namespace
}  // namespace ombra::show
