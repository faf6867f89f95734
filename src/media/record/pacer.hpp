#pragma once
// Which pictures of a show go into a recording of a constant rate, at which of its places, and which are left out when
// the encoder cannot keep up: evenly, every second, then two of three, and so on, so that movement stays as smooth as
// the machine allows. A place that gets no picture shows the one before it. Time is a parameter. Thread: one owner.

#include <cstdint>
#include <optional>

namespace ombra::media {

class Pacer {
 public:
  static constexpr int kMaxStride = 8;

  explicit Pacer(double fps) : period_s_(1.0 / fps) {}

  // Once for every picture of the show, time_s rising. -> when it stands in the recording, where one is due: on the
  // grid that begins with the first picture, within 0.5 periods before and 0.75 after its own time. What is due and not
  // taken counts as left out.
  std::optional<double> due(double time_s);
  // After due(): how full the encoder's queue is, 0 empty .. 1 full. Thins out or goes back to the full rate.
  void load(double time_s, double fullness);

  int stride() const { return stride_; }                // of the pictures that are due, one of so many is taken
  std::uint64_t left_out() const { return left_out_; }  // by thinning out; pictures that the show never drew are not
  // A picture that was due could not be taken after all.
  void refuse() { ++left_out_; }

 private:
  const double period_s_;
  double start_s_ = 0.0;     // the grid begins there
  std::int64_t place_ = -1;  // the last that a picture was due for
  double off_ = 0.0;         // that picture was so much later than its place, in periods
  double changed_s_ = 0.0;   // the stride was changed last
  double filled_s_ = 0.0;    // when the queue was last more than nearly empty
  int stride_ = 1, turn_ = 0;
  std::uint64_t left_out_ = 0;
  bool started_ = false;
};

}  // namespace ombra::media
