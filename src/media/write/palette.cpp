#include "media/write/palette.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace ombra::media {
namespace {

constexpr int kBins = 64 * 64 * 64;
constexpr std::size_t kMaxColours = 256;
constexpr std::size_t kKnown = 1u << 16;
constexpr int kSpread = 3;        // levels of each primary among the colours that are always there
constexpr int kCloseEnough = 12;  // squared distance up to which a colour is not dithered

// Thresholds of Bayer's 4 x 4 pattern.
constexpr int kBayer[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
constexpr int kDither = 24;  // peak to peak, in levels of 0 .. 255

int distance2(const Palette::Colour& a, const Palette::Colour& b) {
  int sum = 0;
  for (std::size_t c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

}  // namespace

// Boxes of bins of the colour cube: the widest is cut at its median until there are enough.
class Palette::MedianCut {
 public:
  explicit MedianCut(std::vector<Bin> used) : used_(std::move(used)) {
    if (!used_.empty()) boxes_.push_back(measure(0, used_.size()));
  }

  void cut_into(std::size_t wanted) {
    while (!boxes_.empty() && boxes_.size() < wanted) {
      const auto widest = std::max_element(boxes_.begin(), boxes_.end(),
                                           [](const Box& a, const Box& b) { return a.spread < b.spread; });
      if (widest->spread <= 0.0) break;
      const Box box = *widest;
      std::sort(used_.begin() + static_cast<std::ptrdiff_t>(box.begin),
                used_.begin() + static_cast<std::ptrdiff_t>(box.end),
                [&](const Bin& a, const Bin& b) { return mean(a, box.axis) < mean(b, box.axis); });
      std::size_t cut = box.begin;
      for (std::uint64_t below = 0; cut < box.end - 1; ++cut) {
        below += used_[cut].count;
        if (2 * below >= box.count) break;
      }
      cut = std::clamp(cut + 1, box.begin + 1, box.end - 1);
      *widest = measure(box.begin, cut);
      boxes_.push_back(measure(cut, box.end));
    }
  }

  // The mean of each box.
  std::vector<Colour> colours() const {
    std::vector<Colour> all;
    for (const Box& box : boxes_) {
      Colour colour{};
      for (std::size_t c = 0; c < 3; ++c) {
        std::uint64_t sum = 0;
        for (std::size_t i = box.begin; i < box.end; ++i) sum += used_[i].sum[c];
        colour[c] = static_cast<std::uint8_t>((sum + box.count / 2) / box.count);
      }
      all.push_back(colour);
    }
    return all;
  }

 private:
  // A range of used_, which is sorted as the cuts go.
  struct Box {
    std::size_t begin = 0, end = 0;
    std::uint64_t count = 0;
    std::size_t axis = 0;  // the longest
    double spread = 0.0;   // variance along it, times count
  };

  static double mean(const Bin& bin, std::size_t c) {
    return static_cast<double>(bin.sum[c]) / static_cast<double>(bin.count);
  }

  Box measure(std::size_t begin, std::size_t end) const {
    Box box{begin, end};
    std::array<double, 3> sum{}, square{};
    for (std::size_t i = begin; i < end; ++i) {
      box.count += used_[i].count;
      for (std::size_t c = 0; c < 3; ++c) {
        const double x = mean(used_[i], c), n = static_cast<double>(used_[i].count);
        sum[c] += n * x;
        square[c] += n * x * x;
      }
    }
    for (std::size_t c = 0; c < 3; ++c) {
      const double spread = square[c] - sum[c] * sum[c] / static_cast<double>(box.count);
      if (end - begin > 1 && spread > box.spread) box.axis = c, box.spread = spread;
    }
    return box;
  }

  std::vector<Bin> used_;
  std::vector<Box> boxes_;
};

void Palette::look_at(std::span<const std::uint8_t> rgb) {
  bins_.resize(kBins);
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    Bin& bin = bins_[static_cast<std::size_t>((rgb[i] >> 2) << 12 | (rgb[i + 1] >> 2) << 6 | rgb[i + 2] >> 2)];
    ++bin.count;
    for (std::size_t c = 0; c < 3; ++c) bin.sum[c] += rgb[i + c];
  }
}

void Palette::choose() {
  std::vector<Bin> used;
  std::copy_if(bins_.begin(), bins_.end(), std::back_inserter(used), [](const Bin& bin) { return bin.count > 0; });
  MedianCut cut(std::move(used));
  cut.cut_into(kMaxColours - kSpread * kSpread * kSpread);
  colours_ = cut.colours();
  const auto level = [](int i) { return static_cast<std::uint8_t>(i * 255 / (kSpread - 1)); };
  for (int r = 0; r < kSpread; ++r) {
    for (int g = 0; g < kSpread; ++g) {
      for (int b = 0; b < kSpread; ++b) colours_.push_back({level(r), level(g), level(b)});
    }
  }
  std::sort(colours_.begin(), colours_.end());
  colours_.erase(std::unique(colours_.begin(), colours_.end()), colours_.end());
  known_.assign(kKnown, {});
  bins_ = {};
}

std::uint8_t Palette::nearest(Colour colour) {
  const std::uint32_t key = static_cast<std::uint32_t>(colour[0]) << 16 | static_cast<std::uint32_t>(colour[1]) << 8 |
                            static_cast<std::uint32_t>(colour[2]);
  Known& known = known_[(key * 2654435761u) >> 16];
  if (known.colour != key) {
    const auto found = std::min_element(colours_.begin(), colours_.end(), [&](const Colour& a, const Colour& b) {
      return distance2(a, colour) < distance2(b, colour);
    });
    known = {key, static_cast<std::uint8_t>(found - colours_.begin())};
  }
  return known.index;
}

void Palette::map(std::span<const std::uint8_t> rgb, int y, std::span<std::uint8_t> index) {
  for (std::size_t x = 0; x < index.size(); ++x) {
    Colour colour = {rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]};
    index[x] = nearest(colour);
    if (distance2(colours_[index[x]], colour) <= kCloseEnough) continue;
    const int shift = (2 * kBayer[y & 3][x & 3] - 15) * kDither / 32;
    for (std::uint8_t& c : colour) c = static_cast<std::uint8_t>(std::clamp(c + shift, 0, 255));
    index[x] = nearest(colour);
  }
}

}  // namespace ombra::media
