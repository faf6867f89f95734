#pragma once
// For work that asks another process, which may never answer: a display server, say. It runs on a thread that nobody
// joins, and whoever asked waits as long as he likes. The work must own what it touches, since it may run on after
// everything else has gone; the end of the program does not wait for it.
// Thread: any.

#include <future>
#include <thread>
#include <type_traits>
#include <utility>

namespace ombra {

// -> what work returns or throws, once it has ended; the destructor of this future does not wait
template <typename Work>
std::future<std::invoke_result_t<Work>> run_detached(Work work) {
  std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
  auto answer = task.get_future();
  std::thread(std::move(task)).detach();
  return answer;
}

}  // namespace ombra
