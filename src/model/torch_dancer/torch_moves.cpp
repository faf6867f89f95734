#include "model/inference/sampling.hpp"
#include "model/layers/threads.hpp"
#include "model/torch_dancer/executors.hpp"

namespace ombra::model {
namespace {

using torch::Tensor;

// LibTorch's part of a MoveMemory.
struct Memory {
  Tensor history;  // [1, kHistory, Q], the newest last
  ChoreographerImpl::State state;
};

class TorchMoves final : public MoveNetworks {
 public:
  explicit TorchMoves(std::shared_ptr<Model> model) : model_(std::move(model)), device_(model_->painter->device()) {}

  void begin(MoveMemory& memory, int seed, std::int64_t place) override {
    const torch::InferenceMode guard;
    use_threads(1);
    const auto fresh = std::make_shared<Memory>();
    const Tensor phrase = model_->seeds.moves[seed].contiguous();  // [M, Q]
    const std::int64_t m = phrase.size(0), books = phrase.size(1);
    const std::vector<std::int64_t> history = history_of(
        {phrase.data_ptr<std::int64_t>(), static_cast<std::size_t>(phrase.numel())}, static_cast<std::size_t>(books));
    fresh->history = torch::tensor(history, torch::kLong).view({1, kHistory, books});
    const Tensor places = (torch::arange(m - 1) + (place - m + 1)).remainder(model_->choreographer->places());
    model_->choreographer->forward(phrase.narrow(0, 0, m - 1).unsqueeze(0).to(device_),
                                   torch::zeros({1, m - 1, model_->choreographer->conditions()}).to(device_),
                                   places.unsqueeze(0).to(device_), {}, &fresh->state);
    memory.other = fresh;
  }

  void draft(std::span<MoveDraft* const> drafts) override {
    const torch::InferenceMode guard;
    use_threads(1);
    for (MoveDraft* draft : drafts) draft_one(*draft);
  }

  void take(MoveDraft& draft, std::size_t k) override {
    const torch::InferenceMode guard;
    Tensor& history = of(draft).history;
    const Tensor move = torch::tensor(draft.samples, torch::kLong)
                            .view({static_cast<std::int64_t>(draft.count), -1})[static_cast<std::int64_t>(k)]
                            .view({1, 1, -1});
    history = torch::cat({history.narrow(1, 1, kHistory - 1), move}, 1);
  }

 private:
  static Memory& of(const MoveDraft& draft) { return *static_cast<Memory*>(draft.memory->other.get()); }

  void draft_one(MoveDraft& d) {
    Memory& memory = of(d);
    const auto n = static_cast<std::int64_t>(d.count);
    const std::int64_t books = model_->recipe.mover.books;
    const Tensor place = torch::full({1, 1}, d.place, torch::kLong).to(device_);
    Tensor phrase_place;
    if (d.phrase_place >= 0) phrase_place = torch::full({1, 1}, d.phrase_place, torch::kLong).to(device_);
    const std::int64_t asked = model_->choreographer->conditions();
    const Tensor conditions = torch::from_blob(d.conditions.data(), {1, 1, asked}).clone().to(device_);
    const Tensor last = memory.history.narrow(1, kHistory - 1, 1).to(device_);
    const Tensor context = model_->choreographer->forward(last, conditions, place, phrase_place, &memory.state)[0];
    const Tensor several = context.expand({n, context.size(1)});
    Tensor chosen = torch::zeros({n, books}, torch::kLong);
    for (std::int64_t q = 0; q < books; ++q) {
      // the first book is predicted alike for all of them
      const Tensor logits = (q == 0 ? model_->choreographer->logits(context, chosen.to(device_), 0).expand({n, -1})
                                    : model_->choreographer->logits(several, chosen.to(device_), q))
                                .to(torch::kFloat)
                                .cpu()
                                .contiguous();
      const auto entries = static_cast<std::size_t>(logits.size(1));
      const double cool = coolness_of(model_->recipe, static_cast<std::size_t>(q));
      for (std::int64_t k = 0; k < n; ++k) {
        const float* row = logits.data_ptr<float>() + static_cast<std::size_t>(k) * entries;
        chosen.data_ptr<std::int64_t>()[k * books + q] =
            sample_softmax({row, entries}, d.temperature * cool, d.top_p, *d.rng);
      }
    }
    d.samples.assign(chosen.data_ptr<std::int64_t>(), chosen.data_ptr<std::int64_t>() + chosen.numel());
    d.candidate.resize(d.count);
    for (std::size_t k = 0; k < d.count; ++k) d.candidate[k] = k;
    const Tensor before = memory.history.narrow(1, 1, kHistory - 1).expand({n, kHistory - 1, books});
    const Tensor moves = torch::cat({before, chosen.view({n, 1, books})}, 1).to(device_);
    const Tensor codes =
        model_->mover->last_codes_of(moves, static_cast<std::int64_t>(FastMover::kMoves)).cpu().contiguous();
    d.codes.assign(codes.data_ptr<float>(), codes.data_ptr<float>() + codes.numel());
  }

  const std::shared_ptr<Model> model_;
  const torch::Device device_;
};

}  // namespace

std::unique_ptr<MoveNetworks> torch_moves(std::shared_ptr<Model> model) {
  return std::make_unique<TorchMoves>(std::move(model));
}

}  // namespace ombra::model
