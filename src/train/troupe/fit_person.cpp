#include "train/troupe/fit_person.hpp"

#include "model/figure/strokes.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/troupe/outlines.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/person_space.hpp"

#include <cmath>
#include <numbers>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kPictures = 16, kSide = 96;
constexpr double kRate = 0.15, kRateBeside = 0.03, kUsual = 0.001;

Tensor how_far(model::Model& m, const DrawnPeople& wanted, const Tensor& vector) {
  const Tensor strokes =
      m.painter->people_strokes(wanted.bodies, vector.unsqueeze(0).expand({wanted.bodies.size(0), vector.size(0)}));
  return outline_loss(model::stroke_field(strokes, kSide), wanted.fields, model::kMaxDistance).mean();
}

}  // namespace

Tensor fit_person(model::Model& m, PeopleDraw& pictures, std::int64_t steps, std::int64_t own) {
  const PersonSpace space(m.people.vectors);
  Rng rng(29);
  Tensor nearest;
  {
    const torch::NoGradGuard no_grad;
    const DrawnPeople wanted = pictures.draw(0, 2 * kPictures, kSide, rng);
    double least = INFINITY;
    for (std::int64_t i = 0; i < m.people.vectors.size(0); ++i) {
      const double far = how_far(m, wanted, m.people.vectors[i]).item<double>();
      if (far < least) least = far, nearest = m.people.vectors[i];
    }
  }
  const torch::AutoGradMode with_gradient(true);
  const auto falling = [](std::int64_t step, std::int64_t of) {
    return 0.02 + 0.49 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(of)));
  };
  Tensor place = space.place_of(nearest).clone().set_requires_grad(true);
  torch::optim::Adam descent({place}, torch::optim::AdamOptions(kRate));
  OwnAxis axis(m);
  for (std::int64_t step = 0; step < steps + own; ++step) {
    const bool alone = step >= steps;
    const DrawnPeople wanted = pictures.draw(step, kPictures, kSide, rng);
    const Tensor loss = how_far(m, wanted, on_own_axis(space.vector_of(place))) + kUsual * place.pow(2).sum();
    descent.zero_grad();
    axis.zero_grad();
    loss.backward();
    const double share = alone ? falling(step - steps, own) : falling(step, steps);
    descent.param_groups()[0].options().set_lr((alone ? kRateBeside : kRate) * share);
    descent.step();
    if (alone) axis.step(share);
  }
  return on_own_axis(space.vector_of(place)).detach();
}

}  // namespace ombra::train
