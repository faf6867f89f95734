#include "model/layers/tensors.hpp"
#include "model/layers/threads.hpp"
#include "model/torch_dancer/executors.hpp"

#include <algorithm>

namespace ombra::model {
namespace {

using torch::Tensor;

class TorchFrames final : public FrameStepper {
 public:
  explicit TorchFrames(std::shared_ptr<Model> model) : model_(std::move(model)) {}

  void begin(FrameMemory& memory, std::span<const float> phrase) override {
    const torch::InferenceMode guard;
    use_threads(1);
    const std::int64_t z = model_->recipe.painter.code, length = static_cast<std::int64_t>(phrase.size()) / z;
    const Tensor codes = torch::from_blob(const_cast<float*>(phrase.data()), {1, length, z});
    memory.other =
        std::make_shared<DancerMemory>(model_->dancer->remember(codes.to(model_->dancer->mean().device()).clone()));
  }

  void step(std::span<const FrameStep> steps) override {
    const torch::InferenceMode guard;
    use_threads(1);
    for (const FrameStep& step : steps) {
      auto& memory = *static_cast<DancerMemory*>(step.memory->other.get());
      const std::vector<float> next = numbers_of(model_->dancer->step(memory, step.temperature, *step.rng));
      std::copy(next.begin(), next.end(), step.next.begin());
    }
  }

 private:
  const std::shared_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<FrameStepper> torch_frames(std::shared_ptr<Model> model) {
  return std::make_unique<TorchFrames>(std::move(model));
}

}  // namespace ombra::model
