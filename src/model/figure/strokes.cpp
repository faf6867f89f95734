#include "model/figure/strokes.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
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

// A picture is drawn in tiles of 4 x 4 samples, a vector of the widest machines: for each it is found out which strokes
// count in it. Cells of 4 x 4 tiles are asked first.
constexpr int kTile = 4, kCell = 16;
constexpr std::size_t kLanes = std::size_t{kTile} * kTile;
// A stroke that is further away than another one by this adds less than exp(-8) of what is there.
constexpr float kTail = 8.0f * kBlend;
// exp(-d/k) is held below exp(20): there the field is far below its clamp.
constexpr float kMaxExponent2 = 20.0f * 1.4426950f;
constexpr float kNothing = 1e-30f;  // the sum where no stroke is near
constexpr float kLog2E = 1.4426950f, kLn2 = 0.6931472f, kHalfDiagonal = 0.70710678f;

using Lanes = std::array<float, kLanes>;
using List = std::span<std::uint32_t>;

// The strokes that can be drawn, number by number, in whole vectors: what lies beyond `count` means nothing.
struct Segments {
  std::size_t count = 0;
  std::vector<float> ax, ay, ex, ey, inverse_length2, ra, dr;
  std::vector<float> steep, thin, thick;  // how fast d can change; the radii

  auto numbers() { return std::array{&ax, &ay, &ex, &ey, &inverse_length2, &ra, &dr, &steep, &thin, &thick}; }
  std::size_t room() const { return (count + kLanes - 1) / kLanes * kLanes; }
  void resize(std::size_t n) {
    count = n;
    for (auto* each : numbers()) each->resize(room());
  }
  void set(std::size_t i, const Stroke& s) {
    const float x = s.bx - s.ax, y = s.by - s.ay, length2 = std::max(x * x + y * y, 1e-12f), taper = s.rb - s.ra;
    ax[i] = s.ax, ay[i] = s.ay, ex[i] = x, ey[i] = y, inverse_length2[i] = 1.0f / length2, ra[i] = s.ra, dr[i] = taper;
    steep[i] = 1.0f + std::abs(taper) / std::sqrt(length2), thin[i] = std::min(s.ra, s.rb),
    thick[i] = std::max(s.ra, s.rb);
  }
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

// Bounds of d over a disc round (x, y). d changes by at most 1 + |rb - ra| / |b - a| a length, and is the distance to
// the segment less a radius between the two.
OMBRA_CLONES void bound(const Segments& s, float x, float y, float disc, float* __restrict low,
                        float* __restrict high) {
  const float *ax = s.ax.data(), *ay = s.ay.data(), *ex = s.ex.data(), *ey = s.ey.data(), *ra = s.ra.data(),
              *dr = s.dr.data(), *inverse = s.inverse_length2.data(), *steep = s.steep.data(), *thin = s.thin.data(),
              *thick = s.thick.data();
  const std::size_t n = s.room();
  for (std::size_t i = 0; i < n; ++i) {
    const float qx = x - ax[i], qy = y - ay[i];
    const float t = std::min(std::max((qx * ex[i] + qy * ey[i]) * inverse[i], 0.0f), 1.0f);
    const float nx = qx - t * ex[i], ny = qy - t * ey[i];
    const float apart = std::sqrt(nx * nx + ny * ny + 1e-14f), d = apart - ra[i] - t * dr[i], change = disc * steep[i];
    low[i] = std::max(d - change, apart - disc - thick[i]);
    high[i] = std::min(d + change, apart + disc - thin[i]);
  }
}

struct Tile {
  int column, row;   // of its first sample
  float x, y, step;  // where that lies, and from one to the next
};

struct Samples {
  Lanes x, y;
};
OMBRA_INLINE Samples samples_of(const Tile& tile) {
  Samples at;
  for (int l = 0; l < kTile * kTile; ++l) {
    at.x[static_cast<std::size_t>(l)] = tile.x + static_cast<float>(l % kTile) * tile.step;
    at.y[static_cast<std::size_t>(l)] = tile.y - static_cast<float>(l / kTile) * tile.step;
  }
  return at;
}

// sum = kNothing + sum of exp(-d / k) over the strokes of a list
OMBRA_CLONES void sum_strokes(const Segments& s, List list, const Tile& tile, Lanes& out) {
  constexpr float kScale = -kLog2E / kBlend;
  const Samples at = samples_of(tile);
  Lanes sum;
  sum.fill(kNothing);
  for (const std::uint32_t i : list) {
    const float ax = s.ax[i], ay = s.ay[i], ex = s.ex[i], ey = s.ey[i], inverse = s.inverse_length2[i], ra = s.ra[i],
                dr = s.dr[i];
    for (std::size_t l = 0; l < kLanes; ++l) {
      const float qx = at.x[l] - ax, qy = at.y[l] - ay;
      const float t = std::min(std::max((qx * ex + qy * ey) * inverse, 0.0f), 1.0f);
      const float nx = qx - t * ex, ny = qy - t * ey;
      const float d = std::sqrt(nx * nx + ny * ny + 1e-14f) - ra - t * dr;
      sum[l] += fast_exp2(std::min(d * kScale, kMaxExponent2));
    }
  }
  out = sum;
}

OMBRA_CLONES void sums_to_distances(Lanes& sum) {
  for (float& v : sum) v = std::min(std::max(-kBlend * fast_log(v), -kMaxDistance), kMaxDistance);
}

// Sums over the samples of one stroke, lane by lane; g = dL/dd of the sample, n its unit normal, "inside" where
// 0 < t < 1.
struct Moments {
  Lanes g{}, gt{}, gnx{}, gny{}, gtnx{}, gtny{}, inside_g{}, inside_gt{}, inside_gqx{}, inside_gqy{};
};

OMBRA_CLONES void add_moments(const Segments& s, std::uint32_t i, const Tile& tile, const Lanes& share, Moments& m) {
  constexpr float kScale = -kLog2E / kBlend;
  const Samples at = samples_of(tile);
  const float ax = s.ax[i], ay = s.ay[i], ex = s.ex[i], ey = s.ey[i], inverse = s.inverse_length2[i], ra = s.ra[i],
              dr = s.dr[i];
  for (std::size_t l = 0; l < kLanes; ++l) {
    const float qx = at.x[l] - ax, qy = at.y[l] - ay, free_t = (qx * ex + qy * ey) * inverse;
    const float t = std::min(std::max(free_t, 0.0f), 1.0f);
    const float nx = qx - t * ex, ny = qy - t * ey;
    const float h = std::sqrt(nx * nx + ny * ny + 1e-14f), d = h - ra - t * dr;
    const float g = share[l] * fast_exp2(std::min(d * kScale, kMaxExponent2));
    const float gn = g / h, inside = free_t == t ? g : 0.0f;
    m.g[l] += g;
    m.gt[l] += g * t;
    m.gnx[l] += gn * nx;
    m.gny[l] += gn * ny;
    m.gtnx[l] += gn * nx * t;
    m.gtny[l] += gn * ny * t;
    m.inside_g[l] += inside;
    m.inside_gt[l] += inside * t;
    m.inside_gqx[l] += inside * qx;
    m.inside_gqy[l] += inside * qy;
  }
}

// Visits the tiles of a picture in which the field is not clamped throughout, with the strokes that count there; the
// others are told as a square with one value.
class Tiling {
 public:
  Tiling(std::span<const Stroke> strokes, int size) : size_(size), step_(1.0f / static_cast<float>(size)) {
    for (std::size_t i = 0; i < strokes.size(); ++i) {
      const Stroke& s = strokes[i];
      const float sum =
          std::abs(s.ax) + std::abs(s.ay) + std::abs(s.bx) + std::abs(s.by) + std::abs(s.ra) + std::abs(s.rb);
      if (sum < 1e4f) index.push_back(static_cast<std::uint32_t>(i));  // false for NaN
    }
    all_.resize(index.size());
    for (std::size_t k = 0; k < index.size(); ++k) all_.set(k, strokes[index[k]]);
    low_.resize(all_.room());
    high_.resize(all_.room());
    in_cell_.resize(all_.count);
    in_tile_.resize(all_.count);
  }

