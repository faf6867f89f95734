#include "footage/people/shadow.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ombra::train {
namespace {

constexpr int kAcross = 8, kDown = 4;  // samples of a pixel; a byte of a row is one pixel's

// Sets the samples of one row between two places.
void set_bits(std::uint64_t* row, int from, int to) {
  const int first = from >> 6, last = (to - 1) >> 6;
  const std::uint64_t head = ~std::uint64_t{0} << (from & 63), tail = ~std::uint64_t{0} >> (63 - ((to - 1) & 63));
  if (first == last) {
    row[first] |= head & tail;
    return;
  }
  row[first] |= head;
  for (int w = first + 1; w < last; ++w) row[w] = ~std::uint64_t{0};
  row[last] |= tail;
}

}  // namespace

// Points in metres first, y up; once the lowest is known, in samples, y down.
void Shadow::skin(const Person& person, const BodyPose& pose, const ShadowView& view) {
  const float c = std::cos(view.yaw), s = std::sin(view.yaw), flip = view.mirrored ? -1.0f : 1.0f;
  const auto hips = static_cast<std::size_t>(std::max(0, person.find(BodyBone::kHips)));
  const glm::vec3 middle = pose.place[hips];
  bones_.resize(person.bones.size());
  for (std::size_t i = 0; i < bones_.size(); ++i) {
    const glm::mat3& turn = pose.turn[i];
    const glm::vec3 shift = pose.place[i] - middle - turn * person.bones[i].rest;
    for (int k = 0; k < 3; ++k) bones_[i][k] = {flip * (c * turn[k].x + s * turn[k].z), turn[k].y};
    bones_[i][3] = {flip * (c * shift.x + s * shift.z), shift.y};
  }
  points_.resize(person.vertices.size());
  float low = 1e9f;
  for (std::size_t v = 0; v < points_.size(); ++v) {
    const SkinWeights& skin = person.skin[v];
    const glm::vec3& at = person.vertices[v];
    glm::vec2 sum(0.0f);
    for (std::size_t k = 0; k < 4; ++k) {
      const glm::mat4x2& m = bones_[skin.bone[k]];
      sum += skin.weight[k] * (m[0] * at.x + m[1] * at.y + m[2] * at.z + m[3]);
    }
    points_[v] = sum;
    low = std::min(low, sum.y);
  }
  constexpr auto kFloor = static_cast<float>(kFloorMetres);
  const float pixels = static_cast<float>(rows_) / kDown / view.metres;
  for (glm::vec2& p : points_) {
    const float x = p.x + view.x + 0.5f * view.metres, y = view.metres - kFloor - (p.y - low + view.clearance);
    p = {x * pixels * kAcross, y * pixels * kDown};
  }
}

// a above b above c.
void Shadow::spans(glm::vec2 a, glm::vec2 b, glm::vec2 c) {
  const auto first_sample = [](float place, int count) {  // at or after a place, within 0 .. count
    return static_cast<int>(std::clamp(std::ceil(place - 0.5f), 0.0f, static_cast<float>(count)));
  };
  const int top = first_sample(a.y, rows_), bottom = first_sample(c.y, rows_), width = words_ * 64;
  if (top >= bottom) return;
  const float long_slope = (c.x - a.x) / (c.y - a.y);
  const float upper_slope = (b.x - a.x) / (b.y - a.y), lower_slope = (c.x - b.x) / (c.y - b.y);
  for (int row = top; row < bottom; ++row) {
    const float y = static_cast<float>(row) + 0.5f;
    const float far = a.x + (y - a.y) * long_slope;
    const float near = y < b.y ? a.x + (y - a.y) * upper_slope : b.x + (y - b.y) * lower_slope;
    const int from = first_sample(std::min(far, near), width), to = first_sample(std::max(far, near), width);
    if (from < to) set_bits(&bits_[static_cast<std::size_t>(row) * static_cast<std::size_t>(words_)], from, to);
  }
}

void Shadow::fill(const Triangle& triangle) {
  glm::vec2 a = points_[triangle[0]], b = points_[triangle[1]], c = points_[triangle[2]];
  const auto above = [](const glm::vec2& p, const glm::vec2& q) { return p.y < q.y || (p.y == q.y && p.x < q.x); };
  if (above(b, a)) std::swap(a, b);
  if (above(c, b)) std::swap(b, c);
  if (above(b, a)) std::swap(a, b);
  spans(a, b, c);
}

void Shadow::resolve(int side, std::span<float> ink) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(bits_.data());  // little endian: a byte is a pixel's row
  const auto stride = static_cast<std::size_t>(words_) * 8, width = static_cast<std::size_t>(side);
  for (std::size_t y = 0; y < width; ++y) {
    const std::uint8_t* row = bytes + y * kDown * stride;
    for (std::size_t x = 0; x < width; ++x, ++row) {
      const unsigned all = static_cast<unsigned>(row[0]) | static_cast<unsigned>(row[stride]) << 8 |
                           static_cast<unsigned>(row[2 * stride]) << 16 | static_cast<unsigned>(row[3 * stride]) << 24;
      ink[y * width + x] = static_cast<float>(std::popcount(all)) / (kAcross * kDown);
    }
  }
}

void Shadow::draw(const Person& person, const BodyPose& pose, const ShadowView& view, int side, std::span<float> ink) {
  rows_ = side * kDown;
  words_ = (side * kAcross + 63) / 64;
  bits_.assign(static_cast<std::size_t>(rows_) * static_cast<std::size_t>(words_), 0);
  skin(person, pose, view);
  for (const Triangle& triangle : person.triangles) fill(triangle);
  resolve(side, ink);
}

}  // namespace ombra::train
