#include "train/troupe/build_traits.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

using model::is_finger;
using torch::Tensor;

Build build_of(const Person& person) {
  float low = 1e9f, high = -1e9f;
  for (const glm::vec3& v : person.vertices) low = std::min(low, v.y), high = std::max(high, v.y);
  const double height = static_cast<double>(high - low);
  if (!(height > 0.0)) return {};
  // how far skin is from the bone that moves it most, over the trunk and the limbs
  double sum = 0.0, count = 0.0;
  for (std::size_t i = 0; i < person.vertices.size(); ++i) {
    const SkinWeights& skin = person.skin[i];
    const auto most = static_cast<std::size_t>(std::ranges::max_element(skin.weight) - skin.weight.begin());
    const Bone& bone = person.bones[skin.bone[most]];
    if (!bone.role || bone.role->bone == BodyBone::kHead || is_finger(bone.role->bone)) continue;
    const glm::vec3 from = person.vertices[i] - bone.rest;
    const glm::vec3 off = from - std::clamp(glm::dot(from, bone.aim), 0.0f, bone.length) * bone.aim;
    sum += static_cast<double>(glm::length(off)), count += 1.0;
  }
  return {height, count > 0.0 ? sum / count / height : 0.0};
}

Tensor build_directions(const Troupe& troupe, const Tensor& vectors) {
  constexpr std::size_t kFewest = 6;
  if (troupe.size() < kFewest) return {};
  const auto n = static_cast<std::int64_t>(troupe.size());
  const Tensor traits = torch::empty({n, 2}, torch::kDouble);
  for (std::int64_t i = 0; i < n; ++i) {
    const Build build = build_of(*troupe[static_cast<std::size_t>(i)]);
    traits[i][0] = build.height, traits[i][1] = build.stoutness;
  }
  const Tensor spread = traits.std(0);
  if (!(spread.min().item<double>() > 1e-4)) return {};
  const Tensor standard = (traits - traits.mean(0)) / spread, v = vectors.to(torch::kDouble);
  const Tensor square = standard.t().matmul(standard) + 1e-3 * torch::eye(2, torch::kDouble);
  return torch::inverse(square).matmul(standard.t()).matmul(v - v.mean(0)).to(torch::kFloat);
}

}  // namespace ombra::train
