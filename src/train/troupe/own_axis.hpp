#pragma once
// An axis of the person space for somebody alone. Who lies between the cast has hair and clothes that some of them
// wear; an axis more carries what nobody of them has, as strokes moved by the body, learned from that person's pictures
// while the painter and everybody else stay as they are. P numbers of a person, F of a body, K strokes. Thread: one
// owner.

#include "model/layers/model_folder.hpp"

#include <torch/torch.h>

namespace ombra::train {

// A recipe with so many numbers a person, in its text as well. Throws Error where that has no such line.
void set_people(model::Recipe& recipe, std::int64_t people);

// The same model with P + 1 numbers a person: 0 for everybody it knows, and drawing nothing yet. All but the painter is
// shared with the other one.
model::Model with_own_axis(const model::Model& m);

// vectors [..., P + 1] -> at 1 of the last axis
torch::Tensor on_own_axis(const torch::Tensor& vectors);

// The weights of a painter's last axis, learned by gradient descent.
class OwnAxis {
 public:
  explicit OwnAxis(const model::Model& m);
  ~OwnAxis();
  OwnAxis(const OwnAxis&) = delete;
  OwnAxis& operator=(const OwnAxis&) = delete;

  void zero_grad();
  // down the gradient that backward() left, and a little towards nothing; share: of the usual rate
  void step(double share);
  torch::Tensor weights() const { return own_.detach().clone(); }  // [6 K, F + 1]
  void set_weights(const torch::Tensor& own);

 private:
  const std::int64_t people_;
  torch::Tensor layer_;  // what the painter draws with, [6 K, H + (F + 1) (people + 1)]
  torch::Tensor part_;   // of it, a view
  torch::Tensor own_;
  torch::optim::Adam descent_;
};

}  // namespace ombra::train
