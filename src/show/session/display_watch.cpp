#include "show/session/display_watch.hpp"

#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/process.hpp"

#include <chrono>
#include <condition_variable>
#include <utility>

namespace ombra::show {
namespace {

constexpr auto kEvery = std::chrono::milliseconds(100);
constexpr double kStoppedS = 1.0;     // who is so late was stopped with the whole program (Ctrl-Z), which is no fault
constexpr double kLeaveAfterS = 2.0;  // Ctrl-C is obeyed by the show itself, unless it hangs

}  // namespace

DisplayWatch::DisplayWatch(double after_s)
    : after_s_(after_s), alive_s_(now_s()), thread_([this](std::stop_token stop) { run(stop); }) {}

void DisplayWatch::alive() { alive_s_.store(now_s(), std::memory_order_relaxed); }

std::string DisplayWatch::news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void DisplayWatch::run(std::stop_token stop) {
  name_thread("ombra-display");
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any wake;
  double stands_since_s = 0.0, ticked_s = now_s();  // 0: the picture moves; when this loop last came round
  while (!wake.wait_for(lock, stop, kEvery, [] { return false; }) && !stop.stop_requested()) {
    if (now_s() - std::exchange(ticked_s, now_s()) > kStoppedS) alive();
    const double alive_s = alive_s_.load(std::memory_order_relaxed), stood_s = now_s() - alive_s;
    if (stands_since_s == 0.0 && stood_s > after_s_) {
      stands_since_s = alive_s;
      log::warn(
          "the display has not answered for {:.0f} s: sound, dance and recording go on, and the picture when it "
          "answers; Ctrl-C ends the show",
          stood_s);
    } else if (stands_since_s > 0.0 && stood_s < after_s_) {
      const std::string back = fmt::format("The display did not answer for {:.0f} s.", alive_s - stands_since_s);
      log::info("{}", back);
      const std::lock_guard held(mutex_);
      news_ = back;
      stands_since_s = 0.0;
    }
    if (interrupted() && stood_s > kLeaveAfterS) {
      end_program("the display does not answer: the show has ended; a recording that was running plays up to here");
    }
  }
}

}  // namespace ombra::show
