#include "core/progress.hpp"

#include "core/clock.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ombra {

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(std::max(0.0, seconds) + 0.5);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  if (s >= 60) return fmt::format("{}:{:02}", s / 60, s % 60);
  return fmt::format("{} s", s);
}

Progress::Progress(std::string title, std::int64_t total)
    : title_(std::move(title)), total_(total), start_s_(now_s()), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() { draw(true); }

void Progress::add(std::int64_t steps) {
  done_.fetch_add(steps, std::memory_order_relaxed);
  if (now_s() >= next_draw_s_.load(std::memory_order_relaxed)) draw(false);
}

void Progress::set(std::int64_t done) {
  done_.store(done, std::memory_order_relaxed);
  if (now_s() >= next_draw_s_.load(std::memory_order_relaxed)) draw(false);
}

void Progress::set_share(double share) {
  share_.store(share, std::memory_order_relaxed);
  if (now_s() >= next_draw_s_.load(std::memory_order_relaxed)) draw(false);
}

void Progress::note(const std::string& text) {
  const std::lock_guard lock(mutex_);
  note_ = text;
}

void Progress::draw(bool last) {
  const std::lock_guard lock(mutex_);
  const double now = now_s(), elapsed = now - start_s_;
  next_draw_s_.store(now + (terminal_ ? 0.1 : 15.0), std::memory_order_relaxed);
  const std::int64_t done = done_.load(std::memory_order_relaxed);
  double share = share_.load(std::memory_order_relaxed);
  if (share < 0.0 && total_ > 0) share = static_cast<double>(done) / static_cast<double>(total_);
  std::string line = fmt::format("{:<14}", title_);
  if (share >= 0.0) {
    share = std::clamp(share, 0.0, 1.0);
    const int filled = static_cast<int>(share * 24.0);
    line += fmt::format(" [{}{}] {:3.0f} %", std::string(filled, '='), std::string(24 - filled, ' '), share * 100.0);
    if (last) {
      line += fmt::format("  took {}", duration_text(elapsed));
    } else if (share > 0.0) {
      line += fmt::format("  {} left", duration_text(elapsed / share * (1.0 - share)));
    }
  } else {
    line += fmt::format(" {} done", done);
  }
  if (!note_.empty()) line += "  " + note_;
  if (terminal_) {
    std::fprintf(stderr, "\r%s\033[K%s", line.c_str(), last ? "\n" : "");
  } else {
    std::fprintf(stderr, "%s\n", line.c_str());
  }
  std::fflush(stderr);
}

}  // namespace ombra
