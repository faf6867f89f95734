#pragma once
// Writes pictures, and a sound in step with them, to a video file or as numbered pictures: see
// media/write/video_kind.hpp. The same input gives the same bytes. Memory is bounded. Thread: one owner (encoding uses
// threads of its own).

#include "media/read/audio_reader.hpp"
#include "media/write/video_kind.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ombra::media {

struct VideoFormat {
  int width = 0, height = 0;  // 1 .. 16384; odd ones are padded to even ones by a repeated edge (not in a GIF)
  double fps = 0.0;           // over 0, up to 1000; a GIF counts in hundredths of a second, so 50 at most
  bool alpha = false;         // pictures are RGBA with straight alpha, and the file keeps it
  std::optional<VideoKind> kind = std::nullopt;  // nothing: by the file's ending
  std::string codec = "";                        // "" the kind's; or the name of another of FFmpeg's encoders
  int quality = 20;              // constant rate factor of H.264: 0 lossless, 18 as good as the original, 51 worst
  std::string comment = "";      // kept in the file where its kind has a place for it
  const Sound* sound = nullptr;  // must live until finish(); cut where the picture ends
};

class VideoWriter {
 public:
  // path: of numbered pictures a folder, which is made, or a pattern like "x_%05d.png"; such pictures of before make
  // way. Throws UsageError when path is an input, Error: unknown ending, no such folder, no encoder, impossible format.
  VideoWriter(const std::filesystem::path& path, const VideoFormat& format);
  // Without finish(), what was written so far is left as a file that plays.
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  // The next picture, [height][width][3], or [4] with alpha. Throws Error, e.g. when the disk is full.
  void write(std::span<const std::uint8_t> pixels);
  // Ends the file; throws Error. Nothing can be written afterwards.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::media
