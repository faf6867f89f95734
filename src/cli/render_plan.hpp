#pragma once
// What `ombra render` writes where: songs, patterns and folders become one file a song, and nothing that exists is
// replaced unasked. Thread: main.

#include "core/outputs.hpp"
#include "media/write/video_kind.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::cli {

struct RenderItem {
  std::filesystem::path song, output;
  media::VideoKind kind = media::VideoKind::kMp4;
  std::string refused;  // why this one cannot be, or empty
};

struct RenderPlan {
  std::vector<std::string> songs;  // files, and patterns (*, ?, []) that no shell expanded
  std::filesystem::path output;    // a file; of several songs, or where it is a folder or ends in a slash, a folder
  std::string codec;         // "h264", "prores", "ffv1", "gif", "png"; "": by the output's ending, in a folder h264
  bool transparent = false;  // in a folder ProRes, unless codec says otherwise
  bool overwrite = false;    // else it is asked, where somebody can be
};

// Makes the folder that is asked for, and adds the songs to inputs, which may hold what else is read. Throws
// UsageError: several songs for one file, a kind of file that cannot be, a video that is an input; Error: a pattern
// that nothing fits.
std::vector<RenderItem> items_of(const RenderPlan& plan, Inputs& inputs);

}  // namespace ombra::cli
