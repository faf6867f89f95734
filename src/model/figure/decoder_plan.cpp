#include "model/figure/decoder_plan.hpp"

#include <cmath>

namespace ombra::model {

int DecoderPlan::side() const { return static_cast<int>(std::llround(span * output.height)); }

std::size_t DecoderPlan::weights() const {
  std::size_t sum = 0;
  for (const PlanStep& step : steps) {
    for (const DensePlan& dense : step.layer.dense) sum += dense.weight.size() + dense.bias.size();
  }
  return sum;
}

}  // namespace ombra::model
