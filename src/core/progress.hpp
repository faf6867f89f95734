#pragma once
// A progress bar with the time left, on stderr: redrawn in place on a terminal, a line now and then elsewhere.
// Thread: any; add() from several threads at once is fine.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace ombra {

class Progress {
 public:
  // total <= 0: unknown, only the count is shown
  Progress(std::string title, std::int64_t total);
  ~Progress();  // ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::int64_t steps = 1);
  void set(std::int64_t done);
  // For work that is bounded by time rather than by steps: share 0..1.
  void set_share(double share);
  void note(const std::string& text);  // shown behind the bar, e.g. "loss 0.123"

 private:
  void draw(bool last);

  // immutable after construction
  const std::string title_;
  const std::int64_t total_;
  const double start_s_;
  const bool terminal_;
  // shared, atomic
  std::atomic<std::int64_t> done_{0};
  std::atomic<double> share_{-1.0};
  std::atomic<double> next_draw_s_{0.0};
  // guarded by mutex_
  std::mutex mutex_;
  std::string note_;
};

// -> "1:02:03", "4:05" or "12 s"
std::string duration_text(double seconds);

}  // namespace ombra
