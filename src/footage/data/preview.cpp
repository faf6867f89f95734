#include "footage/data/preview.hpp"

#include "core/error.hpp"
#include "media/read/leftovers.hpp"
#include "media/write/video_writer.hpp"

#include <algorithm>
#include <set>

namespace ombra::train {
namespace {

constexpr double kSeconds = 20.0, kMinS = 2.0;  // of all, and of one passage
constexpr int kEnlarged = 4, kLargestSide = 1920;

void enlarge(std::span<const std::uint8_t> small, int width, int height, int times, std::span<std::uint8_t> large) {
  std::uint8_t* to = large.data();
  for (int y = 0; y < height * times; ++y) {
    const std::uint8_t* row = &small[static_cast<std::size_t>(y / times * width) * 3];
    for (int x = 0; x < width; ++x, row += 3) {
      for (int k = 0; k < times; ++k) to = std::copy_n(row, 3, to);
    }
  }
}

}  // namespace

void viewable(const DataSet& data, std::int64_t frame, std::span<std::uint8_t> rgb) {
  const auto bytes = data.picture(frame);
  const std::size_t pixels = rgb.size() / 3;
  for (std::size_t i = 0; i < pixels; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      std::uint8_t light = data.kind() == PictureKind::kRgb ? bytes[3 * i + c] : bytes[i];
      if (data.kind() == PictureKind::kDistance) {
        const float d = static_cast<float>(static_cast<std::int8_t>(bytes[i])) / kUnitsPerPixel;
        light = static_cast<std::uint8_t>(255.0f * std::clamp(0.5f + d, 0.0f, 1.0f) + 0.5f);
      }
      rgb[3 * i + c] = light;
    }
  }
}

std::vector<std::int64_t> preview_frames(const DataSet& data, double seconds) {
  std::vector<const DataClip*> takes;
  std::set<std::string> names;
  for (const DataClip& clip : data.clips()) {
    if (!clip.mirrored && names.insert(clip.name).second) takes.push_back(&clip);
  }
  // no passage shorter than can be judged: of many takes some are left out
  const auto most = static_cast<std::size_t>(seconds / kMinS);
  std::vector<const DataClip*> shown;
  for (std::size_t k = 0; k < std::min(most, takes.size()); ++k)
    shown.push_back(takes[k * takes.size() / std::min(most, takes.size())]);
  std::vector<std::int64_t> frames;
  auto left = static_cast<std::int64_t>(seconds * data.fps());
  std::sort(shown.begin(), shown.end(), [](const DataClip* a, const DataClip* b) { return a->length < b->length; });
  std::vector<std::pair<std::int64_t, std::int64_t>> passages;  // what short takes do not need, longer ones get
  for (std::size_t k = 0; k < shown.size(); ++k) {
    const std::int64_t length = std::min(shown[k]->length, left / static_cast<std::int64_t>(shown.size() - k));
    passages.emplace_back(shown[k]->start + (shown[k]->length - length) / 2, length);
    left -= length;
  }
  std::sort(passages.begin(), passages.end());
  for (const auto& [first, length] : passages) {
    for (std::int64_t t = 0; t < length; ++t) frames.push_back(first + t);
  }
  return frames;
}

void write_preview(const std::filesystem::path& path, const DataSet& data) {
  const int w = data.width(), h = data.height();
  const int times = std::clamp(kLargestSide / std::max(w, h), 1, kEnlarged);
  std::vector<std::uint8_t> small(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3),
      large(small.size() * static_cast<std::size_t>(times * times));
  media::VideoWriter writer(path,
                            {.width = w * times, .height = h * times, .fps = data.fps(), .comment = media::kOwnMark});
  for (const std::int64_t frame : preview_frames(data, kSeconds)) {
    viewable(data, frame, small);
    enlarge(small, w, h, times, large);
    writer.write(large);
  }
  writer.finish();
}

}  // namespace ombra::train
