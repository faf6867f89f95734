#pragma once
// A painter's decoder that ends in a picture, without LibTorch: convolutions and what stands between them, one picture
// at a time on one core. It gives what PainterImpl::decode gives, to rounding. Pictures lie pixel by pixel, the
// channels of a pixel side by side, each with the border of zeros that the convolution after it wants: so a kernel's
// window is a few runs of memory, and the dense kernels (packed_dense.hpp) need no copy of it. Thread: one owner; no
// allocation after construction but for the first field of each size.

#include "model/figure/decoder_plan.hpp"
#include "model/inference/packed_dense.hpp"

#include <memory>
#include <span>
#include <vector>

namespace ombra::model {

class FastPictures {
 public:
  // The plan must end in a picture (kDistances or kLight).
  explicit FastPictures(std::shared_ptr<const DecoderPlan> plan);

  // latent [Z] -> the picture [H][W][C] of plan.output, as the last layer gives it; valid until the next call
  std::span<const float> picture(std::span<const float> latent);
  // latent [Z] -> distance field [size][size] for the show, see model/inference/fields.hpp
  void field(std::span<const float> latent, int size, std::span<float> to);

 private:
  // [top + height + bottom][left + width + right][channels]; what lies around the picture stays zero
  struct Picture {
    PlanShape shape;
    int top = 0, left = 0;
    std::size_t row = 0;  // numbers from one row to the next
    std::vector<float> numbers;

    Picture(const PlanShape& of, int above, int before, int below, int behind);
    float* at(int y, int x) {
      return numbers.data() + static_cast<std::size_t>(y + top) * row +
             static_cast<std::size_t>((x + left) * shape.channels);
    }
  };
  struct Step {
    PlanStep plan;  // without its weights
    PackedDense dense;
    int band = 1;  // convolutions to few channels: so many pixels side by side are one row of the dense layer
  };

  void run(const Step& step, Picture& in, Picture& out);
  void convolve(const Step& step, Picture& in, Picture& out);
  void convolve_transposed(const Step& step, Picture& in, Picture& out);

  // immutable after construction
  std::shared_ptr<const DecoderPlan> plan_;
  std::vector<Step> steps_;
  // scratch
  std::vector<Picture> pictures_;  // [steps + 1]: what goes into each step, and the last one's
  std::vector<float> wide_, square_;
  std::vector<const float*> from_;
  std::vector<float*> to_;
};

}  // namespace ombra::model
