#pragma once
// Layers that only move the numbers of a picture about: what each output pixel is made of. Inside of fast_pictures
// only. Thread: any (pure functions).

#include "model/figure/decoder_plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace ombra::model {

// Where number i of a picture stands, counted in the order [C][H][W] or, channels_last, [H][W][C].
struct Place {
  int y, x, channel;
};
inline Place place_of(const PlanShape& shape, bool channels_last, int i) {
  if (channels_last) return {i / shape.channels / shape.width, i / shape.channels % shape.width, i % shape.channels};
  return {i / shape.width % shape.height, i % shape.width, i / shape.width / shape.height};
}

// Two neighbours between which a sample lies, as LibTorch places them (corners not aligned).
struct Between {
  int first, second;
  float share;  // of the second
};
inline Between between(int at, int factor, int count) {
  const float x = std::max(0.0f, (static_cast<float>(at) + 0.5f) / static_cast<float>(factor) - 0.5f);
  const int first = std::min(static_cast<int>(x), count - 1);
  return {first, std::min(first + 1, count - 1), x - static_cast<float>(first)};
}

template <typename In, typename Out>
void upsample(const PlanStep& step, In in, Out out) {
  const int channels = step.in.channels, factor = step.factor();
  for (int y = 0; y < step.out.height; ++y) {
    const Between v = between(y, factor, step.in.height);
    for (int x = 0; x < step.out.width; ++x) {
      float* to = out(y, x);
      if (!step.layer.bilinear) {
        std::copy_n(in(y / factor, x / factor), channels, to);
        continue;
      }
      const Between h = between(x, factor, step.in.width);
      const float *a = in(v.first, h.first), *b = in(v.first, h.second), *c = in(v.second, h.first),
                  *d = in(v.second, h.second);
      for (int i = 0; i < channels; ++i)
        to[i] = (1.0f - v.share) * ((1.0f - h.share) * a[i] + h.share * b[i]) +
                v.share * ((1.0f - h.share) * c[i] + h.share * d[i]);
    }
  }
}

template <typename In, typename Out>
void max_pool(const PlanStep& step, In in, Out out) {
  const int channels = step.in.channels, factor = step.factor();
  for (int y = 0; y < step.out.height; ++y) {
    for (int x = 0; x < step.out.width; ++x) {
      float* to = out(y, x);
      std::copy_n(in(y * factor, x * factor), channels, to);
      for (int v = y * factor; v < std::min((y + 1) * factor, step.in.height); ++v) {
        for (int h = x * factor; h < std::min((x + 1) * factor, step.in.width); ++h) {
          const float* from = in(v, h);
          for (int i = 0; i < channels; ++i) to[i] = std::max(to[i], from[i]);
        }
      }
    }
  }
}

// in, out: (y, x) -> the channels of that pixel. Kinds that have no weights; kActivation is a copy.
template <typename In, typename Out>
void rearrange(const PlanStep& step, In in, Out out) {
  using Kind = LayerPlan::Kind;
  const int factor = step.factor(), numbers = static_cast<int>(step.out.numbers());
  switch (step.layer.kind) {
    case Kind::kUpsample:
      return upsample(step, in, out);
    case Kind::kMaxPool:
      return max_pool(step, in, out);
    case Kind::kFlatten:
      for (int i = 0; i < numbers; ++i) {
        const Place from = place_of(step.in, step.layer.channels_last, i);
        out(0, 0)[i] = in(from.y, from.x)[from.channel];
      }
      return;
    case Kind::kReshape:
      for (int i = 0; i < numbers; ++i) {
        const Place from = place_of(step.in, false, i), to = place_of(step.out, step.layer.channels_last, i);
        out(to.y, to.x)[to.channel] = in(from.y, from.x)[from.channel];
      }
      return;
    case Kind::kPixelShuffle:
      for (int y = 0; y < step.out.height; ++y) {
        for (int x = 0; x < step.out.width; ++x) {
          const float* from = in(y / factor, x / factor) + (y % factor) * factor + x % factor;
          for (int i = 0; i < step.out.channels; ++i) out(y, x)[i] = from[i * factor * factor];
        }
      }
      return;
    default:  // a crop keeps the upper left corner
      for (int y = 0; y < step.out.height; ++y) {
        for (int x = 0; x < step.out.width; ++x) std::copy_n(in(y, x), step.out.channels, out(y, x));
      }
  }
}

}  // namespace ombra::model
