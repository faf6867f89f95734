#include "cli/preview.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/new_file.hpp"
#include "drawing/png.hpp"

#include <algorithm>
#include <system_error>

namespace ombra::cli {
namespace {

constexpr double kEveryS = 2.0;
constexpr int kWidest = 640;

// By a whole factor: each pixel is the mean of a square.
gfx::Image smaller(const gfx::Image& picture) {
  const int factor = (picture.width + kWidest - 1) / kWidest, channels = picture.channels;
  gfx::Image small{std::max(1, picture.width / factor), std::max(1, picture.height / factor), channels, {}};
  small.pixels.reserve(static_cast<std::size_t>(small.width) * static_cast<std::size_t>(small.height) *
                       static_cast<std::size_t>(channels));
  const int tall = std::min(factor, picture.height), area = factor * tall;
  for (int y = 0; y < small.height; ++y) {
    for (int i = 0; i < small.width * channels; ++i) {
      int sum = area / 2;
      for (int dy = 0; dy < tall; ++dy) {
        const std::size_t row = static_cast<std::size_t>(y * factor + dy) * static_cast<std::size_t>(picture.width);
        const std::size_t first =
            (row + static_cast<std::size_t>(i / channels * factor)) * static_cast<std::size_t>(channels) +
            static_cast<std::size_t>(i % channels);
        for (int dx = 0; dx < factor; ++dx) sum += picture.pixels[first + static_cast<std::size_t>(dx * channels)];
      }
      small.pixels.push_back(static_cast<std::uint8_t>(sum / area));
    }
  }
  return small;
}

std::filesystem::path beside(std::filesystem::path output) {
  if (!output.has_filename()) output = output.parent_path();
  return free_path(output.replace_extension(".preview.png"));
}

}  // namespace

Preview::Preview(const std::filesystem::path& output) : path_(beside(output)) {}

Preview::~Preview() {
  std::error_code ignored;
  if (written_) std::filesystem::remove(path_, ignored);
}

void Preview::show(const gfx::Image& picture) {
  if (now_s() < next_s_) return;
  try {
    const gfx::Image small = smaller(picture);
    write_png(path_, small.width, small.height, small.channels, small.pixels);
    written_ = true;
  } catch (const Error& fault) {
    log::debug("{}", fault.what());
  }
  next_s_ = now_s() + kEveryS;
}

}  // namespace ombra::cli
