#pragma once
// Any video that FFmpeg can read, or a folder of numbered images, frame by frame as RGB pictures that stand upright
// with square pixels. Hostile files are refused or cut off: no network, no other file is opened, sizes are bounded, and
// no more than a few frames are in memory. Thread: one owner (decoding uses threads of its own).

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ombra::media {

struct VideoInfo {
  int width = 0, height = 0;  // of the frames that next() gives: rotated, with square pixels, scaled
  double fps = 0.0;           // mean; 0 unknown
  double base_fps = 0.0;      // at which its frames come where none is left out, up to 60; 0 unknown
  double duration_s = 0.0;    // 0 unknown
  std::int64_t frames = 0;    // an estimate; 0 unknown
  bool has_sound = false;
  double sound_start_s = 0.0;  // from the first frame; what is less than a tenth of a second counts as 0
  std::string codec;
};

struct VideoFrame {
  int width = 0, height = 0;
  // From the first frame; never falling but after a seek. A step of over a minute counts as a pause where the file is
  // that long and goes on from there, and as a damaged stamp otherwise, or when it is over an hour: one period instead.
  double time_s = 0.0;
  std::vector<std::uint8_t> rgb;  // [height][width][3]
  double duration_s = 0.0;        // for which the file says that it is shown; 0: it does not
};

struct ReadVideoOptions {
  int max_width = 0, max_height = 0;  // scaled down to fit while converting, aspect kept; 0: as it is
  bool fill = false;  // frames have max_width x max_height exactly: enlarged where needed, with black beside them
  double folder_fps = 25.0;  // of numbered images
  int threads = 0;           // of the decoder; 0: two
};

// Where frames come from: one file, or a folder of images.
class VideoSource {
 public:
  virtual ~VideoSource() = default;
  virtual const VideoInfo& info() const = 0;
  virtual bool next(VideoFrame& frame) = 0;
  virtual void seek(double time_s) = 0;
  virtual std::int64_t damaged() const = 0;
  virtual double skipped_s() const { return 0.0; }
};

class VideoReader {
 public:
  // A video file, or a folder of images (png, jpg, bmp, webp, tif, ...) in the order of the numbers in their names.
  // Throws Error: no such file, no video stream, unknown codec, nothing decodable, too large.
  explicit VideoReader(const std::filesystem::path& path, const ReadVideoOptions& options = {});

  const VideoInfo& info() const { return source_->info(); }
  // -> false at the end. Damaged frames are left out and counted. frame's memory is used again; every frame has
  // info()'s size (one that differs, in a stream or a folder that changes size midway, is fitted into it on white).
  bool next(VideoFrame& frame) { return source_->next(frame); }
  // To the key frame at or before time_s (the first frame when there is none); next() goes on from there.
  void seek(double time_s) { source_->seek(time_s); }
  // Frames that could not be decoded so far.
  std::int64_t damaged() const { return source_->damaged(); }
  // Time that damaged stamps would have passed over so far.
  double skipped_s() const { return source_->skipped_s(); }

 private:
  std::unique_ptr<VideoSource> source_;
};

}  // namespace ombra::media
