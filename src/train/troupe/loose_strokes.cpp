#include "train/troupe/loose_strokes.hpp"

#include <cmath>
#include <vector>

namespace ombra::train {

using torch::Tensor;

namespace {

// [B, K, K] distances between strokes; negative where they overlap
Tensor gaps(const Tensor& strokes) {
  const Tensor a = strokes.narrow(2, 0, 2), ra = strokes.narrow(2, 2, 1), b = strokes.narrow(2, 3, 2),
               rb = strokes.narrow(2, 5, 1), along = b - a;
  const Tensor points = torch::cat({a, 0.5 * (a + b), b}, 1).unsqueeze(2);  // [B, 3 K, 1, 2]
  const Tensor radii = torch::cat({ra, 0.5 * (ra + rb), rb}, 1);            // [B, 3 K, 1]
  const Tensor from = a.unsqueeze(1), way = along.unsqueeze(1);             // [B, 1, K, 2]
  const Tensor t = ((points - from) * way).sum(3).div(way.square().sum(3).clamp_min(1e-12)).clamp(0.0, 1.0);
  const Tensor apart = (points - from - t.unsqueeze(3) * way).square().sum(3).add(1e-12).sqrt();
  const Tensor thick = (ra + t.transpose(1, 2) * (rb - ra)).transpose(1, 2);  // [B, 3 K, K]
  const Tensor gap = (apart - thick - radii).view({strokes.size(0), 3, strokes.size(1), strokes.size(1)}).amin(1);
  return torch::minimum(gap, gap.transpose(1, 2));
}

// Prim's algorithm on gap [K][K] -> its links as places in that matrix
std::vector<std::int64_t> links(const float* gap, std::int64_t strokes) {
  std::vector<std::int64_t> to(static_cast<std::size_t>(strokes), 0), found;
  std::vector<float> shortest(gap, gap + strokes);
  std::vector<bool> reached(static_cast<std::size_t>(strokes), false);
  reached[0] = true;
  for (std::int64_t n = 1; n < strokes; ++n) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (!reached[i] && (next == 0 || shortest[i] < shortest[next])) next = i;
    }
    reached[next] = true;
    found.push_back(to[next] * strokes + static_cast<std::int64_t>(next));
    const float* row = gap + next * static_cast<std::size_t>(strokes);
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (!reached[i] && row[i] < shortest[i]) shortest[i] = row[i], to[i] = static_cast<std::int64_t>(next);
    }
  }
  return found;
}

}  // namespace

Tensor loose_strokes(const Tensor& strokes) {
  const std::int64_t figures = strokes.size(0), count = strokes.size(1);
  const Tensor gap = gaps(strokes), known = gap.detach().to(torch::kCPU, torch::kFloat).contiguous();
  Tensor places = torch::empty({figures, count - 1}, torch::kLong);
  for (std::int64_t b = 0; b < figures; ++b) {
    const auto found = links(known.data_ptr<float>() + b * count * count, count);
    std::copy(found.begin(), found.end(), places.data_ptr<std::int64_t>() + b * (count - 1));
  }
  return (gap.flatten(1).gather(1, places.to(gap.device())) + kOverlap).clamp_min(0.0).sum(1);
}

}  // namespace ombra::train
