#pragma once
// The two kinds of video that VideoReader opens. Thread: one owner each.

#include "media/read/video_reader.hpp"

#include <filesystem>
#include <memory>

namespace ombra::media {

// width, height: where over 0, the size that every frame is fitted into, whatever the file's own is.
std::unique_ptr<VideoSource> open_video_file(const std::filesystem::path& path, const ReadVideoOptions& options,
                                             int width = 0, int height = 0);
std::unique_ptr<VideoSource> open_image_folder(const std::filesystem::path& path, const ReadVideoOptions& options);

// Is it an image by its ending?
bool is_image_name(const std::filesystem::path& path);

}  // namespace ombra::media
