#include "model/dancers/frame_stepper.hpp"

#include "model/inference/sampling.hpp"

#include <algorithm>

namespace ombra::model {
namespace {

class FastFrames final : public FrameStepper {
 public:
  FastFrames(const FrameDancerSpec& spec, const FramePlan& plan, std::unique_ptr<FastNetwork> network)
      : windowed_(spec.memory == "window"),
        mixture_(spec.loss == "mdn"),
        context_(static_cast<std::size_t>(spec.context)),
        network_(std::move(network)),
        mean_(plan.mean),
        spread_(plan.spread) {}

  void begin(FrameMemory& memory, std::span<const float> phrase) override {
    const std::size_t z = mean_.size(), length = phrase.size() / z, seen = windowed_ ? context_ : 1;
    std::vector<float> scaled(phrase.begin(), phrase.end());
    for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] = (scaled[i] - mean_[i % z]) / spread_[i % z];
    memory.state.clear();
    memory.seen.clear();
    for (std::size_t i = 0; i < seen; ++i) {  // the newest last
      const std::size_t back = seen - 1 - i, at = back < length ? length - 1 - back : 0;
      memory.seen.insert(memory.seen.end(), scaled.begin() + static_cast<std::ptrdiff_t>(at * z),
                         scaled.begin() + static_cast<std::ptrdiff_t>((at + 1) * z));
    }
    if (windowed_) return;
    says_.resize(std::max(says_.size(), network_->out()));
    float* const says = says_.data();
    FastNetwork::Memory* const state = &memory.state;
    for (std::size_t at = 0; at + z < scaled.size(); at += z) {
      const float* const code = scaled.data() + at;
      network_->forward({&code, 1}, {&state, 1}, {&says, 1});
    }
  }

  void step(std::span<const FrameStep> steps) override {
    const std::size_t z = mean_.size(), out = network_->out();
    says_.resize(std::max(says_.size(), steps.size() * out));
    seen_.clear(), says_of_.clear(), states_.clear();
    for (const FrameStep& step : steps) {
      says_of_.push_back(says_.data() + seen_.size() * out);
      seen_.push_back(step.memory->seen.data());
      if (!windowed_) states_.push_back(&step.memory->state);
    }
    network_->forward(seen_, states_, says_of_);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const FrameStep& step = steps[i];
      if (mixture_) {
        sample_mixture({says_of_[i], out}, static_cast<int>(out / (2 * z + 1)), step.temperature, *step.rng, step.next);
      } else {
        std::copy_n(says_of_[i], z, step.next.begin());
      }
      std::vector<float>& seen = step.memory->seen;
      std::copy(seen.begin() + static_cast<std::ptrdiff_t>(z), seen.end(), seen.begin());
      std::copy(step.next.begin(), step.next.end(), seen.end() - static_cast<std::ptrdiff_t>(z));
      for (std::size_t n = 0; n < z; ++n) step.next[n] = step.next[n] * spread_[n] + mean_[n];
    }
  }

 private:
  // immutable after construction
  const bool windowed_, mixture_;
  const std::size_t context_;
  std::unique_ptr<FastNetwork> network_;
  const std::vector<float> mean_, spread_;
  // scratch
  std::vector<float> says_;
  std::vector<const float*> seen_;
  std::vector<float*> says_of_;
  std::vector<FastNetwork::Memory*> states_;
};

}  // namespace

std::unique_ptr<FrameStepper> FrameStepper::make(const FrameDancerSpec& spec, const FramePlan& plan) {
  const std::size_t steps = spec.memory == "window" ? static_cast<std::size_t>(spec.context) : 1;
  auto network = FastNetwork::make(plan.layers, plan.mean.size(), steps);
  if (!network) return nullptr;
  return std::make_unique<FastFrames>(spec, plan, std::move(network));
}

std::unique_ptr<FrameStepper> FrameStepper::make(const DancerFile& file) {
  const WeightSource weights = weights_in(*file.weights, "dancer.");
  const Shape code = {file.recipe.painter.code};
  return make(file.recipe.dancer, {plans_of(frame_network(file.recipe, file.alternative), "network.", weights),
                                   weights("mean", code), weights("spread", code)});
}

}  // namespace ombra::model
