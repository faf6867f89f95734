#include "model/dancers/move_networks.hpp"

#include "core/arithmetic.hpp"
#include "model/inference/sampling.hpp"

#include <map>

namespace ombra::model {

double coolness_of(const Recipe& recipe, std::size_t book) {
  const std::vector<double>& coolness = recipe.choreographer.coolness;
  return book < coolness.size() ? coolness[book] : 1.0;
}

std::vector<std::int64_t> history_of(std::span<const std::int64_t> phrase, std::size_t books) {
  const std::size_t m = phrase.size() / books, wanted = static_cast<std::size_t>(MoveNetworks::kHistory);
  std::vector<std::int64_t> history;
  for (std::size_t i = 0; i < wanted; ++i) {  // counted back from the phrase's end
    const auto move = phrase.subspan((m - 1 - (wanted - 1 - i) % m) * books, books);
    history.insert(history.end(), move.begin(), move.end());
  }
  return history;
}

namespace {

class FastMoves final : public MoveNetworks {
 public:
  FastMoves(const DancerFile& file, const ChoreographerPlan& choreographer, std::unique_ptr<FastMover> mover)
      : seeds_(file.seeds), recipe_(file.recipe), choreographer_(choreographer), mover_(std::move(mover)) {}

  void begin(MoveMemory& memory, int seed, std::int64_t place) override {
    const std::int64_t places = recipe_.choreographer.places;
    const auto [known, fresh] = begun_.try_emplace({seed, floor_mod(place, places)});
    if (fresh) hear(known->second, seeds_.moves_of(seed), floor_mod(place, places));
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
  // What the networks keep after a phrase [M][Q].
  void hear(MoveMemory& memory, std::span<const std::int64_t> phrase, std::int64_t place) {
    const auto books = static_cast<std::size_t>(recipe_.mover.books);
    const std::vector<std::int64_t> history = history_of(phrase, books);
    const auto m = static_cast<std::int64_t>(phrase.size() / books);
    memory.choreographer = {};
    for (std::int64_t i = 0; i + 1 < m; ++i) {
      const FastChoreographer::Step step{&memory.choreographer,
                                         phrase.data() + static_cast<std::size_t>(i) * books,
                                         {},
                                         floor_mod(place - m + 1 + i, recipe_.choreographer.places),
                                         -1};
      choreographer_.forward({&step, 1});
    }
    memory.last.assign(phrase.end() - static_cast<std::ptrdiff_t>(books), phrase.end());
    memory.mover = mover_->begin();
    for (std::size_t i = 0; i < history.size(); i += books) {
      const FastMover::Try only{&memory.mover, history.data() + i};
      mover_->rehearse({&only, 1});
      mover_->take(0);
    }
  }

  // Entry q of all draws: those that are alike so far are foretold alike.
  void draw(std::span<MoveDraft* const> drafts, std::size_t q) {
    const std::size_t books = static_cast<std::size_t>(recipe_.mover.books);
    find_looks(drafts, q);
    const std::span<const float> logits = choreographer_.logits(q, questions_);
    const double cool = coolness_of(recipe_, q);
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

  const SeedPhrases& seeds_;
  const Recipe& recipe_;
  FastChoreographer choreographer_;
  std::unique_ptr<FastMover> mover_;
  std::map<std::pair<int, std::int64_t>, MoveMemory> begun_;  // by seed and place: jumps must not be late
  // scratch
  std::vector<FastChoreographer::Step> steps_;
  std::vector<FastChoreographer::Question> questions_;
  std::vector<FastMover::Try> tries_;
  std::vector<Nucleus> nuclei_;  // of the questions
};

}  // namespace

std::unique_ptr<MoveNetworks> MoveNetworks::make(const DancerFile& file, const ChoreographerPlan& choreographer,
                                                 std::unique_ptr<FastMover> mover) {
  return std::make_unique<FastMoves>(file, choreographer, std::move(mover));
}

std::unique_ptr<MoveNetworks> MoveNetworks::make(const DancerFile& file) {
  const Recipe& recipe = file.recipe;
  const MoverSpec& spec = recipe.mover;
  const NetworkLayout decoder =
      read_layers(spec.decoder, Shape{-1, spec.width}, recipe.painter.code, recipe.file, "[mover] decoder");
  const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  const WeightSource weights = weights_in(*file.weights, "mover.");
  auto mover = FastMover::make(plans_of(decoder, "decoder.", weights),
                               weights("book", {spec.books, spec.entries, spec.width}), size(spec.books),
                               size(spec.entries), size(spec.frames_per_move));
  if (!mover || mover->code() != size(recipe.painter.code)) return nullptr;
  const WeightSource of_choreographer = weights_in(*file.weights, "choreographer.");
  return make(file, choreographer_plan(recipe.choreographer, spec.books, spec.entries, of_choreographer),
              std::move(mover));
}

}  // namespace ombra::model
