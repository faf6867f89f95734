// A folder of numbered images as a source of frames.
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "media/read/leftovers.hpp"
#include "media/read/video_sources.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace ombra::media {
namespace {

// Numbers in names count by their value: frame2 comes before frame10, frame02 beside frame2.
bool natural_order(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::string_view whole_a = a, whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (digit(a[0]) && digit(b[0])) {
      const auto number = [&](std::string_view& text) {
        const std::string_view zeros = text.substr(0, std::min(text.find_first_not_of('0'), text.size()));
        text.remove_prefix(zeros.size());
        const auto end = std::find_if_not(text.begin(), text.end(), digit);
        const std::string_view value = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        text.remove_prefix(value.size());
        return value;
      };
      const std::string_view x = number(a), y = number(b);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[0] != b[0]) return a[0] < b[0];
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty();
  return whole_a < whole_b;
}

std::vector<std::filesystem::path> images_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> images;
  std::error_code code;
  for (std::filesystem::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    // An empty image takes its time as a damaged one does: it stands for a picture.
    const std::string why = is_image_name(it->path()) ? why_passed_over(it->path()) : "no image";
    if (why.empty() || why == "empty") images.push_back(it->path());
  }
  if (code) throw error("{}: cannot be read: {}\nhint: may you read it?", folder.string(), code.message());
  if (images.empty()) {
    throw error("{}: no images in this folder\nhint: png, jpg, bmp, webp, tif ... with a number in the name",
                folder.string());
  }
  std::sort(images.begin(), images.end(),
            [](const auto& a, const auto& b) { return natural_order(a.filename().native(), b.filename().native()); });
  return images;
}

class ImageFolder final : public VideoSource {
 public:
  ImageFolder(const std::filesystem::path& folder, const ReadVideoOptions& options)
      : fps_(options.folder_fps),
        image_options_{
            .max_width = options.max_width, .max_height = options.max_height, .fill = options.fill, .threads = 1},
        images_(images_in(folder)) {
    if (!(options.folder_fps > 0.0 && options.folder_fps <= 1000.0)) {
      throw error("{}: {} images a second\nhint: over 0, up to 1000", folder.string(), options.folder_fps);
    }
    if (!next(first_)) {
      throw error("{}: none of its {} images can be read\nhint: does an image viewer show them?", folder.string(),
                  images_.size());
    }
    info_.width = first_.width;
    info_.height = first_.height;
    info_.fps = options.folder_fps;
    info_.frames = static_cast<std::int64_t>(images_.size());
    info_.duration_s = static_cast<double>(images_.size()) / options.folder_fps;
    pending_ = true;
  }

  const VideoInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return damaged_; }

  bool next(VideoFrame& frame) override {
    if (pending_) {
      pending_ = false;
      frame = std::move(first_);
      return true;
    }
    for (; at_ < images_.size(); ++at_) {
      try {
        const auto image = open_video_file(images_[at_], image_options_, info_.width, info_.height);
        if (!image->next(frame)) continue;
        if (info_.codec.empty()) info_.codec = image->info().codec;
      } catch (const Error& e) {
        log::debug("{}", e.what());
        ++damaged_;
        continue;
      }
      frame.time_s = static_cast<double>(at_++) / fps_;
      return true;
    }
    return false;
  }

  void seek(double time_s) override {
    pending_ = false;
    if (!std::isfinite(time_s)) time_s = 0.0;
    const double last = static_cast<double>(images_.size()) - 1.0;
    at_ = static_cast<std::size_t>(std::clamp(std::floor(time_s * fps_ + 1e-6), 0.0, last));
  }

 private:
  // immutable after construction
  const double fps_;
  const ReadVideoOptions image_options_;
  const std::vector<std::filesystem::path> images_;
  VideoInfo info_;
  // state
  VideoFrame first_;
  bool pending_ = false;  // first_ is read, not yet given
  std::size_t at_ = 0;
  std::int64_t damaged_ = 0;
};

}  // namespace

bool is_image_name(const std::filesystem::path& path) {
  constexpr std::array kEndings = {".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff",
                                   ".ppm", ".pgm", ".pbm",  ".pnm", ".jp2",  ".exr"};
  const std::string ending = lower(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::unique_ptr<VideoSource> open_image_folder(const std::filesystem::path& path, const ReadVideoOptions& options) {
  return std::make_unique<ImageFolder>(path, options);
}

}  // namespace ombra::media
