#include "core/config.hpp"

#include <gtest/gtest.h>

namespace ombra {
namespace {

constexpr const char* kText = R"(
size = 12
rate = 0.5
half = 2
on = true
name = "dancer"
kind = "moves"
list = [1, 2, 3]
mixed = [1, "two"]
shares = [0.5, 1]
[inner]
x = 1
)";

class ConfigTest : public testing::Test {
 protected:
  toml::table table = parse_toml(kText, "a.toml");
  ConfigReader in{table, "a.toml", "[part]"};

  template <typename Ask>
  std::string complaint(Ask ask) {
    try {
      ask();
      return "";
    } catch (const UsageError& e) {
      return e.what();
    }
  }
};

TEST_F(ConfigTest, GivesEachKeyAsItsType) {
  EXPECT_EQ(in.integer("size", 1, 20), 12);
  EXPECT_EQ(in.number("rate", 0.0, 1.0), 0.5);
  EXPECT_EQ(in.number("half", 0.0, 9.0), 2.0) << "a whole number is a number";
  EXPECT_TRUE(in.boolean("on", false));
  EXPECT_EQ(in.text("name"), "dancer");
  EXPECT_EQ(in.choice("kind", {"frames", "moves"}), "moves");
  EXPECT_EQ(in.integers("list", 1, 3), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(in.numbers("shares", 0.0, 1.0), (std::vector<double>{0.5, 1.0}));
  EXPECT_EQ(in.table("inner").size(), 1u);
  EXPECT_EQ(in.array("mixed").size(), 2u);
  EXPECT_NO_THROW(in.finish());
}

TEST_F(ConfigTest, FallsBackWhereAKeyMayBeMissing) {
  EXPECT_EQ(in.integer("none", 1, 20, 7), 7);
  EXPECT_EQ(in.number("none", 0.0, 1.0, 0.25), 0.25);
  EXPECT_TRUE(in.boolean("none", true));
  EXPECT_EQ(in.text("none", "x"), "x");
  EXPECT_EQ(in.choice("none", {"first", "second"}), "first");
  EXPECT_EQ(in.optional_table("none"), nullptr);
}

TEST_F(ConfigTest, AFaultSaysFileLineKeyAndWhatWasExpected) {
  EXPECT_EQ(complaint([&] { in.integer("size", 1, 10); }),
            "a.toml:2: [part] size: expected a whole number from 1 to 10");
  EXPECT_EQ(complaint([&] { in.integer("rate", 0, 10); }),
            "a.toml:3: [part] rate: expected a whole number from 0 to 10");
  EXPECT_EQ(complaint([&] { in.number("name", 0, 10); }), "a.toml:6: [part] name: expected a number from 0 to 10");
  EXPECT_EQ(complaint([&] { in.boolean("size", true); }), "a.toml:2: [part] size: expected true or false");
  EXPECT_EQ(complaint([&] { in.text("size"); }), "a.toml:2: [part] size: expected a text in quotes");
  EXPECT_EQ(complaint([&] {
              in.choice("kind", {"frames", "images"});
            }),
            "a.toml:7: [part] kind: expected one of frames, images");
  EXPECT_EQ(complaint([&] { in.integers("mixed", 0, 5); }),
            "a.toml:9: [part] mixed: expected whole numbers from 0 to 5");
  EXPECT_EQ(complaint([&] { in.numbers("shares", 0.0, 0.9); }),
            "a.toml:10: [part] shares: expected numbers from 0 to 0.9");
  EXPECT_EQ(complaint([&] { in.table("size"); }), "a.toml:2: [part] size: expected a table");
  EXPECT_EQ(complaint([&] { in.array("size"); }), "a.toml:2: [part] size: expected a list");
  for (const std::string& missing :
       {complaint([&] { in.integer("gone", 1, 2); }), complaint([&] { in.number("gone", 1, 2); }),
        complaint([&] { in.text("gone"); }), complaint([&] { in.choice("gone", {"a"}, false); }),
        complaint([&] { in.table("gone"); }), complaint([&] { in.array("gone"); })}) {
    EXPECT_NE(missing.find("[part] gone: missing; expected"), std::string::npos) << missing;
  }
}

TEST_F(ConfigTest, AKeyThatNobodyAskedForIsAnError) {
  for (const char* key : {"rate", "half", "on", "name", "kind", "list", "mixed", "shares"}) in.has(key);
  in.integer("size", 1, 20);
  const std::string said = complaint([&] { in.finish(); });
  EXPECT_NE(said.find("unknown key; known are size"), std::string::npos) << said;
}

TEST(Toml, SyntaxErrorsNameTheLine) {
  try {
    parse_toml("a = 1\nb = = 2\n", "b.toml");
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_EQ(std::string(e.what()).rfind("b.toml:2: ", 0), 0u) << e.what();
  }
  for (const char* hostile : {"a = [[[[[[[[[[", "\xff\xfe", "a = 99999999999999999999", "[a]\n[a]", "a.b = 1\na = 2"}) {
    EXPECT_THROW(parse_toml(hostile, "c.toml"), UsageError) << hostile;
  }
}

TEST(ParseToml, TakesTheTextsOfEverySystem) {
  const std::string plain = "# from me\n[a]\nx = 0.5\ny = 2\n";
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    std::string text = "\xef\xbb\xbf";
    for (const char c : plain) text += c == '\n' ? end : std::string(1, c);
    const toml::table table = parse_toml(text, "a.toml");
    EXPECT_EQ(table["a"]["x"].value<double>(), 0.5);
    EXPECT_EQ(table["a"]["y"].value<int>(), 2);
  }
  for (const std::string_view text : {std::string_view("\xff\xfe[\0", 4), std::string_view("\0[", 2)}) {
    try {
      parse_toml(text, "a.toml");
      ADD_FAILURE() << "taken";
    } catch (const UsageError& e) {
      EXPECT_EQ(std::string(e.what()).substr(0, 9), "a.toml:1:") << e.what();
      EXPECT_NE(std::string(e.what()).find("\nhint: save it as UTF-8"), std::string::npos) << e.what();
    }
  }
}

}  // namespace
}  // namespace ombra