  // on_tile(const Tile&, List), on_clamped(column, row, side, value)
  template <typename OnTile, typename OnClamped>
  void visit(OnTile&& on_tile, OnClamped&& on_clamped) {
    for (int row = 0; row < size_; row += kCell) {
      for (int column = 0; column < size_; column += kCell) {
        const auto [in_cell, value] = choose(all_, column, row, kCell, in_cell_);
        if (in_cell.empty()) {
          on_clamped(column, row, kCell, value);
          continue;
        }
        gather(in_cell);
        for (int y = row; y < std::min(size_, row + kCell); y += kTile) {
          for (int x = column; x < std::min(size_, column + kCell); x += kTile) {
            const auto [in_tile, value_in_tile] = choose(cell_, x, y, kTile, in_tile_);
            if (in_tile.empty()) {
              on_clamped(x, y, kTile, value_in_tile);
              continue;
            }
            for (std::uint32_t& i : in_tile) i = in_cell[i];
            on_tile(tile_at(x, y), in_tile);
          }
        }
      }
    }
  }

  const Segments& segments() const { return all_; }
  std::vector<std::uint32_t> index;  // which stroke each segment was

 private:
  struct Choice {
    List list;
    float value;
  };
  // Which of some strokes count in a square; none: the value that the field has all over it.
  Choice choose(const Segments& s, int column, int row, int side, std::vector<std::uint32_t>& list) {
    const float half = 0.5f * static_cast<float>(side), disc = kHalfDiagonal * static_cast<float>(side - 1) * step_;
    bound(s, (static_cast<float>(column) + half) * step_ - 0.5f, 1.0f - (static_cast<float>(row) + half) * step_, disc,
          low_.data(), high_.data());
    float least_high = kMaxDistance;
    for (std::size_t i = 0; i < s.count; ++i) least_high = std::min(least_high, high_[i]);
    if (least_high < -kMaxDistance) return {{}, -kMaxDistance};
    const float reach = least_high + kTail;
    std::size_t count = 0;
    for (std::size_t i = 0; i < s.count; ++i) {
      list[count] = static_cast<std::uint32_t>(i);
      count += low_[i] < reach ? 1 : 0;
    }
    return {List(list).first(count), kMaxDistance};
  }
  // the strokes of a cell, next to each other
  void gather(List in_cell) {
    cell_.resize(in_cell.size());
    const auto from = all_.numbers(), to = cell_.numbers();
    for (std::size_t k = 0; k < to.size(); ++k) {
      for (std::size_t i = 0; i < in_cell.size(); ++i) (*to[k])[i] = (*from[k])[in_cell[i]];
    }
  }
  Tile tile_at(int column, int row) const {
    return {column, row, (static_cast<float>(column) + 0.5f) * step_ - 0.5f,
            1.0f - (static_cast<float>(row) + 0.5f) * step_, step_};
  }

