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
      d->samples.assign(d->count * books, 0);
      d->candidate.assign(d->count, 0);
    }
    choreographer_.forward(steps_);
    for (std::size_t q = 0; q < books; ++q) draw(drafts, q);
    find_candidates(drafts, books);  // of whole moves
    candidates_.clear();
    for (std::size_t i = 0, at = 0; i < drafts.size(); ++i) {
      drafts[i]->first_candidate = at;
      for (; at < queries_.size() && queries_[at].step == i; ++at)
        candidates_.push_back({&drafts[i]->memory->mover, queries_[at].chosen});
    }
    mover_->rehearse(candidates_);
    const std::size_t size = FastMover::kMoves * mover_->ticks_per_move() * mover_->code();
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const std::size_t end = i + 1 < drafts.size() ? drafts[i + 1]->first_candidate : candidates_.size();
      drafts[i]->codes.resize((end - drafts[i]->first_candidate) * size);
      for (std::size_t t = drafts[i]->first_candidate; t < end; ++t)
        mover_->play(t, std::span(drafts[i]->codes).subspan((t - drafts[i]->first_candidate) * size, size));
    }
  }

  void take(MoveDraft& draft, std::size_t k) override {
    mover_->take(draft.first_candidate + draft.candidate[k]);
    const auto books = static_cast<std::ptrdiff_t>(recipe_.mover.books), at = static_cast<std::ptrdiff_t>(k) * books;
    draft.memory->last.assign(draft.samples.begin() + at, draft.samples.begin() + at + books);
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
      const FastMover::Candidate only{&memory.mover, history.data() + i};
      mover_->rehearse({&only, 1});
      mover_->take(0);
    }
  }

  // Entry q of all samples: those that are alike so far have the same logits.
  void draw(std::span<MoveDraft* const> drafts, std::size_t q) {
    const std::size_t books = static_cast<std::size_t>(recipe_.mover.books);
    find_candidates(drafts, q);
    const std::span<const float> logits = choreographer_.logits(q, queries_);
    const double cool = coolness_of(recipe_, q);
    nuclei_.resize(std::max(nuclei_.size(), queries_.size()));
    for (std::size_t i = 0; i < queries_.size(); ++i) {
      const MoveDraft& d = *drafts[queries_[i].step];
      nuclei_[i].set(logits.subspan(i * choreographer_.entries(), choreographer_.entries()), d.temperature * cool,
                     d.top_p);
    }
    for (std::size_t i = 0, first = 0; i < drafts.size(); ++i) {
      MoveDraft& d = *drafts[i];
      for (std::size_t k = 0; k < d.count; ++k) d.samples[k * books + q] = nuclei_[first + d.candidate[k]].draw(*d.rng);
      while (first < queries_.size() && queries_[first].step == i) ++first;
    }
  }

  // Of each dancer's samples the ones whose first `entries` entries differ become queries, side by side.
  void find_candidates(std::span<MoveDraft* const> drafts, std::size_t entries) {
    const auto books = static_cast<std::size_t>(recipe_.mover.books);
    queries_.clear();
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      MoveDraft& d = *drafts[i];
      const std::size_t first = queries_.size();
      for (std::size_t k = 0; k < d.count; ++k) {
        const std::int64_t* move = d.samples.data() + k * books;
        std::size_t candidate = first;
        while (candidate < queries_.size() && !std::equal(move, move + entries, queries_[candidate].chosen))
          ++candidate;
        if (candidate == queries_.size()) queries_.push_back({i, move});
        d.candidate[k] = candidate - first;
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
  std::vector<FastChoreographer::Query> queries_;
  std::vector<FastMover::Candidate> candidates_;
  std::vector<Nucleus> nuclei_;  // of the queries
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
  auto mover =
      FastMover::make(plans_of(decoder, "decoder.", weights), weights("book", {spec.books, spec.entries, spec.width}),
                      size(spec.books), size(spec.entries), size(spec.frames_per_move));
  if (!mover || mover->code() != size(recipe.painter.code)) return nullptr;
  const WeightSource of_choreographer = weights_in(*file.weights, "choreographer.");
  return make(file, choreographer_plan(recipe.choreographer, spec.books, spec.entries, of_choreographer),
              std::move(mover));
}

}  // namespace ombra::model
