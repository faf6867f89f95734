#pragma once
// A few frames spread over a video, to look at before all of it is read.
// Thread: one caller.

#include "media/read/video_reader.hpp"

#include <filesystem>
#include <vector>

namespace ombra::train {

struct SpreadOptions {
  double start_s = 0.0, end_s = 0.0;  // end 0: to the end of the video
  std::size_t count = 240;            // at most
  media::ReadVideoOptions read;
};

// Frames in order of time, all of one size. Long videos are sampled shortly after key frames; short ones, those of
// unknown length and those with hardly a key frame are read through. Throws Error when there is none, and when
// interrupted.
std::vector<media::VideoFrame> spread_frames(const std::filesystem::path& path, const SpreadOptions& options);

}  // namespace ombra::train