  const int size_;
  const float step_;
  Segments all_, cell_;
  // scratch
  std::vector<float> low_, high_;
  std::vector<std::uint32_t> in_cell_, in_tile_;
};

// The samples of a tile that lie in the picture: visit(lane, place in the picture).
template <typename Visit>
void for_samples(const Tile& tile, int size, Visit&& visit) {
  for (int y = 0; y < std::min(kTile, size - tile.row); ++y) {
    for (int x = 0; x < std::min(kTile, size - tile.column); ++x)
      visit(static_cast<std::size_t>(y * kTile + x), static_cast<std::size_t>((tile.row + y) * size + tile.column + x));
  }
}

float total(const Lanes& lanes) { return std::accumulate(lanes.begin(), lanes.end(), 0.0f); }

}  // namespace

void draw_strokes(std::span<const Stroke> strokes, int size, std::span<float> field) {
  OMBRA_ASSERT(size > 0 && field.size() == static_cast<std::size_t>(size) * size);
  Tiling tiling(strokes, size);
  Lanes sum;
  tiling.visit(
      [&](const Tile& tile, List list) {
        sum_strokes(tiling.segments(), list, tile, sum);
        sums_to_distances(sum);
        for_samples(tile, size, [&](std::size_t lane, std::size_t at) { field[at] = sum[lane]; });
      },
      [&](int column, int row, int side, float value) {
        const auto width = static_cast<std::size_t>(std::min(side, size - column));
        for (int y = row; y < std::min(size, row + side); ++y)
          std::fill_n(field.begin() + static_cast<std::ptrdiff_t>(y) * size + column, width, value);
      });
}

// With q = p - a, e = b - a, v = q - t e, n = v / |v| and t at its minimum of |v|:
//   dd/da = -(1 - t) n - (rb - ra) dt/da,  dd/db = -t n - (rb - ra) dt/db,  dd/dra = -(1 - t),  dd/drb = -t
//   dt/da = (2 t e - e - q) / |e|^2,  dt/db = (q - 2 t e) / |e|^2 where 0 < t < 1, else 0
void draw_strokes_backward(std::span<const Stroke> strokes, int size, std::span<const float> weight,
                           std::span<Stroke> gradient) {
  OMBRA_ASSERT(size > 0 && weight.size() == static_cast<std::size_t>(size) * size && gradient.size() == strokes.size());
  Tiling tiling(strokes, size);
  const Segments& s = tiling.segments();
  std::vector<Moments> moments(s.count);
  const float low = std::exp(-kMaxDistance / kBlend), high = std::exp(kMaxDistance / kBlend);
  Lanes sum, share;
  tiling.visit(
      [&](const Tile& tile, List list) {
        sum_strokes(s, list, tile, sum);
        share.fill(0.0f);  // weight of a sample over its sum; 0 where the field is clamped
        for_samples(tile, size, [&](std::size_t lane, std::size_t at) {
          if (sum[lane] > low && sum[lane] < high) share[lane] = weight[at] / sum[lane];
        });
        for (const std::uint32_t i : list) add_moments(s, i, tile, share, moments[i]);
      },
      [](int, int, int, float) {});
  for (std::size_t i = 0; i < s.count; ++i) {
    Stroke& to = gradient[tiling.index[i]];
    const Moments& m = moments[i];
    const float taper = s.dr[i] * s.inverse_length2[i], inside_g = total(m.inside_g), inside_gt = total(m.inside_gt),
                gtnx = total(m.gtnx), gtny = total(m.gtny), gt = total(m.gt), inside_gqx = total(m.inside_gqx),
                inside_gqy = total(m.inside_gqy);
    to.ax += gtnx - total(m.gnx) - taper * ((2.0f * inside_gt - inside_g) * s.ex[i] - inside_gqx);
    to.ay += gtny - total(m.gny) - taper * ((2.0f * inside_gt - inside_g) * s.ey[i] - inside_gqy);
    to.bx += -gtnx - taper * (inside_gqx - 2.0f * inside_gt * s.ex[i]);
    to.by += -gtny - taper * (inside_gqy - 2.0f * inside_gt * s.ey[i]);
    to.ra += gt - total(m.g);
    to.rb += -gt;
  }
}

}  // namespace ombra::model
