#pragma once
// Which pictures of a show go into a recording of a certain rate, and which are left out when the encoder cannot keep
// up: evenly, every second, then two of three, and so on, so that movement stays as smooth as the machine allows.
// Time is a parameter. Thread: one owner.

#include <cstdint>

namespace ombra::media {

class Pacer {
 public:
  static constexpr int kMostStride = 8;

  explicit Pacer(double fps) : period_s_(1.0 / fps) {}

  // Once for every picture of the show, time_s rising. -> is one due? What is due and not taken counts as left out.
  bool due(double time_s);
  // After due(): how full the encoder's queue is, 0 empty .. 1 full. Thins out or goes back to the full rate.
  void load(double time_s, double fullness);

  int stride() const { return stride_; }                // of the pictures that are due, one of so many is taken
  std::uint64_t left_out() const { return left_out_; }  // by thinning out; pictures that the show never drew are not
  // A picture that was due could not be taken after all.
  void refuse() { ++left_out_; }

 private:
  const double period_s_;
  double next_s_ = 0.0;     // the next picture is due then
  double changed_s_ = 0.0;  // the stride was changed last
  double crowded_s_ = 0.0;  // the queue was not nearly empty last
  int stride_ = 1, turn_ = 0;
  std::uint64_t left_out_ = 0;
  bool started_ = false;
};

}  // namespace ombra::media
