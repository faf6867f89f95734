#pragma once
// Where the picture belongs, and where it has to be while its display is away. Only the display that it fills counts:
// what happens to the others changes nothing. It goes back to that display, known by its name, wherever the desktop has
// put it meanwhile; of two displays of one name it is the one that was away. Pure: told the desktop's layout, answers
// what to do. Thread: one owner.

#include "show/live/displays.hpp"

#include <span>
#include <string>
#include <vector>

namespace ombra::show {

class OutputPlan {
 public:
  enum class Act { kStay, kLeave, kFill };
  struct Step {
    Act act = Act::kStay;
    int display = -1;  // to leave for, windowed; or to fill
    bool operator==(const Step&) const = default;
  };

  // awaited: the display that the picture belongs on and that is not there, as in find_display(); "": it fills none
  explicit OutputPlan(std::string awaited = "");
  // The same of a display of which more may be known.
  explicit OutputPlan(Display awaited);
  // The operator has it fill this display, or has it in a window.
  void fill(const Display& display);
  void window();
  // The layout as it is now, once it has come to rest.
  Step layout(std::span<const Display> now);

  bool waiting() const { return state_ == State::kWaiting; }
  bool filling() const { return state_ == State::kFilling; }
  const Display& home() const { return home_; }  // that it fills or waits for; of an awaited one only the name

 private:
  enum class State { kWindow, kFilling, kWaiting };
  bool changed_since(const Display& display) const;
  int home_in(std::span<const Display> now) const;
  int back_in(std::span<const Display> now) const;

  State state_ = State::kWindow;
  Display home_;
  std::vector<Display> last_;  // the layout before
  int namesakes_ = 0;          // displays of its name that were left when it went
};

}  // namespace ombra::show
