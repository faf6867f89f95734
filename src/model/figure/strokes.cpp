#include "model/figure/strokes.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

// One body for every machine: GCC compiles the kernels for three instruction sets and picks one when the program
// starts. Sanitizers do not know the start-up hook that this needs.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define OMBRA_CLONES __attribute__((target_clones("default", "arch=haswell", "arch=x86-64-v4")))
#else
#define OMBRA_CLONES
#endif
#define OMBRA_INLINE inline __attribute__((always_inline))

namespace ombra::model {
namespace {

// A stroke further than this from a sample cannot be seen there: it adds less than exp(-8) of what the clamp lets
// through.
constexpr float kReach = kMaxDistance + 8.0f * kBlend;
// exp(-d/k) is held below exp(20): there the field is far below its clamp.
constexpr float kMaxExponent2 = 20.0f * 1.4426950f;
constexpr float kNothing = 1e-30f;  // the sum where no stroke is near
constexpr float kLog2E = 1.4426950f, kLn2 = 0.6931472f;

struct Segment {
  float ax, ay, ex, ey, inverse_length2, ra, dr, reach;
};

// A run of samples of one row: column first .. last - 1 lies at x = x0 + column * step.
struct Run {
  int first, last;
  float x0, step, y;
};

// exp2 for arguments up to kMaxExponent2, relative error 3e-6
OMBRA_INLINE float fast_exp2(float v) {
  const float shifted = std::max(v + 127.0f, 1.0f);
  const int whole = static_cast<int>(shifted + 0.5f);
  const float f = shifted - static_cast<float>(whole);
  const float series =
      1.0f + f * (0.69314718f + f * (0.24022651f + f * (0.05550411f + f * (0.00961813f + f * 0.00133336f))));
  return series * std::bit_cast<float>(whole << 23);
}

// natural logarithm of a normal positive number, error 2e-7
OMBRA_INLINE float fast_log(float v) {
  const int bits = std::bit_cast<int>(v) - 0x3f3504f3;  // so that the mantissa lies in sqrt(1/2) .. sqrt(2)
  const int exponent = bits >> 23;
  const float m = std::bit_cast<float>((bits & 0x7fffff) + 0x3f3504f3);
  const float u = (m - 1.0f) / (m + 1.0f), u2 = u * u;
  return static_cast<float>(exponent) * kLn2 + 2.0f * u * (1.0f + u2 * (0.33333333f + u2 * (0.2f + u2 * 0.14285714f)));
}

// sum[column] += exp(-d / k)
OMBRA_CLONES void add_stroke(const Segment& s, const Run& run, float* __restrict sum) {
  const float qy = run.y - s.ay, along_y = qy * s.ey;
  const float scale = -kLog2E / kBlend;
  for (int c = run.first; c < run.last; ++c) {
    const float qx = run.x0 + static_cast<float>(c) * run.step - s.ax;
    const float t = std::min(std::max((qx * s.ex + along_y) * s.inverse_length2, 0.0f), 1.0f);
    const float nx = qx - t * s.ex, ny = qy - t * s.ey;
    const float d = std::sqrt(nx * nx + ny * ny + 1e-14f) - s.ra - t * s.dr;
    sum[c] += fast_exp2(std::min(d * scale, kMaxExponent2));
  }
}

OMBRA_CLONES void sums_to_distances(int size, float* __restrict row) {
  for (int c = 0; c < size; ++c) {
    row[c] = std::min(std::max(-kBlend * fast_log(row[c]), -kMaxDistance), kMaxDistance);
  }
}

// weight of a sample over its sum; 0 where the field is clamped
OMBRA_CLONES void sums_to_shares(int size, const float* __restrict weight, float* __restrict row) {
  const float low = std::exp(-kMaxDistance / kBlend), high = std::exp(kMaxDistance / kBlend);
  for (int c = 0; c < size; ++c) row[c] = row[c] > low && row[c] < high ? weight[c] / row[c] : 0.0f;
}

// Sums over the samples of one stroke; g = dL/dd of the sample, n its unit normal, "inside" where 0 < t < 1.
struct Moments {
  float g = 0, gt = 0, gnx = 0, gny = 0, gtnx = 0, gtny = 0;
  float inside_g = 0, inside_gt = 0, inside_gqx = 0, inside_gqy = 0;
};

OMBRA_CLONES void add_moments(const Segment& s, const Run& run, const float* __restrict share, Moments& moments) {
  const float qy = run.y - s.ay, along_y = qy * s.ey;
  const float scale = -kLog2E / kBlend;
  float g_ = 0, gt_ = 0, gnx = 0, gny = 0, gtnx = 0, gtny = 0, ig = 0, igt = 0, igqx = 0;
  for (int c = run.first; c < run.last; ++c) {
    const float qx = run.x0 + static_cast<float>(c) * run.step - s.ax;
    const float free_t = (qx * s.ex + along_y) * s.inverse_length2;
    const float t = std::min(std::max(free_t, 0.0f), 1.0f);
    const float nx = qx - t * s.ex, ny = qy - t * s.ey;
    const float h2 = nx * nx + ny * ny + 1e-14f, h = std::sqrt(h2), inverse_h = 1.0f / h;
    const float d = h - s.ra - t * s.dr;
    const float g = share[c] * fast_exp2(std::min(d * scale, kMaxExponent2));
    const float gn = g * inverse_h, gt = g * t;
    g_ += g;
    gt_ += gt;
    gnx += gn * nx;
    gny += gn * ny;
    gtnx += gn * nx * t;
    gtny += gn * ny * t;
    const float inside = free_t == t ? g : 0.0f;
    ig += inside;
    igt += inside * t;
    igqx += inside * qx;
  }
  moments.g += g_;
  moments.gt += gt_;
  moments.gnx += gnx;
  moments.gny += gny;
  moments.gtnx += gtnx;
  moments.gtny += gtny;
  moments.inside_g += ig;
  moments.inside_gt += igt;
  moments.inside_gqx += igqx;
  moments.inside_gqy += ig * qy;
}

// -> the strokes that can be drawn; ones with a number that is not finite are left out (reach < 0)
std::vector<Segment> prepare(std::span<const Stroke> strokes) {
  std::vector<Segment> segments(strokes.size());
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    const Stroke& s = strokes[i];
    const float ex = s.bx - s.ax, ey = s.by - s.ay;
    const float all =
        std::abs(s.ax) + std::abs(s.ay) + std::abs(s.bx) + std::abs(s.by) + std::abs(s.ra) + std::abs(s.rb);
    const bool drawable = all < 1e4f;  // false for NaN
    segments[i] = {s.ax,
                   s.ay,
                   ex,
                   ey,
                   1.0f / std::max(ex * ex + ey * ey, 1e-12f),
                   s.ra,
                   s.rb - s.ra,
                   drawable ? kReach + std::max({s.ra, s.rb, 0.0f}) : -1.0f};
  }
  return segments;
}

// -> the samples of a row that the stroke can reach: around the part of the segment within reach of the row
Run run_of(const Segment& s, int size, int row) {
  const float step = 1.0f / static_cast<float>(size);
  Run run{0, 0, 0.5f * step - 0.5f, step, 1.0f - (static_cast<float>(row) + 0.5f) * step};
  if (s.reach < 0.0f) return run;
  const float dy = run.y - s.ay;
  float from = 0.0f, to = 1.0f;
  if (std::abs(s.ey) > 1e-6f) {
    const float t1 = (dy - s.reach) / s.ey, t2 = (dy + s.reach) / s.ey;
    from = std::max(0.0f, std::min(t1, t2));
    to = std::min(1.0f, std::max(t1, t2));
    if (from > to) return run;
  } else if (std::abs(dy) > s.reach) {
    return run;
  }
  const float xa = s.ax + from * s.ex, xb = s.ax + to * s.ex;
  const float n = static_cast<float>(size);
  run.first = static_cast<int>(std::clamp((std::min(xa, xb) - s.reach - run.x0) * n, 0.0f, n));
  run.last = static_cast<int>(std::clamp((std::max(xa, xb) + s.reach - run.x0) * n + 1.0f, 0.0f, n));
  return run;
}

}  // namespace

