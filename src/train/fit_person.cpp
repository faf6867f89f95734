#include "train/fit_person.hpp"

#include "model/layers/stroke_field.hpp"
#include "train/optimiser.hpp"
#include "train/train_painter.hpp"

namespace ombra::train {

using torch::Tensor;

Tensor fit_person(model::Model& m, PeopleDraw& pictures, std::int64_t steps) {
  constexpr std::int64_t kBatch = 16, kSize = 96;
  const torch::AutoGradMode with_gradient(true);
  Tensor vector = m.people.vectors.mean(0).clone().set_requires_grad(true);
  Optimiser optimiser({vector}, {.steps = steps, .batch = kBatch, .rate = 0.05, .weight_decay = 0.0, .warmup = 5});
  Rng rng(29);
  for (std::int64_t step = 0; step < steps; ++step) {
    const DrawnPeople wanted = pictures.draw(step, kBatch, kSize, rng);
    const Tensor strokes =
        m.painter->people_strokes(wanted.bodies, vector.unsqueeze(0).expand({kBatch, vector.size(0)}));
    picture_loss(m.recipe, model::stroke_field(strokes, kSize), wanted.fields).backward();
    optimiser.step(static_cast<double>(step));
  }
  return vector.detach();
}

}  // namespace ombra::train
