#pragma once
// The keys of the show, and the two questions that they answer. Keys work whether the desk is shown or not. They are
// meant by what is printed on them; one whose sign is none of the show's (an umlaut, another script, the signs of a
// French top row) is meant by its place, as on an American keyboard: [ and ] are the two keys right of P everywhere.
// Which key does what: key_commands.hpp, and what bind() was told.
// Thread: one owner (the show's).

#include "show/keys/key_commands.hpp"
#include "show/keys/key_names.hpp"
#include "show/params/key_rows.hpp"
#include "show/params/show_params.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

struct DeskActions;

struct KeyPress {
  int key = 0, scancode = 0;  // of SDL
  unsigned mods = 0;          // of SDL
  bool repeat = false;
};

enum class Question { kNone, kEnd, kReplace };

// One line of the list of keys: a command, or neighbours that do the same in two directions.
struct KeyLine {
  std::string_view group = {};
  std::vector<std::string> keys = {};     // "X", "1 to 9"; empty: none
  std::string command = {};               // "blackout", "seed_1 to seed_9"
  std::string_view first = {};            // of the commands
  std::string_view help = {}, path = {};  // see Command
};

class Keys {
 public:
  Keys();

  // Binds keys anew, from their defaults on. A row with a word that is no command, or with one that is no key, is left
  // out; so is one with a key that another command has, of two rows the later; and so is "no key" for a command that
  // needs one. What is left out has its default. file: for remarks. -> remarks with file and line
  std::vector<std::string> bind(std::span<const KeyRow> rows, const std::string& file);

  // -> was it one of ours? Esc asks whether to end the show. While a question is asked, Enter and Y say yes and any
  // other key no. With desk/key_lock only commands that are marked so act. Esc closes the list of keys before all.
  bool press(const KeyPress& press, ShowParams& params, DeskActions& actions);
  // -> is it one of ours that writes nothing, so that it acts while text is typed? Function keys, and chords with Ctrl
  // that are not those of a text field
  bool passes_fields(const KeyPress& press) const;
  // -> does it act before the keys of whatever is edited? What the stage cannot wait for, and Esc on the list of keys
  bool goes_first(const KeyPress& press) const;
  bool goes_first(const Key& key) const;  // by its command
  // -> name of the command that it has, "": none
  std::string_view command(const KeyPress& press) const;

  // -> keys of a command: "X", "Enter or Keypad Enter", "no key". "": of all those that change this parameter
  std::string text(std::string_view command) const;
  std::string text_for(std::string_view path) const;
  // -> the first of them, "" where there is none
  std::string first(std::string_view command) const;
  // -> all commands, group by group
  std::vector<KeyLine> lines() const;

  bool help_shown() const { return help_; }  // the list of keys, over the desk
  void show_help(bool shown) { help_ = shown; }

  Question question() const { return question_; }
  const std::string& preset() const { return preset_; }  // that kReplace is about
  void ask_end() { question_ = Question::kEnd; }
  void ask_replace(const std::string& preset) { question_ = Question::kReplace, preset_ = preset; }
  void answer(bool yes, DeskActions& actions);

 private:
  const Command* find(const KeyPress& press) const;

  std::vector<std::vector<Key>> bound_;  // to each of commands()
  Question question_ = Question::kNone;
  std::string preset_;
  bool help_ = false;
};

// What stands in README.md: the lines as a table in Markdown.
std::string key_page(const Keys& keys);

}  // namespace ombra::show