void draw_strokes(std::span<const Stroke> strokes, int size, std::span<float> field) {
  OMBRA_ASSERT(size > 0 && field.size() == static_cast<std::size_t>(size) * size);
  const std::vector<Segment> segments = prepare(strokes);
  for (int row = 0; row < size; ++row) {
    float* sums = field.data() + static_cast<std::size_t>(row) * size;
    std::fill_n(sums, size, kNothing);
    for (const Segment& segment : segments) add_stroke(segment, run_of(segment, size, row), sums);
    sums_to_distances(size, sums);
  }
}

// With q = p - a, e = b - a, v = q - t e, n = v / |v| and t at its minimum of |v|:
//   dd/da = -(1 - t) n - (rb - ra) dt/da,  dd/db = -t n - (rb - ra) dt/db,  dd/dra = -(1 - t),  dd/drb = -t
//   dt/da = (2 t e - e - q) / |e|^2,  dt/db = (q - 2 t e) / |e|^2 where 0 < t < 1, else 0
void draw_strokes_backward(std::span<const Stroke> strokes, int size, std::span<const float> weight,
                           std::span<Stroke> gradient) {
  OMBRA_ASSERT(size > 0 && weight.size() == static_cast<std::size_t>(size) * size && gradient.size() == strokes.size());
  const std::vector<Segment> segments = prepare(strokes);
  std::vector<Moments> moments(strokes.size());
  std::vector<Run> runs(strokes.size());
  std::vector<float> shares(static_cast<std::size_t>(size));
  for (int row = 0; row < size; ++row) {
    std::fill(shares.begin(), shares.end(), kNothing);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      runs[i] = run_of(segments[i], size, row);
      add_stroke(segments[i], runs[i], shares.data());
    }
    sums_to_shares(size, weight.data() + static_cast<std::size_t>(row) * size, shares.data());
    for (std::size_t i = 0; i < segments.size(); ++i) add_moments(segments[i], runs[i], shares.data(), moments[i]);
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& s = segments[i];
    const Moments& m = moments[i];
    if (s.reach < 0.0f) continue;
    const float taper = s.dr * s.inverse_length2;
    gradient[i].ax += m.gtnx - m.gnx - taper * (2.0f * m.inside_gt * s.ex - m.inside_g * s.ex - m.inside_gqx);
    gradient[i].ay += m.gtny - m.gny - taper * (2.0f * m.inside_gt * s.ey - m.inside_g * s.ey - m.inside_gqy);
    gradient[i].bx += -m.gtnx - taper * (m.inside_gqx - 2.0f * m.inside_gt * s.ex);
    gradient[i].by += -m.gtny - taper * (m.inside_gqy - 2.0f * m.inside_gt * s.ey);
    gradient[i].ra += m.gt - m.g;
    gradient[i].rb += -m.gt;
  }
}

}  // namespace ombra::model
