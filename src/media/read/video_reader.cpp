#include "media/read/video_reader.hpp"

#include "core/error.hpp"
#include "media/read/video_sources.hpp"

namespace ombra::media {

VideoReader::VideoReader(const std::filesystem::path& path, const ReadVideoOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw error("{}: no such file or folder\nhint: check the name", path.string());
  }
  source_ =
      std::filesystem::is_directory(path, ignored) ? open_image_folder(path, options) : open_video_file(path, options);
}

}  // namespace ombra::media
