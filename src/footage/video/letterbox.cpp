#include "footage/video/letterbox.hpp"

#include "footage/video/key.hpp"

#include <algorithm>
#include <vector>

namespace ombra::train {
namespace {

constexpr int kBlack = 26;           // brighter than this is picture; codecs leave black at about 16
constexpr int kBright = 70;          // the line next to a bar has to be brighter than this on average, or it is no bar
constexpr double kNarrowest = 0.02;  // of the side
constexpr double kMaxShare = 0.4;

// -> how many lines at the start and at the end are bars; lines: [n] the brightest pixel, means: [n] the mean of each
std::pair<int, int> bars(const std::vector<int>& brightest, const std::vector<double>& mean) {
  const auto n = static_cast<int>(brightest.size());
  const auto black = [&](int i) { return brightest[static_cast<std::size_t>(i)] <= kBlack; };
  int first = 0, last = n;
  while (first < n && black(first)) ++first;
  while (last > first && black(last - 1)) --last;
  const int after = n - last;
  if (std::min(first, after) < kNarrowest * n || std::max(first, after) > kMaxShare * n) return {0, 0};
  const auto inner = [&](int i) { return mean[static_cast<std::size_t>(std::clamp(i, 0, n - 1))]; };
  if (inner(first + 2) < kBright || inner(last - 3) < kBright) return {0, 0};
  return {first, after};
}

}  // namespace

Content find_content(std::span<const media::VideoFrame> pictures) {
  const int w = pictures[0].width, h = pictures[0].height;
  std::vector<int> rows(static_cast<std::size_t>(h), 0), columns(static_cast<std::size_t>(w), 0);
  std::vector<double> row_mean(rows.size(), 0.0), column_mean(columns.size(), 0.0);
  const double share = 1.0 / static_cast<double>(pictures.size());
  for (const media::VideoFrame& picture : pictures) {
    for (std::size_t y = 0; y < rows.size(); ++y) {
      for (std::size_t x = 0; x < columns.size(); ++x) {
        const int level = luma(&picture.rgb[3 * (y * columns.size() + x)]);
        rows[y] = std::max(rows[y], level);
        columns[x] = std::max(columns[x], level);
        row_mean[y] += level * share / w;
        column_mean[x] += level * share / h;
      }
    }
  }
  const auto [top, bottom] = bars(rows, row_mean);
  const auto [left, right] = bars(columns, column_mean);
  return {left, top, w - right, h - bottom};
}

}  // namespace ombra::train
