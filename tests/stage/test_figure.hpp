#pragma once
// Figures for the tests of the stage: a circle of known size, and a dancing person of a few capsules.

#include "core/frames.hpp"

#include <glm/glm.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace ombra::stage {

// distance: of a point in picture coordinates (x from the middle, y up from the lower edge, picture heights)
inline FieldImage draw_field(int dancers, int size, const std::function<float(glm::vec2, int)>& distance) {
  FieldImage image{dancers, size, {}, 0.0};
  image.distance.reserve(static_cast<std::size_t>(dancers) * size * size);
  for (int dancer = 0; dancer < dancers; ++dancer) {
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        const glm::vec2 p{(static_cast<float>(column) + 0.5f) / static_cast<float>(size) - 0.5f,
                          1.0f - (static_cast<float>(row) + 0.5f) / static_cast<float>(size)};
        image.distance.push_back(std::clamp(distance(p, dancer), -8.0f / 96.0f, 8.0f / 96.0f));
      }
    }
  }
  return image;
}

inline FieldImage circle(glm::vec2 centre, float radius, int size = 96) {
  return draw_field(1, size, [=](glm::vec2 p, int) { return glm::distance(p, centre) - radius; });
}

// A person of 1.75 m at `beat`; each dancer is a little different.
class TestFigure {
 public:
  explicit TestFigure(double beat, int dancer = 0) {
    const float t = static_cast<float>(beat) * 3.14159265f + 1.9f * static_cast<float>(dancer);
    const float sway = 0.10f * std::sin(t), bob = 0.03f * std::cos(2.0f * t);
    const glm::vec2 hip{sway, 0.93f + bob}, neck{-0.4f * sway, 1.45f + bob}, head = neck + glm::vec2(0.02f, 0.20f);
    limb(hip + glm::vec2(-0.09f, 0.0f), {-0.20f, 0.03f}, 0.45f, 0.44f, -1.0f, 0.085f, 0.055f, 0.035f);
    limb(hip + glm::vec2(0.09f, 0.0f), {0.24f + 0.1f * sway, 0.03f}, 0.45f, 0.44f, 1.0f, 0.085f, 0.055f, 0.035f);
    add({-0.20f, 0.03f}, {-0.31f, 0.015f}, 0.035f, 0.022f);
    add({0.24f + 0.1f * sway, 0.03f}, {0.36f + 0.1f * sway, 0.015f}, 0.035f, 0.022f);
    add(hip, neck - glm::vec2(0.0f, 0.12f), 0.125f, 0.125f);
    add(neck + glm::vec2(-0.15f, -0.06f), neck + glm::vec2(0.15f, -0.06f), 0.065f, 0.065f);
    add(neck, head, 0.052f, 0.05f);
    add(head, head + glm::vec2(0.01f, 0.07f), 0.088f, 0.092f);
    const float lift = 0.5f + 0.5f * std::sin(t + 0.8f), other = 0.5f + 0.5f * std::cos(0.5f * t);
    arm(neck + glm::vec2(-0.19f, -0.06f), {-0.52f - 0.05f * lift, 0.80f + 1.15f * lift}, 1.0f);
    arm(neck + glm::vec2(0.19f, -0.06f), {0.50f, 0.85f + 1.05f * other}, -1.0f);
  }

  // p as in draw_field
  float operator()(glm::vec2 p) const {
    const glm::vec2 metres{p.x * 2.4f, p.y * 2.4f - 0.12f};
    float sum = 0.0f;
    for (int i = 0; i < count_; ++i) sum += std::exp(-distance(parts_[i], metres) / 0.014f);
    return -0.014f * std::log(std::max(sum, 1e-30f)) / 2.4f;
  }

 private:
  struct Part {
    glm::vec2 a, b;
    float ra, rb;
  };

  static float distance(const Part& part, glm::vec2 p) {
    const glm::vec2 ab = part.b - part.a;
    const float t = std::clamp(glm::dot(p - part.a, ab) / std::max(glm::dot(ab, ab), 1e-9f), 0.0f, 1.0f);
    return glm::distance(p, part.a + t * ab) - std::lerp(part.ra, part.rb, t);
  }
  void add(glm::vec2 a, glm::vec2 b, float ra, float rb) { parts_[count_++] = {a, b, ra, rb}; }
  // Two bones from `from` to `to`; the joint bends to the side given by `bend`.
  void limb(glm::vec2 from, glm::vec2 to, float upper, float lower, float bend, float r0, float r1, float r2) {
    const float reach = std::min(glm::distance(from, to), 0.995f * (upper + lower));
    const glm::vec2 along = (to - from) / std::max(glm::distance(from, to), 1e-4f);
    const float x = (reach * reach + upper * upper - lower * lower) / (2.0f * reach);
    const float y = bend * std::sqrt(std::max(upper * upper - x * x, 0.0f));
    const glm::vec2 joint = from + along * x + glm::vec2(-along.y, along.x) * y;
    add(from, joint, r0, r1);
    add(joint, from + along * reach, r1, r2);
  }
  void arm(glm::vec2 shoulder, glm::vec2 hand, float bend) {
    limb(shoulder, hand, 0.30f, 0.27f, bend, 0.055f, 0.038f, 0.028f);
    const Part& fore = parts_[count_ - 1];
    const glm::vec2 along = (fore.b - fore.a) / std::max(glm::distance(fore.a, fore.b), 1e-4f);
    add(fore.b, fore.b + along * 0.13f, 0.030f, 0.016f);
  }

  Part parts_[20];
  int count_ = 0;
};

inline FieldImage people(int dancers, double beat, int size = 192) {
  std::vector<TestFigure> figures;
  for (int i = 0; i < dancers; ++i) figures.emplace_back(beat, i);
  return draw_field(dancers, size, [&](glm::vec2 p, int i) { return figures[i](p); });
}

}  // namespace ombra::stage
