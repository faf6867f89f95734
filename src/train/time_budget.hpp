#pragma once
// The time that a training may take, all of it together: reading, measuring, encoding, networks, checks and writing.
// What is spent is kept in a file, so that a run that is taken up goes on with what is left. Thread: one owner.

#include <filesystem>
#include <functional>

namespace ombra::train {

// -> seconds from any start, never running backwards; what is slow can be made so on purpose, for tests
using Clock = std::function<double()>;

class TimeBudget {
 public:
  // seconds <= 0: without a limit, then nothing is kept. file: what stands there was spent before; the clock runs from
  // now on.
  TimeBudget(double seconds, std::filesystem::path file, Clock clock);

  bool limited() const { return seconds_ > 0.0; }
  double spent_s() const { return before_s_ + clock_() - begun_s_; }
  // -> seconds until this share (0..1) of all of it is spent, under 0 when it is; infinite without a limit
  double until(double share) const;
  // Writes down what is spent. Throws Error.
  void keep() const;

 private:
  // immutable after construction
  const double seconds_;
  const std::filesystem::path file_;
  const Clock clock_;
  const double begun_s_;
  const double before_s_;  // in earlier sessions
};

}  // namespace ombra::train
