#pragma once
// A take as a video: the night again, at any size. Thread: main.

#include "cli/show_options.hpp"
#include "media/write/video_kind.hpp"

#include <filesystem>

namespace ombra::cli {

struct TakeRender {
  std::filesystem::path take, output;
  double fps = 60.0;
  double from_s = 0.0, to_s = 0.0;  // to_s 0: to the end
  media::VideoKind kind = media::VideoKind::kMp4;
  bool transparent = false;
  int quality = 20;
};

// options: model (a folder to look in instead of the take's), look and size count, the rest was decided in the show.
// Throws Error, and UsageError for options that a take cannot follow.
void render_take(const TakeRender& render, const ShowOptions& options);

}  // namespace ombra::cli
