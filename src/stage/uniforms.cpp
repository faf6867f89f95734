#include "stage/uniforms.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

float linear(float s) {
  s = std::isfinite(s) ? std::clamp(s, 0.0f, 1.0f) : 0.0f;
  return s <= 0.04045f ? s / 12.92f : std::pow((s + 0.055f) / 1.055f, 2.4f);
}

}  // namespace

glm::vec4 linear(const Colour& colour) { return {linear(colour.r), linear(colour.g), linear(colour.b), 1.0f}; }

}  // namespace ombra::stage
