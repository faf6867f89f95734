#include "model/layers/guesses.hpp"

#include <vector>

namespace ombra::model {

using torch::Tensor;

namespace {

constexpr double kLeap = 0.12;   // cost of a code's distance between two pictures ...
constexpr double kLeapFps = 30;  // ... at this rate

Tensor taken(const Tensor& codes, const Tensor& which) {
  return codes.gather(1, which.view({-1, 1, 1}).expand({codes.size(0), 1, codes.size(2)})).squeeze(1);
}

}  // namespace

Tensor likeliest(const Guesses& guesses) { return taken(guesses.codes, guesses.costs.argmin(1)); }

Tensor likeliest_in_time(const Guesses& guesses, double fps) {
  const std::int64_t pictures = guesses.codes.size(0), each = guesses.codes.size(1);
  if (pictures < 2 || each < 2) return likeliest(guesses);
  const Tensor codes = guesses.codes.to(torch::kCPU, torch::kFloat),
               costs = guesses.costs.to(torch::kCPU, torch::kDouble);
  // [T - 1, G, G]: from each guess to each of the next picture
  const Tensor leaps =
      torch::cdist(codes.slice(0, 0, -1), codes.slice(0, 1)).to(torch::kDouble) * (kLeap * fps / kLeapFps);
  Tensor so_far = costs[0];
  std::vector<Tensor> from;  // [G] each
  for (std::int64_t t = 1; t < pictures; ++t) {
    const auto [least, before] = (so_far.unsqueeze(1) + leaps[t - 1]).min(0);
    from.push_back(before);
    so_far = least + costs[t];
  }
  Tensor way = torch::empty({pictures}, torch::kLong);
  auto at = so_far.argmin().item<std::int64_t>();
  for (std::int64_t t = pictures - 1; t >= 0; --t) {
    way[t] = at;
    if (t > 0) at = from[static_cast<std::size_t>(t - 1)][at].item<std::int64_t>();
  }
  return taken(guesses.codes, way.to(guesses.codes.device()));
}

}  // namespace ombra::model
