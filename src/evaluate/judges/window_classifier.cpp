#include "evaluate/judges/window_classifier.hpp"

#include "core/error.hpp"
#include "core/rng.hpp"
#include "train/optimiser.hpp"

#include <cmath>
#include <vector>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kChannels = 48, kReach = 5, kShortest = 4;
constexpr double kDropout = 0.3, kSmallest = 1e-4, kLarger = 0.2;

torch::nn::Conv1d convolution(std::int64_t from) {
  return torch::nn::Conv1d(torch::nn::Conv1dOptions(from, kChannels, kReach).padding(kReach / 2));
}

// -> the numbers of the windows of each class
std::vector<std::vector<std::int64_t>> sorted_by_class(const Tensor& classes, std::int64_t count) {
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(count));
  const Tensor flat = classes.to(torch::kLong).contiguous();
  for (std::int64_t i = 0; i < flat.size(0); ++i) {
    const std::int64_t one = flat.data_ptr<std::int64_t>()[i];
    if (one < 0 || one >= count) throw error("window {} is of class {} of {}\nhint: 0 is the first", i, one, count);
    members[static_cast<std::size_t>(one)].push_back(i);
  }
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (members[k].empty())
      throw error("no windows of class {} to learn from\nhint: longer clips, or fewer classes", k);
  }
  return members;
}

// ClassifierOptions::vary
Tensor varied(const Tensor& windows, const Tensor& scale, double much) {
  if (much <= 0.0) return windows;
  const Tensor shift = much * scale * torch::randn({windows.size(0), 1, windows.size(2)}),
               larger = much * kLarger * torch::randn({windows.size(0), 1, 1});
  return windows + shift + larger * (windows - windows.mean(1, true));
}

}  // namespace

Tensor windows_of(const Tensor& track, std::int64_t steps, std::int64_t hop) {
  if (track.size(0) < steps) return torch::empty({0, steps, track.size(1)});
  return track.unfold(0, steps, hop).transpose(1, 2).contiguous();
}

WindowClassifier::WindowClassifier(const Tensor& windows, std::int64_t count)
    : mean_(windows.flatten(0, 1).mean(0)), scale_(windows.flatten(0, 1).std(0, false).clamp_min(kSmallest)) {
  using namespace torch::nn;
  found_ =
      Sequential(convolution(windows.size(2)), GELU(), AvgPool1d(2), Dropout(kDropout), convolution(kChannels), GELU());
  said_ = Sequential(Dropout(kDropout), Linear(2 * kChannels, count));
}

Tensor WindowClassifier::logits(const Tensor& windows) const {
  const Tensor there = torch::nn::Sequential(found_)->forward(((windows - mean_) / scale_).transpose(1, 2));
  return torch::nn::Sequential(said_)->forward(torch::cat({there.mean(2), there.amax(2)}, 1));
}

WindowClassifier WindowClassifier::train(const Tensor& windows, const Tensor& classes, std::int64_t count,
                                         const ClassifierOptions& options) {
  if (windows.dim() != 3 || windows.size(1) < kShortest || windows.size(0) != classes.size(0))
    throw error("windows are [N, T, F] with T >= {}, and as many classes\nhint: see windows_of()", kShortest);
  if (!windows.isfinite().all().item<bool>())
    throw error("windows with unknown numbers cannot be told apart\nhint: leave out clips without joints");
  const auto members = sorted_by_class(classes, count);
  torch::manual_seed(options.seed & 0x7fffffff);
  Rng rng(options.seed);
  WindowClassifier one(windows, count);
  std::vector<Tensor> parameters = one.found_->parameters();
  for (const Tensor& p : one.said_->parameters()) parameters.push_back(p);
  model::TrainSpec spec;
  spec.steps = options.steps, spec.rate = 2e-3, spec.weight_decay = 5e-2, spec.warmup = 20;
  Optimiser optimiser(parameters, spec);
  const Tensor which = torch::empty({options.batch}, torch::kLong), truth = torch::empty({options.batch}, torch::kLong);
  for (std::int64_t step = 0; step < options.steps; ++step) {
    for (std::int64_t b = 0; b < options.batch; ++b) {
      const int k = rng.below(static_cast<int>(count));
      const auto& of_it = members[static_cast<std::size_t>(k)];
      truth.data_ptr<std::int64_t>()[b] = k;
      which.data_ptr<std::int64_t>()[b] = of_it[static_cast<std::size_t>(rng.below(static_cast<int>(of_it.size())))];
    }
    torch::nn::functional::cross_entropy(one.logits(varied(windows.index_select(0, which), one.scale_, options.vary)),
                                         truth)
        .backward();
    optimiser.step(static_cast<double>(step));
  }
  one.found_->eval();
  one.said_->eval();
  return one;
}

Tensor WindowClassifier::probabilities(const Tensor& windows) const {
  const torch::NoGradGuard no_grad;
  constexpr std::int64_t kAtATime = 1024;
  std::vector<Tensor> all = {torch::empty({0, said_->at<torch::nn::LinearImpl>(1).options.out_features()})};
  for (std::int64_t i = 0; i < windows.size(0); i += kAtATime)
    all.push_back(logits(windows.slice(0, i, i + kAtATime)).softmax(1));
  return torch::cat(all);
}

}  // namespace ombra::train
