#pragma once
// Who can be learned from pictures: those whom the cast spans, each as likely as the cast makes them (a Gaussian laid
// over its vectors), so that a picture that says little ends in somebody usual. N people of the cast, P numbers of a
// vector, R axes. Thread: any (values).

#include <torch/torch.h>

namespace ombra::train {

class PersonSpace {
 public:
  explicit PersonSpace(const torch::Tensor& vectors);  // [N, P], on the CPU

  std::int64_t axes() const { return axes_.size(0); }  // R, at most N - 1
  // [R] standard deviations of the cast along each axis -> [P], and back; with a gradient
  torch::Tensor vector_of(const torch::Tensor& place) const { return middle_ + place.matmul(axes_); }
  torch::Tensor place_of(const torch::Tensor& vector) const;

 private:
  torch::Tensor middle_, axes_;  // [P], [R, P] orthogonal, each as long as a standard deviation
};

}  // namespace ombra::train
