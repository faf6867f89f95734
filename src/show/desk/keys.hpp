#pragma once
// The keys of the show, and the two questions that they answer. Keys work whether the desk is shown or not. They are
// meant by what is printed on them; one whose sign is none of the show's (an umlaut, another script, the signs of a
// French top row) is meant by its place, as on an American keyboard: [ and ] are the two keys right of P everywhere.
// Thread: one owner (the show's).

#include "show/params/show_params.hpp"

#include <string>

namespace ombra::show {

struct DeskActions;

struct KeyPress {
  int key = 0, scancode = 0;  // of SDL
  unsigned mods = 0;          // of SDL
  bool repeat = false;
};

enum class Question { kNone, kEnd, kReplace };

class Keys {
 public:
  // -> was it one of ours? Esc asks whether to end the show. While a question is asked, Enter and Y say yes and any
  // other key no. With desk/key_lock only Ctrl+L, X, Z and Tab act.
  bool press(const KeyPress& press, ShowParams& params, DeskActions& actions);

  Question question() const { return question_; }
  const std::string& preset() const { return preset_; }  // that kReplace is about
  void ask_end() { question_ = Question::kEnd; }
  void ask_replace(const std::string& preset) { question_ = Question::kReplace, preset_ = preset; }
  void answer(bool yes, DeskActions& actions);

 private:
  Question question_ = Question::kNone;
  std::string preset_;
};

}  // namespace ombra::show
