#include "model/dancers/move_networks.hpp"

#include "core/arithmetic.hpp"
#include "model/layers/sampling.hpp"

#include <map>

namespace ombra::model {
namespace {

using torch::Tensor;

// The last kHistory moves of a dance that repeats the phrase [M, Q].
Tensor history_of(const Tensor& phrase) {
  const std::int64_t m = phrase.size(0), wanted = MoveNetworks::kHistory;
  const std::vector<Tensor> parts(static_cast<std::size_t>((wanted + m - 1) / m), phrase);
  const Tensor all = torch::cat(parts, 0);
  return all.narrow(0, all.size(0) - wanted, wanted).contiguous();
}

double cool_of(const Recipe& recipe, std::size_t book) {
  const std::vector<double>& coolness = recipe.choreographer.coolness;
  return book < coolness.size() ? coolness[book] : 1.0;
}

// ---- LibTorch

class TorchMoves final : public MoveNetworks {
 public:
  explicit TorchMoves(Model& model) : model_(model), device_(model.painter->device()) {}

  void begin(MoveMemory& memory, std::int64_t seed, std::int64_t place) override {
    const Tensor phrase = model_.seeds.moves[seed];  // [M, Q]
    const std::int64_t m = phrase.size(0);
    memory.history = history_of(phrase).unsqueeze(0);
    memory.state = {};
    const Tensor places = (torch::arange(m - 1) + (place - m + 1)).remainder(model_.choreographer->places());
    model_.choreographer->forward(phrase.narrow(0, 0, m - 1).unsqueeze(0).to(device_),
                                  torch::zeros({1, m - 1, ChoreographerImpl::kConditions}).to(device_),
                                  places.unsqueeze(0).to(device_), {}, &memory.state);
  }

  void draft(std::span<MoveDraft* const> drafts) override {
    for (MoveDraft* draft : drafts) draft_one(*draft);
  }

  void take(MoveDraft& draft, std::size_t k) override {
    const Tensor move = tried_of(draft)[static_cast<std::int64_t>(k)].view({1, 1, -1});
    draft.memory->history = torch::cat({draft.memory->history.narrow(1, 1, kHistory - 1), move}, 1);
  }

 private:
  Tensor tried_of(const MoveDraft& draft) const {
    const auto n = static_cast<std::int64_t>(draft.count);
    return torch::tensor(draft.tried, torch::kLong).view({n, -1});
  }

  void draft_one(MoveDraft& d) {
    const auto n = static_cast<std::int64_t>(d.count);
    const std::int64_t books = model_.recipe.mover.books;
    const Tensor place = torch::full({1, 1}, d.place, torch::kLong).to(device_);
    Tensor phrase_place;
    if (d.phrase_place >= 0) phrase_place = torch::full({1, 1}, d.phrase_place, torch::kLong).to(device_);
    const Tensor conditions = torch::tensor({d.conditions[0], d.conditions[1]}).view({1, 1, 2}).to(device_);
    const Tensor last = d.memory->history.narrow(1, kHistory - 1, 1).to(device_);
    const Tensor context = model_.choreographer->forward(last, conditions, place, phrase_place, &d.memory->state)[0];
    const Tensor several = context.expand({n, context.size(1)});
    Tensor chosen = torch::zeros({n, books}, torch::kLong);
    for (std::int64_t q = 0; q < books; ++q) {
      // the first book is foretold alike for all of them
      const Tensor logits = (q == 0 ? model_.choreographer->logits(context, chosen.to(device_), 0).expand({n, -1})
                                    : model_.choreographer->logits(several, chosen.to(device_), q))
                                .to(torch::kFloat)
                                .cpu()
                                .contiguous();
      const auto entries = static_cast<std::size_t>(logits.size(1));
      const double cool = cool_of(model_.recipe, static_cast<std::size_t>(q));
      for (std::int64_t k = 0; k < n; ++k) {
        const float* row = logits.data_ptr<float>() + static_cast<std::size_t>(k) * entries;
        chosen.data_ptr<std::int64_t>()[k * books + q] =
            sample_softmax({row, entries}, d.temperature * cool, d.top_p, *d.rng);
      }
    }
    d.tried.assign(chosen.data_ptr<std::int64_t>(), chosen.data_ptr<std::int64_t>() + chosen.numel());
    d.look.resize(d.count);
    for (std::size_t k = 0; k < d.count; ++k) d.look[k] = k;
    const Tensor before = d.memory->history.narrow(1, 1, kHistory - 1).expand({n, kHistory - 1, books});
    const Tensor moves = torch::cat({before, chosen.view({n, 1, books})}, 1).to(device_);
    const Tensor codes =
        model_.mover->last_codes_of(moves, static_cast<std::int64_t>(FastMover::kMoves)).cpu().contiguous();
    d.codes.assign(codes.data_ptr<float>(), codes.data_ptr<float>() + codes.numel());
  }

  Model& model_;
  const torch::Device device_;
};

// ---- without it

class FastMoves final : public MoveNetworks {
 public:
  FastMoves(const Model& model, std::unique_ptr<FastMover> mover)
      : seeds_(model.seeds),
        recipe_(model.recipe),
        choreographer_(model.choreographer->plan()),
        mover_(std::move(mover)) {}

  void begin(MoveMemory& memory, std::int64_t seed, std::int64_t place) override {
    const std::int64_t places = recipe_.choreographer.places;
    const auto [known, fresh] = begun_.try_emplace({seed, floor_mod(place, places)});
    if (fresh) hear(known->second, seeds_.moves[seed], floor_mod(place, places));
    memory = known->second;
  }

