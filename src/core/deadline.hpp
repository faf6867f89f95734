#pragma once
// For calls of a library that ask another process, which may never answer: a display server, a sound server, a graphics
// driver. Work that can be left to itself runs detached, and the caller limits its wait; what must happen on
// this thread, such as opening a window, gets a deadline.
// Thread: any.

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

namespace ombra {

// Runs work on a thread that nobody joins. It must own what it touches, since it may run on after everything else has
// gone; the end of the program does not wait for it.
// -> what work returns or throws, once it has ended; the destructor of this future does not wait
template <typename Work>
std::future<std::invoke_result_t<Work>> run_detached(Work work) {
  std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
  auto answer = task.get_future();
  std::thread(std::move(task)).detach();
  return answer;
}

// Ends the program now, with one message on standard error and exit status 1, from whatever thread: unfinished files
// are removed, nothing else is tidied up, since what holds it may hang.
[[noreturn]] void end_program(const std::string& message);

// Unless it is destroyed within the time, the program ends with the message.
class Deadline {
 public:
  Deadline(std::chrono::milliseconds limit, std::string message);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  std::jthread thread_;
};

}  // namespace ombra
