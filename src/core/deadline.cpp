#include "core/deadline.hpp"

#include "core/new_file.hpp"
#include "core/process.hpp"

#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

namespace ombra {

void end_program(const std::string& message) {
  std::fprintf(stderr, "ombra: %s\n", message.c_str());
  std::fflush(nullptr);
  remove_unfinished();
  ::_exit(1);
}

Deadline::Deadline(std::chrono::milliseconds limit, std::string message)
    : thread_([limit, message = std::move(message)](std::stop_token stop) {
        name_thread("ombra-deadline");
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any wake;
        wake.wait_for(lock, stop, limit, [] { return false; });
        if (!stop.stop_requested()) end_program(message);
      }) {}

Deadline::~Deadline() = default;

}  // namespace ombra
