// The table of keys, and keys that the session file binds anew.

#include "core/file.hpp"
#include "show/key_board.hpp"
#include "show/keys/mapping_keys.hpp"

#include <SDL.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <set>

namespace ombra::show {
namespace {

struct Board : KeyBoard {
  using KeyBoard::KeyBoard;

  // all that a key can change
  std::string state() {
    std::string text;
    for (int i = 0; i < params.size(); ++i) text += params.text(i) + (params.fired(TriggerParam{i}) ? "! " : " ");
    return text + fmt::format("{}{}{}{}{} {} {}", actions.quit, actions.toggle_fullscreen, actions.type_tempo,
                              actions.swap_outputs, actions.identify, keys.question() == Question::kEnd,
                              keys.help_shown());
  }
};

std::vector<Key> own_keys(const Command& command) {
  std::vector<Key> keys;
  for (std::string rest(command.keys); !rest.empty();) {
    const std::size_t end = rest.find(" or ");
    keys.push_back(parse_key(rest.substr(0, end)).value());
    rest = end == rest.npos ? "" : rest.substr(end + 4);
  }
  return keys;
}

TEST(KeyTable, EveryCommandIsReachedByItsKeys) {
  for (const Command& command : commands()) {
    ASSERT_FALSE(own_keys(command).empty()) << command.name;
    for (const Key& key : own_keys(command)) {
      Board direct, pressed;
      for (Board* each : {&direct, &pressed})
        each->params.set(each->params.count.index, 3);  // more and fewer there are
      const std::string before = direct.state();
      command.act(direct.keys, direct.params, direct.actions);
      EXPECT_NE(direct.state(), before) << command.name << " does nothing";
      EXPECT_TRUE(pressed.press(key)) << key_text(key);
      EXPECT_EQ(pressed.state(), direct.state()) << key_text(key) << " is not " << command.name;
      EXPECT_NE(pressed.keys.text(command.name).find(key_text(key)), std::string::npos);
    }
  }
}

TEST(KeyTable, NoTwoCommandsShareAKeyANameOrWords) {
  std::set<std::string> keys;
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_FALSE(command.help.empty()) << command.name;
    for (const Key& key : own_keys(command)) EXPECT_TRUE(keys.insert(key_text(key)).second) << key_text(key);
    const ShowParams params({"ember"});
    EXPECT_TRUE(command.path.empty() || params.find(command.path) >= 0) << command.path;
  }
}

TEST(KeyTable, WhatALockLeavesIsMarked) {
  std::string left;
  for (const Command& command : commands()) {
    if (command.while_locked) left += std::string(command.name) + " ";
    Board b;
    b.params.set(b.params.key_lock.index, 1.0);
    const std::string before = b.state();
    for (const Key& key : own_keys(command)) b.press(key);
    EXPECT_EQ(b.state() != before, command.while_locked) << command.name;
    EXPECT_EQ(b.actions.locked_key, !command.while_locked) << command.name;
  }
  EXPECT_EQ(left, "blackout freeze lock help desk ");
}

TEST(KeyTable, OnlyWhatIsMarkedPassesAQuestion) {
  for (const Command& command : commands()) {
    if (command.name == "downbeat") continue;  // Enter is the answer
    Board b;
    b.keys.ask_end();
    Board none;
    for (const Key& key : own_keys(command)) b.press(key);
    EXPECT_EQ(b.keys.question(), Question::kNone);
    EXPECT_EQ(b.state() != none.state(), command.while_asked) << command.name;
  }
}

TEST(KeyNames, AreReadInAnyCaseAndWrittenInOne) {
  const std::pair<const char*, const char*> names[] = {{"x", "X"},
                                                       {"ctrl+SHIFT+l", "Ctrl+Shift+L"},
                                                       {"Alt+f4", "Alt+F4"},
                                                       {"keypad enter", "Keypad Enter"},
                                                       {"return", "Enter"},
                                                       {"ESCAPE", "Esc"},
                                                       {"esc", "Esc"},
                                                       {"[", "["},
                                                       {"Ctrl++", "Ctrl++"},
                                                       {"space", "Space"},
                                                       {"\xc3\x9c", "\xc3\xbc"},
                                                       {"Keypad 0", "Keypad 0"},
                                                       {"`", "`"},
                                                       {"page up", "PageUp"},
                                                       {"pageup", "PageUp"}};
  for (const auto& [read, written] : names) {
    const auto key = parse_key(read);
    if (std::string(read) == "page up") {
      EXPECT_FALSE(key);
      continue;
    }
    ASSERT_TRUE(key) << read;
    EXPECT_EQ(key_text(*key), written);
    EXPECT_EQ(parse_key(key_text(*key)), key);
  }
  for (const std::string none : {"", "Ctrl+", "Hyper+X", "Left Shift", "XX", "\n", "\x7f", "\xe2\x80\xae", "Ctrl+Alt"})
    EXPECT_FALSE(parse_key(none)) << none;
  EXPECT_FALSE(parse_key(std::string(100000, 'x')));
}

TEST(KeyBindings, AKeyIsBoundAnew) {
  Board b({{"blackout", {"ctrl+b", "Keypad 0"}, 3}, {"mirror", {"\xc3\xbc"}, 4}, {"jump", {}, 5}});
  EXPECT_TRUE(b.remarks.empty());
  EXPECT_FALSE(b.press("X"));
  EXPECT_FALSE(b.press("J"));
  EXPECT_FALSE(b.press("M"));
  EXPECT_TRUE(b.press("Ctrl+B"));
  EXPECT_TRUE(b.params.get(b.params.blackout));
  EXPECT_TRUE(b.press("Keypad 0"));
  EXPECT_FALSE(b.params.get(b.params.blackout));
  EXPECT_TRUE(b.keys.press({0xfc, SDL_SCANCODE_LEFTBRACKET, 0, false}, b.params, b.actions));
  EXPECT_TRUE(b.params.get(b.params.mirror)) << "what is printed on a key goes before its place";
  EXPECT_FALSE(b.params.fired(b.params.earlier));
  EXPECT_EQ(b.keys.text("blackout"), "Ctrl+B or Keypad 0");
  EXPECT_EQ(b.keys.first("jump"), "");
  EXPECT_EQ(b.keys.text("jump"), "no key");
  EXPECT_EQ(b.keys.text_for("show/blackout"), "Ctrl+B, Keypad 0");
}

TEST(KeyBindings, TwoMayChangePlaces) {
  Board b({{"blackout", {"Z"}, 2}, {"freeze", {"X"}, 3}});
  EXPECT_TRUE(b.remarks.empty());
  b.press("Z");
  EXPECT_TRUE(b.params.get(b.params.blackout));
  EXPECT_FALSE(b.params.get(b.params.freeze));
}

TEST(KeyBindings, AKeyWithShiftIsTheOneWithoutUnlessItIsBound) {
  Board b({{"tap", {"Shift+X"}, 2}});
  b.press("Shift+Z");
  EXPECT_TRUE(b.params.get(b.params.freeze));
  b.press("Shift+X");
  EXPECT_FALSE(b.params.get(b.params.blackout));
  EXPECT_TRUE(b.params.fired(b.params.tap));
}

// -> the remarks, which must all be about lines of the file
std::string said(const Board& b) {
  std::string text;
  for (const std::string& remark : b.remarks) {
    EXPECT_EQ(remark.rfind("session.toml:", 0), 0u) << remark;
    text += remark.substr(13, remark.find(';') - 13) + "\n";
  }
  return text;
}

TEST(KeyBindings, WhatIsNotUnderstoodIsSaidAndTheDefaultStays) {
  Board b({{"blakout", {"Q"}, 3}, {"mirror", {"Q", "Flower"}, 4}, {"hold", {"Q"}, 5}});
  EXPECT_EQ(said(b),
            "3: no command is called blakout, left out\n"
            "4: no key is called Flower, mirror stays on M\n");
  EXPECT_EQ(b.keys.text("mirror"), "M");
  EXPECT_EQ(b.keys.text("hold"), "Q");
}

TEST(KeyBindings, AKeyThatAnotherCommandHasStaysThere) {
  Board b({{"blackout", {"M"}, 7}, {"freeze", {"Q"}, 9}, {"tap", {"Q"}, 8}});
  EXPECT_EQ(said(b),
            "7: M belongs to mirror, blackout stays on X\n"
            "9: Q belongs to tap, freeze stays on Z\n");
  EXPECT_EQ(b.keys.text("blackout"), "X");
  EXPECT_EQ(b.keys.text("freeze"), "Z");
  EXPECT_EQ(b.keys.text("tap"), "Q") << "the earlier line";
}

TEST(KeyBindings, WhatGivesWayTakesItsDefaultFromWhoHadTakenIt) {
  Board b({{"blackout", {"R"}, 2}, {"mirror", {"X"}, 3}});
  EXPECT_EQ(said(b),
            "2: R belongs to record, blackout stays on X\n"
            "3: X belongs to blackout, mirror stays on M\n");
  b.press("X");
  EXPECT_TRUE(b.params.get(b.params.blackout));
  EXPECT_FALSE(b.params.get(b.params.mirror));
}

TEST(KeyBindings, SomeCommandsCannotBeWithoutAKey) {
  Board b({{"blackout", {}, 2}, {"freeze", {}, 3}, {"lock", {}, 4}, {"quit", {}, 5}, {"record", {"X"}, 6}});
  EXPECT_EQ(said(b),
            "2: blackout cannot be without a key, blackout stays on X\n"
            "3: freeze cannot be without a key, freeze stays on Z\n"
            "4: lock cannot be without a key, lock stays on Ctrl+L\n"
            "6: X belongs to blackout, record stays on R\n");
  EXPECT_EQ(b.keys.text("quit"), "no key");
}

TEST(KeyBindings, BlackoutGoesBeforeAnswersAndTheCalibration) {
  Board b({{"blackout", {"Y", "0"}, 2}});
  b.keys.ask_end();
  b.press("Y");
  EXPECT_FALSE(b.actions.quit);
  EXPECT_TRUE(b.params.get(b.params.blackout));
  b.params.set(b.params.calibrate.index, 1.0);
  b.press("0");
  EXPECT_FALSE(b.params.get(b.params.blackout));
  b.press("K");
  EXPECT_FALSE(b.params.get(b.params.calibrate));
}

TEST(KeyBindings, HostileRowsAreBounded) {
  std::vector<KeyRow> rows;
  for (int i = 0; i < 10000; ++i)
    rows.push_back({fmt::format("mirror{}", i % 3 ? std::to_string(i) : ""), {std::string(9, '\x1b'), "Q"}, i});
  Board b(rows);
  EXPECT_EQ(b.remarks.size(), 20u);
  for (const std::string& remark : b.remarks) EXPECT_EQ(remark.find('\x1b'), std::string::npos);
  EXPECT_EQ(b.keys.text("mirror"), "M");
}

TEST(KeyBindings, FieldsAreLeftOnlyByKeysThatWriteNothing) {
  const Board b({{"mirror", {"Ctrl+C"}, 2}, {"hold", {"F5"}, 3}});
  const auto passes = [&](int code, unsigned mods) { return b.keys.passes_fields({code, 0, mods, false}); };
  EXPECT_TRUE(passes(SDLK_F1, 0));
  EXPECT_TRUE(passes(SDLK_F5, 0));
  EXPECT_TRUE(passes(SDLK_l, KMOD_LCTRL));
  EXPECT_FALSE(passes(SDLK_c, KMOD_LCTRL)) << "copies";
  EXPECT_FALSE(passes(SDLK_x, 0));
  EXPECT_FALSE(passes(SDLK_F7, 0)) << "nothing of ours";
}

TEST(KeyList, EscClosesItAndAsksNothing) {
  Board b;
  b.press("F1");
  EXPECT_TRUE(b.keys.help_shown());
  b.press("M");
  EXPECT_TRUE(b.params.get(b.params.mirror)) << "keys may be tried";
  EXPECT_TRUE(b.keys.help_shown());
  b.press("Esc");
  EXPECT_FALSE(b.keys.help_shown());
  EXPECT_EQ(b.keys.question(), Question::kNone);
  b.press("F1");
  b.press("F1");
  EXPECT_FALSE(b.keys.help_shown());
  b.params.set(b.params.key_lock.index, 1.0);
  b.press("F1");
  b.press("Esc");
  EXPECT_FALSE(b.keys.help_shown());
  EXPECT_FALSE(b.actions.locked_key);
}

TEST(KeyList, HasThoseKeysOfTheMappingThatReachIt) {
  const auto text = [](const Keys& keys) {
    std::string all;
    for (const KeyLine& line : mapping_lines(keys))
      all += fmt::format("{} {}\n", line.first, fmt::join(line.keys, ", "));
    return all;
  };
  EXPECT_EQ(text(Keys()),
            "mapping_move Left, Right, Up, Down\n"
            "mapping_next N, PageDown\n"
            "mapping_previous P, PageUp\n"
            "mapping_undo Ctrl+Z\n"
            "mapping_redo Ctrl+Y, Ctrl+Shift+Z\n"
            "mapping_end Esc\n");
  const Board other({{"freeze", {"N"}, 1}, {"lock", {"Ctrl+Y"}, 2}, {"tap", {"P"}, 3}});
  EXPECT_EQ(text(other.keys),
            "mapping_move Left, Right, Up, Down\n"
            "mapping_next PageDown\n"
            "mapping_previous P, PageUp\n"
            "mapping_undo Ctrl+Z\n"
            "mapping_redo Ctrl+Shift+Z\n"
            "mapping_end Esc\n");
}

TEST(KeyList, TheReadmeHasThePage) {
  const std::string page = key_page(Keys());
  EXPECT_NE(page.find("| `1 to 9` |"), std::string::npos);
  EXPECT_NE(read_text(OMBRA_SOURCE "/README.md").find(page), std::string::npos)
      << "README.md, Keys: take what `ombra perform --list-keys --no-session` prints";
  const Board odd({{"mirror", {"`", "|"}, 1}, {"jump", {}, 2}});
  EXPECT_NE(key_page(odd.keys).find("| `` ` ``, `\\|` | swaps"), std::string::npos);
  EXPECT_NE(key_page(odd.keys).find("| none | jumps"), std::string::npos);
}

}  // namespace
}  // namespace ombra::show