  void draft(std::span<MoveDraft* const> drafts) override {
    const auto books = static_cast<std::size_t>(recipe_.mover.books);
    steps_.clear();
    for (MoveDraft* d : drafts) {
      steps_.push_back({&d->memory->choreographer, d->memory->last.data(), d->conditions, d->place, d->phrase_place});
      d->tried.assign(d->count * books, 0);
      d->look.assign(d->count, 0);
    }
    choreographer_.forward(steps_);
    for (std::size_t q = 0; q < books; ++q) draw(drafts, q);
    find_looks(drafts, books);  // of whole moves
    tries_.clear();
    for (std::size_t i = 0, at = 0; i < drafts.size(); ++i) {
      drafts[i]->first_try = at;
      for (; at < questions_.size() && questions_[at].step == i; ++at)
        tries_.push_back({&drafts[i]->memory->mover, questions_[at].chosen});
    }
    mover_->rehearse(tries_);
    const std::size_t size = FastMover::kMoves * mover_->ticks_per_move() * mover_->code();
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const std::size_t end = i + 1 < drafts.size() ? drafts[i + 1]->first_try : tries_.size();
      drafts[i]->codes.resize((end - drafts[i]->first_try) * size);
      for (std::size_t t = drafts[i]->first_try; t < end; ++t)
        mover_->play(t, std::span(drafts[i]->codes).subspan((t - drafts[i]->first_try) * size, size));
    }
  }

  void take(MoveDraft& draft, std::size_t k) override {
    mover_->take(draft.first_try + draft.look[k]);
    const auto books = static_cast<std::ptrdiff_t>(recipe_.mover.books), at = static_cast<std::ptrdiff_t>(k) * books;
    draft.memory->last.assign(draft.tried.begin() + at, draft.tried.begin() + at + books);
  }

 private:
  // What the networks keep after a phrase [M, Q].
  void hear(MoveMemory& memory, const Tensor& phrase, std::int64_t place) {
    const auto books = static_cast<std::size_t>(recipe_.mover.books);
    const Tensor told = phrase.contiguous(), history = history_of(phrase);
    const auto* moves = told.data_ptr<std::int64_t>();
    const auto m = static_cast<std::int64_t>(phrase.size(0));
    memory.choreographer = {};
    for (std::int64_t i = 0; i + 1 < m; ++i) {
      const FastChoreographer::Step step{&memory.choreographer,
                                         moves + static_cast<std::size_t>(i) * books,
                                         {},
                                         floor_mod(place - m + 1 + i, recipe_.choreographer.places),
                                         -1};
      choreographer_.forward({&step, 1});
    }
    memory.last.assign(moves + static_cast<std::size_t>(m - 1) * books, moves + static_cast<std::size_t>(m) * books);
    memory.mover = mover_->begin();
    for (std::int64_t i = 0; i < kHistory; ++i) {
      const FastMover::Try only{&memory.mover, history.data_ptr<std::int64_t>() + static_cast<std::size_t>(i) * books};
      mover_->rehearse({&only, 1});
      mover_->take(0);
    }
  }

  // Entry q of all draws: those that are alike so far are foretold alike.
  void draw(std::span<MoveDraft* const> drafts, std::size_t q) {
    const std::size_t books = static_cast<std::size_t>(recipe_.mover.books);
    find_looks(drafts, q);
    const std::span<const float> logits = choreographer_.logits(q, questions_);
    const double cool = cool_of(recipe_, q);
    nuclei_.resize(std::max(nuclei_.size(), questions_.size()));
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      const MoveDraft& d = *drafts[questions_[i].step];
      nuclei_[i].set(logits.subspan(i * choreographer_.entries(), choreographer_.entries()), d.temperature * cool,
                     d.top_p);
    }
    for (std::size_t i = 0, first = 0; i < drafts.size(); ++i) {
      MoveDraft& d = *drafts[i];
      for (std::size_t k = 0; k < d.count; ++k) d.tried[k * books + q] = nuclei_[first + d.look[k]].draw(*d.rng);
      while (first < questions_.size() && questions_[first].step == i) ++first;
    }
  }

  // Of each dancer's draws the ones whose first `entries` entries differ become questions, side by side.
  void find_looks(std::span<MoveDraft* const> drafts, std::size_t entries) {
    const auto books = static_cast<std::size_t>(recipe_.mover.books);
    questions_.clear();
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      MoveDraft& d = *drafts[i];
      const std::size_t first = questions_.size();
      for (std::size_t k = 0; k < d.count; ++k) {
        const std::int64_t* move = d.tried.data() + k * books;
        std::size_t look = first;
        while (look < questions_.size() && !std::equal(move, move + entries, questions_[look].chosen)) ++look;
        if (look == questions_.size()) questions_.push_back({i, move});
        d.look[k] = look - first;
      }
    }
  }

  const Seeds& seeds_;
  const Recipe& recipe_;
  FastChoreographer choreographer_;
  std::unique_ptr<FastMover> mover_;
  std::map<std::pair<std::int64_t, std::int64_t>, MoveMemory> begun_;  // by seed and place: jumps must not be late
  // scratch
  std::vector<FastChoreographer::Step> steps_;
  std::vector<FastChoreographer::Question> questions_;
  std::vector<FastMover::Try> tries_;
  std::vector<Nucleus> nuclei_;  // of the questions
};

}  // namespace

std::unique_ptr<MoveNetworks> MoveNetworks::make(Model& model, bool lib_torch) {
  if (!lib_torch && model.painter->device().is_cpu()) {
    if (auto mover = model.mover->fast()) return std::make_unique<FastMoves>(model, std::move(mover));
  }
  return std::make_unique<TorchMoves>(model);
}

}  // namespace ombra::model
