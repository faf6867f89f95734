#pragma once
// Sound as it was heard, laid on the clock of the pictures: pieces with times in, one stream without gap or overlap
// out. A sound card's clock runs some ten parts in a million beside the computer's, a second or more in a night. So the
// stream is made longer or shorter by a share too small to hear (at most kMaxShare), so that it follows the times of
// the pieces. What is missing (a device was unplugged) is silence, what comes twice is left out.
// Time is a parameter. Thread: one owner.

#include "media/read/resampler.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ombra::media {

class SoundAligner {
 public:
  static constexpr double kMaxShare = 0.002;  // 3.5 hundredths of a semitone
  static constexpr double kMaxSlipS = 0.04;   // what is further off is a gap or comes twice

  // The stream begins at start_s on the pictures' clock; rate_hz is its own. file: for messages.
  SoundAligner(double start_s, int rate_hz, std::string file);

  // stereo: interleaved, at a rate that may change from piece to piece; the last of it was heard at end_s.
  void push(std::span<const float> stereo, int rate_hz, double end_s);
  // What has not come by now will not come: silence up to time_s.
  void fill_until(double time_s);

  // -> up to where the stream is known, on the pictures' clock
  double known_s() const;
  // -> what is ready, interleaved stereo; take() removes frames from its front
  std::span<const float> ready() const { return std::span(ready_).subspan(2 * taken_); }
  void take(std::size_t frames);

 private:
  void silence_until(double time_s);
  double stream_s(double frames) const { return start_s_ + frames / rate_hz_; }
  std::size_t made() const { return before_ + ready_.size() / 2; }  // frames so far

  const double start_s_;
  const int rate_hz_;
  const std::string file_;
  std::optional<Resampler> resampler_;  // none: the next piece begins anew
  std::vector<float> ready_;
  std::size_t taken_ = 0, before_ = 0;  // frames taken of ready_, and those that it does not hold any more
  bool twice_ = false;                  // all of the last piece was left out
  double slip_s_ = 0.0;                 // smoothed: the pieces come so much later than the stream has them
  double adjusted_s_ = -1e9;
};

}  // namespace ombra::media
