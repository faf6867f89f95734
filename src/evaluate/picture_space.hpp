#pragma once
// One space for the dances of all systems. Every model has a code of its own, and distances in one say nothing in
// another; pictures they all have. A picture here is a small distance field; its code is its first principal
// components over the training footage, so that it belongs to no model.
// B batch, S size, P small pixels, K parts. Thread: any, once constructed.

#include <torch/torch.h>

namespace ombra::train {

class PictureSpace {
 public:
  static constexpr std::int64_t kSide = 24;         // pixels of a small picture, square
  static constexpr std::int64_t kParts = 16;        // K: as many as window_features() looks at
  static constexpr double kReach = 8.0 / 96.0;      // picture heights: distances are clamped to this
  static constexpr std::int64_t kMaxFitted = 8000;  // small pictures that the components are found from

  // small [N, P]: pictures of the training footage, N > 1
  explicit PictureSpace(const torch::Tensor& small);

  // fields [B, 1, S, S] in picture heights -> [B, P]: clamped, averaged over areas, in units of the reach
  static torch::Tensor small(const torch::Tensor& fields);

  // small [B, P] -> [B, K]: centred, projected, and divided by one common scale, so that the variances of the training
  // footage sum to 24 as they do in the pose code of a painter
  torch::Tensor codes_of(const torch::Tensor& small) const;
  // Share of the footage's variance that the parts hold
  double explained() const { return explained_; }

 private:
  // immutable after construction
  torch::Tensor mean_, basis_;  // [P], [P, K], the scale included
  double explained_ = 0.0;
};

}  // namespace ombra::train
