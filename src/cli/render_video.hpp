#pragma once
// From pictures to a video file, with a progress bar and a preview: what every kind of render ends in. Encoding runs in
// a thread of its own beside the drawing. Thread: main; the pictures are drawn on the caller's thread.

#include "media/write/video_writer.hpp"
#include "show/offline/picture_source.hpp"

#include <filesystem>

namespace ombra::cli {

struct RenderedVideo {
  std::int64_t frames = 0;  // written; fewer than the source has after Ctrl-C
  double took_s = 0.0;
};

// Writes all pictures of source to output, in their own size (format's is not looked at). Ctrl-C ends early with a
// video that plays. Throws Error; then what was written so far is left as a video that plays, where that is possible.
RenderedVideo render_video(show::PictureSource& source, const std::filesystem::path& output,
                           const media::VideoFormat& format);

}  // namespace ombra::cli
