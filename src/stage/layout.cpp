#include "stage/layout.hpp"

#include "core/frames.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

constexpr float kFloorShare = static_cast<float>(kFloorMetres / kPictureMetres);
// What a dancer with arms held out needs of the picture's width.
constexpr float kReach = 0.72f;
// How far dancers may be pushed together before they are made smaller.
constexpr float kSqueeze = 0.8f;
// Each step behind: how much smaller, how much hazier.
constexpr float kShrink = 0.07f, kHaze = 0.12f;

}  // namespace

Layout place_dancers(const LayoutRequest& request) {
  Layout layout;
  const int n = std::max(request.dancers, 0);
  // places are counted from the middle outwards: 0, -1, +1, -2, +2, ...; an even number stands half a step aside
  const float shift = n > 0 && n % 2 == 0 ? 0.5f : 0.0f;
  const float outermost = n > 0 ? static_cast<float>(n / 2) - shift : 0.0f;
  const float wanted = std::max(request.spread, 0.0f), size = std::max(request.size, 0.05f);
  const float fitting = outermost > 0.0f ? (request.aspect / size - kReach) / (2.0f * outermost) : wanted;
  const float spread = std::clamp(fitting, kSqueeze * wanted, wanted);
  layout.height = std::min(size, request.aspect / (2.0f * outermost * spread + kReach));
  layout.floor = std::clamp(0.5f - 0.43f * size, 0.06f, 0.3f);
  for (int i = 0; i < n; ++i) {
    const float rank = static_cast<float>((i + 1) / 2);
    const float side = i % 2 == 0 ? 1.0f : -1.0f;
    const float depth = shift > 0.0f ? std::floor(std::abs(side * rank + shift)) : rank;
    Place place;
    place.height = layout.height * std::max(1.0f - kShrink * depth, 0.5f);
    place.x = (side * rank + shift) * spread * layout.height;
    place.bottom = layout.floor - kFloorShare * place.height;
    place.haze = std::min(kHaze * depth, 0.6f);
    place.layer = i;
    layout.places.push_back(place);
  }
  std::stable_sort(layout.places.begin(), layout.places.end(),
                   [](const Place& a, const Place& b) { return a.haze > b.haze; });
  return layout;
}

}  // namespace ombra::stage
