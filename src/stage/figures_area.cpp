#include "stage/figures_area.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace ombra::stage {

Area area_of(const FigureUniforms& f, int figures, bool mirror, int width, int height) {
  float left = 1e9f, right = -1e9f, bottom = 1e9f, top = -1e9f;  // screen heights
  for (int i = 0; i < figures; ++i) {
    const glm::vec4 place = f.place[i], box = f.near_box[i];
    if (box.z <= box.x || box.w <= box.y) continue;
    left = std::min(left, place.x + (box.x - 0.5f) * place.z);
    right = std::max(right, place.x + (box.z - 0.5f) * place.z);
    bottom = std::min(bottom, place.y + (1.0f - box.w) * place.z);
    top = std::max(top, place.y + (1.0f - box.y) * place.z);
  }
  if (right <= left) return {};
  if (mirror) std::tie(left, right) = std::pair{-right, -left};
  const float scale = static_cast<float>(height), middle = 0.5f * static_cast<float>(width);
  const auto pixel = [](float at, int edge, int most) {  // a pixel more on every side: rounding
    return std::clamp(static_cast<int>(std::floor(at)) + edge, 0, most);
  };
  return {pixel(middle + left * scale, -1, width), pixel(bottom * scale, -1, height),
          pixel(middle + right * scale, 2, width), pixel(top * scale, 2, height)};
}

}  // namespace ombra::stage
