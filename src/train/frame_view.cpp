#include "train/frame_view.hpp"

#include "model/figure/distance.hpp"
#include "model/figure/strokes.hpp"

#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr float kFar = model::kMaxDistance;

float distance_px(std::uint8_t byte) { return static_cast<float>(static_cast<std::int8_t>(byte)) / kUnitsPerPixel; }

// Light of a stored picture, 0 black .. 1 white, one number a pixel.
void luma(std::span<const std::uint8_t> bytes, PictureKind kind, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (kind == PictureKind::kRgb) {  // ITU-R BT.601
      out[i] = (0.299f * static_cast<float>(bytes[3 * i]) + 0.587f * static_cast<float>(bytes[3 * i + 1]) +
                0.114f * static_cast<float>(bytes[3 * i + 2])) /
               255.0f;
    } else {
      out[i] = static_cast<float>(bytes[i]) / 255.0f;
    }
  }
}

// Signed distances of a stored picture, in its own pixels.
void distances(const DataSet& data, std::int64_t frame, std::span<float> out) {
  const auto bytes = data.picture(frame);
  if (data.kind() == PictureKind::kDistance) {
    std::transform(bytes.begin(), bytes.end(), out.begin(), distance_px);
    return;
  }
  thread_local std::vector<float> ink;
  ink.resize(out.size());
  luma(bytes, data.kind(), ink);
  for (float& value : ink) value = 1.0f - value;
  model::signed_distance(ink, data.width(), data.height(), out);
}

}  // namespace

FrameView::FrameView(std::shared_ptr<const DataSet> data, const model::FramesSpec& spec)
    : data_(std::move(data)),
      spec_(spec),
      resample_(data_->width(), data_->height(), static_cast<int>(spec.width), static_cast<int>(spec.height)) {
  constexpr double kNearly = 1.02;
  if (spec.fps > data_->fps() * kNearly) {
    throw error("the data set has {:.4g} frames a second, the recipe wants {:.4g}\nhint: ombra prepare --fps {:.4g}",
                data_->fps(), spec.fps, spec.fps);
  }
  const double step = data_->fps() / spec.fps;
  for (const DataClip& clip : data_->clips()) {
    ViewClip view{&clip, frames(), 0};
    for (std::int64_t k = 0;; ++k, ++view.length) {
      const std::int64_t at = std::llround(static_cast<double>(k) * step);
      if (at >= clip.length) break;
      source_.push_back(clip.start + at);
    }
    clips_.push_back(view);
  }
}

void FrameView::picture(std::int64_t i, std::span<float> out) const {
  const DataSet& data = *data_;
  const auto bytes = data.picture(data_frame(i));
  const std::size_t pixels = static_cast<std::size_t>(data.width()) * static_cast<std::size_t>(data.height());
  thread_local std::vector<float> from;
  from.resize(pixels);
  const auto scale = static_cast<float>(resample_.scale());
  if (spec_.picture == PictureKind::kDistance) {
    distances(data, data_frame(i), from);
    const float to_heights = scale / static_cast<float>(spec_.height);
    for (float& d : from) d = std::clamp(d * to_heights, -kFar, kFar);
    resample_.run(from, kFar, out);
    return;
  }
  if (data.kind() == PictureKind::kDistance) {  // coverage of a pixel from the distance at its middle
    std::transform(bytes.begin(), bytes.end(), from.begin(), distance_px);
    const auto area = static_cast<std::size_t>(spec_.width * spec_.height);
    resample_.run(from, 8.0f, out.first(area));
    for (float& value : out.first(area)) value = std::clamp(0.5f + value * scale, 0.0f, 1.0f);
    for (std::size_t c = 1; c < out.size() / area; ++c) std::copy_n(out.begin(), area, out.subspan(c * area).begin());
  } else if (spec_.picture == PictureKind::kRgb && data.kind() == PictureKind::kRgb) {
    const auto area = static_cast<std::size_t>(spec_.width * spec_.height);
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t k = 0; k < pixels; ++k) from[k] = static_cast<float>(bytes[3 * k + c]) / 255.0f;
      resample_.run(from, 1.0f, out.subspan(c * area, area));
    }
  } else {
    const auto area = static_cast<std::size_t>(spec_.width * spec_.height);
    luma(bytes, data.kind(), from);
    resample_.run(from, 1.0f, out.first(area));
    for (std::size_t c = 1; c < out.size() / area; ++c) std::copy_n(out.begin(), area, out.subspan(c * area).begin());
  }
  if (spec_.picture == PictureKind::kBinary) {
    for (float& value : out) value = value < 0.5f ? 0.0f : 1.0f;
  }
}

Tensor FrameView::pictures(std::span<const std::int64_t> frames) const {
  const std::int64_t channels = model::channels_of(spec_.picture);
  const Tensor out =
      torch::empty({static_cast<std::int64_t>(frames.size()), channels, spec_.height, spec_.width}, torch::kFloat);
  const auto numbers = static_cast<std::size_t>(channels * spec_.height * spec_.width);
  for (std::size_t b = 0; b < frames.size(); ++b) picture(frames[b], {out.data_ptr<float>() + b * numbers, numbers});
  return out;
}

Tensor FrameView::pictures(std::int64_t first, std::int64_t count) const {
  std::vector<std::int64_t> frames(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i] = first + static_cast<std::int64_t>(i);
  return pictures(frames);
}

std::vector<std::int64_t> FrameView::frames_of(bool held_out) const {
  std::vector<std::int64_t> frames;
  for (const ViewClip& view : clips_) {
    for (std::int64_t i = 0; view.clip->held_out == held_out && i < view.length; ++i) frames.push_back(view.start + i);
  }
  return frames;
}

Tensor show_fields(const DataSet& data, std::span<const std::int64_t> frames, double span, std::int64_t size) {
  const auto height = static_cast<std::int64_t>(data.height()), width = static_cast<std::int64_t>(data.width()),
             side = std::lround(span * static_cast<double>(height));
  const std::int64_t across = std::min(side, width), left = (side - across) / 2;
  std::vector<Tensor> fields;
  std::vector<float> field(static_cast<std::size_t>(width * height));
  for (const std::int64_t frame : frames) {
    distances(data, frame, field);
    const Tensor whole = torch::from_blob(field.data(), {1, 1, height, width});
    fields.push_back(torch::constant_pad_nd(whole.narrow(3, (width - across) / 2, across) / static_cast<double>(side),
                                            {left, side - across - left, side - height, 0}, kFar));
  }
  Tensor all = torch::cat(fields);
  if (side != size) all = torch::upsample_bicubic2d(all, {size, size}, false);
  return all.clamp(-kFar, kFar);
}

}  // namespace ombra::train
