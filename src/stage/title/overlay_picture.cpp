#include "stage/title/overlay_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace ombra::stage {
namespace {

using Level = OverlayPicture::Level;

// sRGB (IEC 61966-2-1) and linear light
class Curve {
 public:
  Curve() {
    for (std::size_t i = 0; i < light_.size(); ++i) {
      const double s = static_cast<double>(i) / 255.0;
      light_[i] = static_cast<float>(s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4));
    }
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const double c = static_cast<double>(i) / static_cast<double>(bytes_.size() - 1);
      const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1.0 / 2.4) - 0.055;
      bytes_[i] = static_cast<std::uint8_t>(std::lround(255.0 * s));
    }
  }
  float light(unsigned byte) const { return light_[byte]; }
  std::uint8_t byte(float light) const {
    return bytes_[static_cast<std::size_t>(std::clamp(light, 0.0f, 1.0f) * static_cast<float>(bytes_.size() - 1) +
                                           0.5f)];
  }

 private:
  std::array<float, 256> light_{};
  std::array<std::uint8_t, 16384> bytes_{};
};

const Curve& curve() {
  static const Curve kCurve;
  return kCurve;
}

// Which pixels of a row or column an output pixel is the mean of, and how much of each counts.
struct Share {
  int first = 0, count = 0;
  std::array<float, 4> part{};
};

std::vector<Share> shares(int from, int to) {
  std::vector<Share> all(static_cast<std::size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double begin = i * step, end = std::min<double>(from, (i + 1) * step);
    Share& share = all[static_cast<std::size_t>(i)];
    share.first = static_cast<int>(begin);
    for (int k = share.first; k < from && k < end - 1e-9 && share.count < 4; ++k) {
      share.part[static_cast<std::size_t>(share.count++)] =
          static_cast<float>((std::min<double>(end, k + 1) - std::max<double>(begin, k)) / (end - begin));
    }
  }
  return all;
}

Level halved(const Level& from) {
  Level to{std::max(1, from.width / 2), std::max(1, from.height / 2), {}};
  to.rgba.resize(static_cast<std::size_t>(to.width) * to.height * 4);
  const std::vector<Share> columns = shares(from.width, to.width), rows = shares(from.height, to.height);
  const Curve& c = curve();
  std::uint8_t* out = to.rgba.data();
  for (const Share& row : rows) {
    for (const Share& column : columns) {
      float sum[4] = {};
      for (int j = 0; j < row.count; ++j) {
        const std::uint8_t* in =
            from.rgba.data() + 4 * (static_cast<std::size_t>(row.first + j) * from.width + column.first);
        for (int i = 0; i < column.count; ++i, in += 4) {
          const float part = row.part[static_cast<std::size_t>(j)] * column.part[static_cast<std::size_t>(i)];
          for (int k = 0; k < 3; ++k) sum[k] += part * c.light(in[k]);
          sum[3] += part * in[3];
        }
      }
      for (int k = 0; k < 3; ++k) *out++ = c.byte(sum[k]);
      *out++ = static_cast<std::uint8_t>(std::lround(sum[3]));
    }
  }
  return to;
}

Level in_linear_light(const unsigned char* argb, std::ptrdiff_t stride, int width, int height) {
  Level level{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4)};
  const Curve& c = curve();
  std::uint8_t* out = level.rgba.data();
  for (int y = 0; y < height; ++y) {
    const unsigned char* row = argb + y * stride;
    for (int x = 0; x < width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, row + 4 * x, 4);
      const unsigned alpha = pixel >> 24;
      for (const int shift : {16, 8, 0}) {
        const unsigned times_alpha = pixel >> shift & 255;
        const unsigned straight = alpha > 0 ? std::min(255u, (times_alpha * 255 + alpha / 2) / alpha) : 0;
        *out++ = c.byte(c.light(straight) * static_cast<float>(alpha) / 255.0f);
      }
      *out++ = static_cast<std::uint8_t>(alpha);
    }
  }
  return level;
}

}  // namespace

OverlayPicture overlay_picture(const unsigned char* argb, std::ptrdiff_t stride, int width, int height,
                               int least_height) {
  OverlayPicture picture;
  Level level = in_linear_light(argb, stride, width, height);
  while (level.height / 2 >= std::max(1, least_height) && level.width > 1) level = halved(level);
  picture.width = level.width, picture.height = picture.size_px = level.height;
  picture.levels.push_back(std::move(level));
  while (picture.levels.back().width > 1 || picture.levels.back().height > 1)
    picture.levels.push_back(halved(picture.levels.back()));
  return picture;
}

}  // namespace ombra::stage
