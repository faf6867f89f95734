#include "core/interrupt.hpp"

#include "core/new_file.hpp"

#include <atomic>
#include <csignal>

namespace ombra {
namespace {

std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void on_signal(int number) {
  if (g_interrupted.exchange(true)) {
    remove_unfinished();
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
}

}  // namespace

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept { return g_interrupted.load(std::memory_order_relaxed); }

void set_interrupted(bool value) noexcept { g_interrupted.store(value); }

}  // namespace ombra
