#pragma once
// The frames of a video at an even rate, whatever rate they come at: for each moment the frame nearest to it.
// Thread: one owner.

#include "media/video_reader.hpp"

#include <filesystem>

namespace ombra::train {

class EvenFrames {
 public:
  // From start_s to end_s (0: the end of the video), fps a second.
  EvenFrames(const std::filesystem::path& path, const media::ReadVideoOptions& options, double start_s, double end_s,
             double fps);

  // -> how many moments the next frame stands for (at least 1), or 0 at the end. frame's memory is used again.
  int next(media::VideoFrame& frame);

  const media::VideoInfo& info() const { return reader_.info(); }
  std::int64_t damaged() const { return reader_.damaged(); }

  // A frame stands for no longer than this: a gap in the time stamps is not filled with a still.
  static constexpr double kLongestS = 5.0;

 private:
  bool read();  // -> waiting_ is the next frame within start and end

  // immutable after construction
  double start_s_, end_s_, fps_;
  // state
  media::VideoReader reader_;
  media::VideoFrame waiting_;
  bool has_waiting_ = false;
  double lost_s_ = 0.0;  // of gaps that were cut short
  std::int64_t moment_ = 0;
};

}  // namespace ombra::train
