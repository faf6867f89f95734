#pragma once
// The frames of a video at an even rate, whatever rate they come at: for each tick the frame that is shown then.
// Thread: one owner.

#include "footage/video/pauses.hpp"
#include "media/read/video_reader.hpp"

#include <filesystem>

namespace ombra::train {

class EvenFrames {
 public:
  // From start_s to end_s (0: the end of the video), fps a second.
  EvenFrames(const std::filesystem::path& path, const media::ReadVideoOptions& options, double start_s, double end_s,
             double fps);

  // -> how many frames of the even rate the next frame stands for (at least 1), or 0 at the end. frame's memory is used
  // again.
  int next(media::VideoFrame& frame);

  const media::VideoInfo& info() const { return reader_.info(); }
  std::int64_t damaged() const { return reader_.damaged(); }
  double skipped_s() const { return reader_.skipped_s(); }
  const Pauses& pauses() const { return pauses_; }  // so far

  static constexpr double kPauseS = 2.0;  // a frame that is shown for longer is a pause
  // One frame stands for no longer than this, and all together for no longer than that beyond the first kFreeS of each:
  // time stamps cost nothing, pictures do.
  static constexpr double kLongestS = 600.0, kLongestTogetherS = 3600.0, kFreeS = 0.5;

 private:
  void start();
  bool read();  // -> waiting_ is the next frame within start and end
  double shown_s(const media::VideoFrame& frame) const;
  double held_s(double time_s, double shown_s);

  // immutable after construction
  double start_s_, end_s_, fps_;
  // state
  media::VideoReader reader_;
  media::VideoFrame waiting_, behind_;  // behind_: the one after waiting_, where the start lies in a pause
  bool has_waiting_ = false, has_behind_ = false;
  bool beyond_ = false;  // a frame at or after the end was seen
  double left_s_ = kLongestTogetherS;
  double lost_s_ = 0.0;  // of pauses that were cut short
  std::int64_t next_ = 0;
  Pauses pauses_;
};

}  // namespace ombra::train
