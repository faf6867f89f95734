#include "evaluate/judges/outline.hpp"

#include <cmath>
#include <vector>

namespace ombra::train {
namespace {

// Sum and count of |read| where `edge` is within half a pixel of zero.
std::pair<double, double> read_along(std::span<const float> edge, std::span<const float> read, int size) {
  const float half = 0.5f / static_cast<float>(size);
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < edge.size(); ++i) {
    if (std::abs(edge[i]) < half) sum += std::abs(read[i]), count += 1.0;
  }
  return {sum, count};
}

}  // namespace

double outline_error_px(std::span<const float> drawn, std::span<const float> truth, int size) {
  const auto [a, na] = read_along(truth, drawn, size);
  const auto [b, nb] = read_along(drawn, truth, size);
  if (na == 0.0 || nb == 0.0) return static_cast<double>(size);
  return 0.5 * (a / na + b / nb) * static_cast<double>(size);
}

double outline_change_px(std::span<const float> before, std::span<const float> after, int size) {
  const float half = 0.5f / static_cast<float>(size);
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (std::abs(before[i]) < half) sum += std::abs(after[i] - before[i]), count += 1.0;
  }
  return count > 0.0 ? sum / count * static_cast<double>(size) : 0.0;
}

int pieces(std::span<const float> field, int size, int min_area) {
  const auto n = static_cast<std::size_t>(size);
  std::vector<bool> seen(field.size());
  std::vector<std::size_t> open;
  int count = 0;
  for (std::size_t start = 0; start < field.size(); ++start) {
    if (seen[start] || field[start] >= 0.0f) continue;
    int area = 0;
    seen[start] = true;
    open.push_back(start);
    const auto visit = [&](std::size_t i) {
      if (seen[i] || field[i] >= 0.0f) return;
      seen[i] = true;
      open.push_back(i);
    };
    while (!open.empty()) {
      const std::size_t i = open.back();
      open.pop_back();
      ++area;
      if (i % n > 0) visit(i - 1);
      if (i % n + 1 < n) visit(i + 1);
      if (i >= n) visit(i - n);
      if (i + n < field.size()) visit(i + n);
    }
    count += area >= min_area ? 1 : 0;
  }
  return count;
}

}  // namespace ombra::train
