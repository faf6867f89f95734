#include "media/write/rgb_to_yuv.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ombra::media {
namespace {

// ITU-R BT.709: Y = 0.2126 R + 0.7152 G + 0.0722 B, and the differences B - Y, R - Y scaled to -112 .. 112; here for
// 16 .. 235 and 16 .. 240, in units of 2^-15.
constexpr int kShift = 15, kHalf = 1 << (kShift - 1);
struct Weights {
  int r, g, b, offset;
};
constexpr Weights kY{5983, 20127, 2032, 16}, kU{-3298, -11094, 14392, 128}, kV{14392, -13072, -1320, 128};

constexpr std::uint8_t mix(const Weights& w, int r, int g, int b) {
  return static_cast<std::uint8_t>((w.r * r + w.g * g + w.b * b + (w.offset << kShift) + kHalf) >> kShift);
}

void luma(const std::uint8_t* rgba, int from, int to, std::uint8_t* y) {
  for (int x = from; x < to; ++x) y[x] = mix(kY, rgba[4 * x], rgba[4 * x + 1], rgba[4 * x + 2]);
}

// from, to: in samples of u and v
void chroma(const std::uint8_t* above, const std::uint8_t* below, int from, int to, std::uint8_t* u, std::uint8_t* v) {
  for (int x = from; x < to; ++x) {
    int sum[3];
    for (int c = 0; c < 3; ++c) {
      sum[c] = (above[8 * x + c] + above[8 * x + 4 + c] + below[8 * x + c] + below[8 * x + 4 + c] + 2) / 4;
    }
    u[x] = mix(kU, sum[0], sum[1], sum[2]);
    v[x] = mix(kV, sum[0], sum[1], sum[2]);
  }
}

#if defined(__SSE2__)

// Four pixels -> four 32-bit sums. _mm_madd_epi16 adds the products of two neighbours: red with blue, green with 0.
__m128i weigh(__m128i pixels, const Weights& w) {
  const __m128i low = _mm_set1_epi32(0x00ff00ff);
  const __m128i red_blue = _mm_set1_epi32(w.b * 65536 + (w.r & 0xffff)), green = _mm_set1_epi32(w.g & 0xffff);
  const __m128i sum = _mm_add_epi32(_mm_madd_epi16(_mm_and_si128(pixels, low), red_blue),
                                    _mm_madd_epi16(_mm_and_si128(_mm_srli_epi32(pixels, 8), low), green));
  return _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32((w.offset << kShift) + kHalf)), kShift);
}

__m128i load(const std::uint8_t* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

// -> how many samples were done
int luma_fast(const std::uint8_t* rgba, int width, std::uint8_t* y) {
  int x = 0;
  for (; x + 16 <= width; x += 16, rgba += 64) {
    const __m128i a = _mm_packs_epi32(weigh(load(rgba), kY), weigh(load(rgba + 16), kY));
    const __m128i b = _mm_packs_epi32(weigh(load(rgba + 32), kY), weigh(load(rgba + 48), kY));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(y + x), _mm_packus_epi16(a, b));
  }
  return x;
}

// Eight pixels of two rows -> four means.
__m128i mean(const std::uint8_t* above, const std::uint8_t* below) {
  const __m128 left = _mm_castsi128_ps(_mm_avg_epu8(load(above), load(below)));
  const __m128 right = _mm_castsi128_ps(_mm_avg_epu8(load(above + 16), load(below + 16)));
  return _mm_avg_epu8(_mm_castps_si128(_mm_shuffle_ps(left, right, 0x88)),
                      _mm_castps_si128(_mm_shuffle_ps(left, right, 0xdd)));
}

int chroma_fast(const std::uint8_t* above, const std::uint8_t* below, int samples, std::uint8_t* u, std::uint8_t* v) {
  int x = 0;
  for (; x + 8 <= samples; x += 8, above += 64, below += 64) {
    const __m128i a = mean(above, below), b = mean(above + 32, below + 32);
    const auto store = [](const Weights& w, __m128i p, __m128i q, std::uint8_t* to) {
      const __m128i words = _mm_packs_epi32(weigh(p, w), weigh(q, w));
      _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
    };
    store(kU, a, b, u + x);
    store(kV, a, b, v + x);
  }
  return x;
}

#else

int luma_fast(const std::uint8_t*, int, std::uint8_t*) { return 0; }
int chroma_fast(const std::uint8_t*, const std::uint8_t*, int, std::uint8_t*, std::uint8_t*) { return 0; }

#endif

}  // namespace

void rgb_to_yuv420(const std::uint8_t* rgba, int width, int height, Plane y, Plane u, Plane v) {
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(width) * 4;
  for (int line = 0; line + 1 < height; line += 2) {
    const std::uint8_t *above = rgba + line * row, *below = above + row;
    std::uint8_t *first = y.data + line * y.stride, *second = first + y.stride;
    luma(above, luma_fast(above, width, first), width, first);
    luma(below, luma_fast(below, width, second), width, second);
    std::uint8_t *to_u = u.data + line / 2 * u.stride, *to_v = v.data + line / 2 * v.stride;
    chroma(above, below, chroma_fast(above, below, width / 2, to_u, to_v), width / 2, to_u, to_v);
  }
}

}  // namespace ombra::media
