#include "footage/video/picture_maker.hpp"

#include "footage/video/framing.hpp"
#include "model/figure/distance.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

constexpr int kCoarseRows = 24;
constexpr double kEmptyShare = 2e-4;  // of the picture: less ink than this is no figure
constexpr float kWhite = 255.0f;

std::uint8_t to_byte(float v) { return static_cast<std::uint8_t>(std::clamp(v, 0.0f, kWhite) + 0.5f); }

bool at_edge(std::span<const float> ink, int width, int height) {
  const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
  for (std::size_t x = 0; x < w; ++x) {
    if (ink[x] > 0.5f * kWhite || ink[(h - 1) * w + x] > 0.5f * kWhite) return true;
  }
  for (std::size_t y = 0; y < h; ++y) {
    if (ink[y * w] > 0.5f * kWhite || ink[y * w + w - 1] > 0.5f * kWhite) return true;
  }
  return false;
}

// Means over blocks of a picture of one channel, so many rows high.
std::vector<float> coarse_of(std::span<const float> picture, int width, int height) {
  const int block = std::max(1, height / kCoarseRows), columns = (width + block - 1) / block,
            rows = (height + block - 1) / block;
  std::vector<float> means(static_cast<std::size_t>(rows * columns), 0.0f);
  const float share = 1.0f / (kWhite * static_cast<float>(block * block));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x)
      means[static_cast<std::size_t>(y / block * columns + x / block)] +=
          share * picture[static_cast<std::size_t>(y * width + x)];
  }
  return means;
}

}  // namespace

PictureMaker::PictureMaker(const Matte& matte, PictureKind kind, int width, int height, bool inverted)
    : matte_(matte), kind_(kind), width_(width), height_(height), inverted_(inverted) {}

KeyedFrame PictureMaker::keyed(media::VideoFrame& frame) {
  KeyedFrame keyed{frame.width, frame.height, {}, {}, {}};
  const std::size_t pixels = frame.rgb.size() / 3;
  const bool coloured = kind_ == PictureKind::kRgb, lit = coloured || kind_ == PictureKind::kGray;
  raise_contrast(frame.rgb, matte_.key().contrast);
  if (matte_.finds_figure()) {
    ink_.resize(pixels);
    matte_.ink_of(frame.rgb, frame.width, frame.height, ink_);
    if (const auto box = box_of(ink_, frame.width, frame.height)) keyed.centre = box->centre();
    keyed.ink.resize(pixels);
    for (std::size_t i = 0; i < pixels; ++i) keyed.ink[i] = to_byte(kWhite * ink_[i]);
    suppress_spill(matte_.key().kind, frame.rgb);
  }
  if (!lit && matte_.finds_figure()) return keyed;
  // a bright figure on a dark ground becomes a dark one on a white ground, where there is no colour to keep
  const bool negative = !coloured && matte_.key().kind == KeyKind::kAbove;
  const std::size_t channels = coloured ? 3 : 1;
  keyed.light.resize(pixels * channels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const float ink = keyed.ink.empty() ? 1.0f : ink_[i];
    for (std::size_t c = 0; c < channels; ++c) {
      float light = coloured ? frame.rgb[3 * i + c] : static_cast<float>(luma(&frame.rgb[3 * i]));
      if (negative) light = kWhite - light;
      keyed.light[channels * i + c] = to_byte(kWhite + ink * (light - kWhite));
    }
  }
  return keyed;
}

void PictureMaker::store_distances(std::span<std::uint8_t> picture) {
  for (float& v : scaled_) v /= kWhite;
  distance_.resize(scaled_.size());
  model::signed_distance(scaled_, width_, height_, distance_);
  for (float& v : scaled_) v *= kWhite;
  const float scale = inverted_ ? -kUnitsPerPixel : kUnitsPerPixel;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const float units = std::clamp(scale * distance_[i], static_cast<float>(-kMaxUnits), static_cast<float>(kMaxUnits));
    picture[i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(std::lround(units)));
  }
}

PictureFacts PictureMaker::make(const KeyedFrame& frame, const Crop& crop, std::span<std::uint8_t> picture) {
  const Scaler scaler(frame.width, frame.height, crop, width_, height_);
  const std::size_t pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  PictureFacts facts;
  const bool keyed = !frame.ink.empty();
  scaled_.resize(pixels);
  if (keyed) {
    scaler.scale(frame.ink, 1, 0.0f, scaled_);
    double sum = 0.0;
    for (const float v : scaled_) sum += v / kWhite;
    facts.empty = sum < kEmptyShare * static_cast<double>(pixels);
    facts.touches = at_edge(scaled_, width_, height_);
  }
  if (!frame.light.empty()) {
    const int channels = kind_ == PictureKind::kRgb ? 3 : 1;
    light_.resize(pixels * static_cast<std::size_t>(channels));
    scaler.scale(frame.light, channels, keyed ? kWhite : -1.0f, light_);
    if (!keyed) {  // movement and, where asked for, the outline are then those of the light
      for (std::size_t i = 0; i < pixels; ++i) scaled_[i] = kWhite - light_[i * static_cast<std::size_t>(channels)];
    }
  }
  coarse_before_ = std::move(coarse_);
  coarse_ = coarse_of(scaled_, width_, height_);
  if (kind_ == PictureKind::kDistance) {
    store_distances(picture);
  } else if (kind_ == PictureKind::kBinary) {
    for (std::size_t i = 0; i < pixels; ++i) picture[i] = (scaled_[i] > 0.5f * kWhite) != inverted_ ? 0 : 255;
  } else {
    for (std::size_t i = 0; i < picture.size(); ++i) picture[i] = to_byte(inverted_ ? kWhite - light_[i] : light_[i]);
  }
  return facts;
}

double PictureMaker::change() {
  if (coarse_before_.empty()) return 0.0;
  double sum = 0.0, area = 0.0;
  for (std::size_t i = 0; i < coarse_.size(); ++i) {
    sum += std::abs(coarse_[i] - coarse_before_[i]);
    area += 0.5 * (coarse_[i] + coarse_before_[i]);
  }
  return sum / std::sqrt(std::max(area, 1.0));
}

}  // namespace ombra::train
