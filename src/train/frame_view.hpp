#pragma once
// Any data set as a recipe wants to see it: its rate, its size, its kind of picture. What is stored once as distances
// can be learned from as binary pictures of 208 x 120, and footage that was stored gray can become distances.
// N frames of the view, B batch, C channels. Thread: one owner.

#include "footage/data/data_set.hpp"
#include "footage/data/resample.hpp"
#include "model/figure/recipe.hpp"

#include <torch/torch.h>

#include <memory>

namespace ombra::train {

struct ViewClip {
  const DataClip* clip = nullptr;      // of the data set
  std::int64_t start = 0, length = 0;  // frames of the view
};

class FrameView {
 public:
  // Throws Error when the data set has fewer frames a second than the recipe wants.
  FrameView(std::shared_ptr<const DataSet> data, const model::FramesSpec& spec);

  const std::vector<ViewClip>& clips() const { return clips_; }
  std::int64_t frames() const { return static_cast<std::int64_t>(source_.size()); }  // N
  double fps() const { return spec_.fps; }
  const DataSet& data() const { return *data_; }
  const model::FramesSpec& spec() const { return spec_; }
  // The frame of the data set behind a frame of the view
  std::int64_t data_frame(std::int64_t i) const { return source_[static_cast<std::size_t>(i)]; }

  // -> [B, C, height, width] as the recipe says: distances in picture heights, clamped; or light, 0 black .. 1 white
  torch::Tensor pictures(std::span<const std::int64_t> frames) const;
  torch::Tensor pictures(std::int64_t first, std::int64_t count) const;
  // All frames of the view in training clips, or in held-out ones
  std::vector<std::int64_t> frames_of(bool held_out) const;

 private:
  void picture(std::int64_t i, std::span<float> out) const;

  // immutable after construction
  std::shared_ptr<const DataSet> data_;
  model::FramesSpec spec_;
  Resample resample_;
  std::vector<ViewClip> clips_;
  std::vector<std::int64_t> source_;
};

// Distances of pictures of a data set [B, 1, size, size] as the show sees them: a square as high as the picture, or
// `span` times as high, standing on the same lower edge. In heights of that square, clamped. What a painter's decode()
// is held against.
torch::Tensor show_fields(const DataSet& data, std::span<const std::int64_t> frames, double span, std::int64_t size);

}  // namespace ombra::train
