#include "model/dancers/frame_stepper.hpp"

#include "model/layers/sampling.hpp"

namespace ombra::model {

using torch::Tensor;

namespace {

std::vector<float> numbers(const Tensor& tensor) {
  const Tensor here = tensor.detach().cpu().to(torch::kFloat).contiguous();
  return {here.data_ptr<float>(), here.data_ptr<float>() + here.numel()};
}

}  // namespace

FrameStepper::FrameStepper(FrameDancer dancer, bool lib_torch)
    : dancer_(std::move(dancer)), mean_(numbers(dancer_->mean())), spread_(numbers(dancer_->spread())) {
  if (!lib_torch && dancer_->mean().device().is_cpu()) network_ = dancer_->fast();
}

void FrameStepper::begin(FrameMemory& memory, const Tensor& phrase) {
  memory.lib_torch = dancer_->remember(phrase.to(dancer_->mean().device()), network_ == nullptr);
  if (!network_) return;
  memory.state.clear();
  memory.seen = numbers(dancer_->scaled(memory.lib_torch.seen));
  if (dancer_->windowed()) return;
  const std::vector<float> before = numbers(dancer_->scaled(phrase));
  const std::size_t z = mean_.size();
  says_.resize(network_->out());
  float* const says = says_.data();
  FastNetwork::Memory* const state = &memory.state;
  for (std::size_t at = 0; at + z < before.size(); at += z) {
    const float* const code = before.data() + at;
    network_->forward({&code, 1}, {&state, 1}, {&says, 1});
  }
}

void FrameStepper::step(std::span<const FrameStep> steps) {
  const std::size_t z = mean_.size();
  if (!network_) {
    for (const FrameStep& step : steps) {
      const std::vector<float> next = numbers(dancer_->step(step.memory->lib_torch, step.temperature, *step.rng));
      std::copy(next.begin(), next.end(), step.next.begin());
    }
    return;
  }
  const std::size_t out = network_->out();
  says_.resize(std::max(says_.size(), steps.size() * out));
  seen_.clear(), says_of_.clear(), states_.clear();
  for (const FrameStep& step : steps) {
    says_of_.push_back(says_.data() + seen_.size() * out);
    seen_.push_back(step.memory->seen.data());
    if (!dancer_->windowed()) states_.push_back(&step.memory->state);
  }
  network_->forward(seen_, states_, says_of_);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const FrameStep& step = steps[i];
    if (dancer_->mixture()) {
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

}  // namespace ombra::model
