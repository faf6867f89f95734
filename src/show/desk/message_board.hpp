#pragma once
// What the operator should know, in the order in which it is shown: what is new for a moment, then warnings, then
// notes; the newest first among each. Pure: told the time. Thread: one owner.

#include <map>
#include <string>
#include <vector>

namespace ombra::show {

struct Message {
  enum class Kind { kNote, kWarning };  // worth knowing; something is wrong
  std::string text;
  Kind kind = Kind::kWarning;
  bool operator==(const Message&) const = default;
};

class MessageBoard {
 public:
  static constexpr double kNewS = 4.0;    // what has just appeared goes before the rest for so long
  static constexpr std::size_t kMax = 8;  // that were posted and stay; the oldest goes

  // Shown for some seconds from now on; again when it is posted again. Empty texts are none.
  void post(Message message, double now_s, double seconds);
  // standing: what holds at this moment, once a frame. -> all of it, in order, each text once
  std::vector<Message> list(std::vector<Message> standing, double now_s);

 private:
  struct Posted {
    Message message;
    double until_s = 0.0;
  };
  std::vector<Posted> posted_;
  std::map<std::string, double> since_s_;  // by text: when it appeared
};

}  // namespace ombra::show
