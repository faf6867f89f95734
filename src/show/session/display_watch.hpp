#pragma once
// Notices when the picture stands still because a call of SDL or OpenGL does not return: the display server hangs, or
// the graphics driver does. Sound, dance and recording go on meanwhile, and so does the picture when the server is
// back; the operator is told on standard error (no window shows anything then), and Ctrl-C ends the show all the same.
// Thread: construct, alive and news on the show's; it has one of its own.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace ombra::show {

class DisplayWatch {
 public:
  // after_s: the picture has stood for so long
  explicit DisplayWatch(double after_s = 5.0);

  // Once a frame; from any thread.
  void alive();
  // -> what the operator should read once, or empty
  std::string news();

 private:
  void run(std::stop_token stop);

  const double after_s_;
  std::atomic<double> alive_s_;
  std::mutex mutex_;
  std::string news_;     // guarded by mutex_
  std::jthread thread_;  // last: stopped before the rest goes
};

}  // namespace ombra::show
