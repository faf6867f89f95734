#include "media/read/picture_converter.hpp"

#include "core/error.hpp"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace ombra::media {
namespace {

// The old names of full-range formats; the range is told separately.
AVPixelFormat without_range(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    default:
      return format;
  }
}

// Unspecified is full range for grey, which nearly always comes from still pictures, and studio range for colour.
bool full_range(const AVFrame& frame) {
  if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) return frame.color_range == AVCOL_RANGE_JPEG;
  const auto format = static_cast<AVPixelFormat>(frame.format);
  return without_range(format) != format || av_pix_fmt_desc_get(format)->nb_components <= 2;
}

// A stream that does not tell its colour space has that of television of its size: BT.601 up to 576 lines, else BT.709.
int coefficients_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      return SWS_CS_ITU709;
    case AVCOL_SPC_FCC:
      return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M:
      return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return SWS_CS_BT2020;
    default:
      return frame.width >= 1280 || frame.height > 576 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

bool has_alpha(AVPixelFormat format) {
  return format == AV_PIX_FMT_PAL8 || (av_pix_fmt_desc_get(format)->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
}

void lay_on_white(AVFrame& rgba) {
  for (int y = 0; y < rgba.height; ++y) {
    std::uint8_t* p = rgba.data[0] + static_cast<std::ptrdiff_t>(y) * rgba.linesize[0];
    for (int x = 0; x < rgba.width; ++x, p += 4) {
      if (p[3] == 255) continue;
      for (int c = 0; c < 3; ++c) p[c] = static_cast<std::uint8_t>((p[c] * p[3] + 255 * (255 - p[3]) + 127) / 255);
    }
  }
}

}  // namespace

Turn turn_of(const std::int32_t* matrix) {
  if (!matrix) return {};
  // x' = a x + c y, y' = b x + d y
  const std::int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {false, a < 0, d < 0};
  return {true, c < 0, b < 0};
}

PictureSize upright_size(PictureSize stored, AVRational aspect, const Turn& turn, PictureSize most) {
  double pixel = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1.0;
  if (pixel < 1.0 / 16.0 || pixel > 16.0) pixel = 1.0;
  double width = stored.width * std::max(1.0, pixel), height = stored.height * std::max(1.0, 1.0 / pixel);
  if (turn.transpose) std::swap(width, height);
  double scale = std::min(1.0, std::sqrt(static_cast<double>(kLargestArea) / (width * height)));
  scale = std::min(scale, (most.width > 0 ? std::min(most.width, kLargestSide) : kLargestSide) / width);
  scale = std::min(scale, (most.height > 0 ? std::min(most.height, kLargestSide) : kLargestSide) / height);
  const auto side = [&](double length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return {side(width), side(height)};
}

const AVFrame& PictureConverter::Step::run(const AVFrame& frame, int in_format, PictureSize size, AVPixelFormat to,
                                           const std::string& file) {
  const int in_space = coefficients_of(frame), in_range = full_range(frame) ? 1 : 0;
  const bool same = context && width == frame.width && height == frame.height && format == in_format &&
                    space == in_space && range == in_range && out_width == size.width && out_height == size.height;
  if (!same) {
    context.reset();
    // The average over the area where a picture is made smaller; swscale refuses that for extreme ratios.
    const bool smaller = size.width < frame.width || size.height < frame.height;
    const int exact = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;
    for (const int flags : {smaller ? SWS_AREA : SWS_BICUBIC | exact, SWS_POINT | exact}) {
      context.reset(sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(in_format), size.width,
                                   size.height, to, flags, nullptr, nullptr, nullptr));
      if (context) break;
    }
    const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(in_format));
    if (!context) {
      throw error("{}: pictures of {} x {} pixels in format {} cannot be converted\nhint: write it anew with ffmpeg",
                  file, frame.width, frame.height, name ? name : "unknown");
    }
    const int* table = sws_getCoefficients(in_space);
    sws_setColorspaceDetails(context.get(), table, in_range, table, 1, 0, 1 << 16, 1 << 16);  // refused for RGB: fine
    out.reset(av_frame_alloc());
    out->width = size.width;
    out->height = size.height;
    out->format = to;
    av_check(av_frame_get_buffer(out.get(), 0), file, "no memory for a picture", "use smaller pictures");
    width = frame.width, height = frame.height, format = in_format, space = in_space, range = in_range;
    out_width = size.width, out_height = size.height;
  }
  av_check(sws_scale(context.get(), frame.data, frame.linesize, 0, frame.height, out->data, out->linesize), file,
           "a picture cannot be converted");
  return *out;
}

void PictureConverter::convert(const AVFrame& frame, AVRational aspect, const Turn& turn, PictureSize size,
                               const std::string& file, std::vector<std::uint8_t>& rgb, std::uint8_t beside) {
  const AVFrame* in = &frame;
  int format = without_range(static_cast<AVPixelFormat>(frame.format));
  if (has_alpha(static_cast<AVPixelFormat>(format))) {  // before scaling, lest hidden colours bleed into the edges
    in = &opaque_.run(frame, format, {frame.width, frame.height}, AV_PIX_FMT_RGBA, file);
    lay_on_white(*opaque_.out);
    format = AV_PIX_FMT_RGB0;
  }

  // The part of the picture that is filled: all of it, unless the shape differs by more than rounding.
  const PictureSize whole = upright_size({frame.width, frame.height}, aspect, turn, {});
  const double scale =
      std::min(size.width / static_cast<double>(whole.width), size.height / static_cast<double>(whole.height));
  const auto side = [&](int length, int room) {
    const int scaled = std::clamp(static_cast<int>(std::lround(length * scale)), 1, room);
    return scaled >= room - 1 ? room : scaled;
  };
  const PictureSize filled = {side(whole.width, size.width), side(whole.height, size.height)};
  const PictureSize lying = turn.transpose ? PictureSize{filled.height, filled.width} : filled;
  const AVFrame& scaled = scale_.run(*in, format, lying, AV_PIX_FMT_RGB24, file);

  const std::size_t stride = static_cast<std::size_t>(size.width) * 3;
  rgb.resize(stride * static_cast<std::size_t>(size.height));
  if (filled.width != size.width || filled.height != size.height) std::fill(rgb.begin(), rgb.end(), beside);
  std::uint8_t* corner = rgb.data() + static_cast<std::size_t>((size.height - filled.height) / 2) * stride +
                         static_cast<std::size_t>((size.width - filled.width) / 2) * 3;
  for (int y = 0; y < filled.height; ++y) {
    const std::ptrdiff_t line = scaled.linesize[0];
    const int v = turn.flip_y ? filled.height - 1 - y : y;
    const int u = turn.flip_x ? filled.width - 1 : 0;
    // (u, v) upright is (v, u) in the stored picture where it is transposed
    const std::uint8_t* from = scaled.data[0] + (turn.transpose ? u * line + v * 3 : v * line + u * 3);
    const std::ptrdiff_t step = (turn.transpose ? line : 3) * (turn.flip_x ? -1 : 1);
    std::uint8_t* to = corner + static_cast<std::size_t>(y) * stride;
    if (step == 3) {
      std::copy_n(from, static_cast<std::size_t>(filled.width) * 3, to);
      continue;
    }
    for (int x = 0; x < filled.width; ++x, from += step, to += 3) std::copy_n(from, 3, to);
  }
}

}  // namespace ombra::media
