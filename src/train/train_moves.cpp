#include "train/train_moves.hpp"

#include <algorithm>
#include <numeric>

namespace ombra::train {

using torch::Tensor;

namespace {

// Draws passages in proportion to their length.
class PassageDraw {
 public:
  void add(const Passage* passage, double weight) {
    passages_.push_back(passage);
    sum_ += weight;
    until_.push_back(sum_);
  }
  const Passage& draw(Rng& rng) const {
    const auto at = std::upper_bound(until_.begin(), until_.end(), rng.uniform() * sum_) - until_.begin();
    return *passages_[std::min(static_cast<std::size_t>(at), passages_.size() - 1)];
  }
  bool empty() const { return passages_.empty(); }

 private:
  std::vector<const Passage*> passages_;
  std::vector<double> until_;
  double sum_ = 0.0;
};

Tensor smooth_l1(const Tensor& a, const Tensor& b, double beta) {
  return torch::smooth_l1_loss(a, b, at::Reduction::Mean, beta);
}

Tensor differences(const Tensor& x) { return x.narrow(1, 1, x.size(1) - 1) - x.narrow(1, 0, x.size(1) - 1); }

// Codes in beat time [B, T, Z], starting on a beat; shorter passages repeat their last frame.
Tensor draw_windows(const PassageDraw& draw, Rng& rng, std::int64_t batch, std::int64_t frames,
                    std::int64_t frames_per_beat) {
  std::vector<Tensor> windows;
  for (std::int64_t b = 0; b < batch; ++b) {
    const Tensor& w = draw.draw(rng).in_beats;
    const std::int64_t starts = std::max<std::int64_t>(1, (w.size(0) - frames) / frames_per_beat + 1);
    const std::int64_t start = rng.below(static_cast<int>(starts)) * frames_per_beat;
    Tensor cut = w.narrow(0, start, std::min(frames, w.size(0) - start));
    if (cut.size(0) < frames)
      cut = torch::cat({cut, cut.narrow(0, cut.size(0) - 1, 1).expand({frames - cut.size(0), -1})});
    windows.push_back(cut);
  }
  return torch::stack(windows);
}

// A move to start from. Stretches in which the beat is uncertain are drawn less often: they teach where beats are not.
std::int64_t draw_start(const Passage& p, std::int64_t length, std::int64_t moves_per_beat, Rng& rng) {
  constexpr int kDraws = 4;
  constexpr double kMin = 0.25;  // of the weight of a certain one
  std::int64_t start = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    start = rng.below(static_cast<int>(std::max<std::int64_t>(1, p.moves.size(0) - length)));
    double confidence = 0.0, beats = 0.0;
    for (std::int64_t b = start / moves_per_beat; b < (start + length) / moves_per_beat; ++b) {
      if (b >= static_cast<std::int64_t>(p.beat_confidence.size())) break;
      confidence += p.beat_confidence[static_cast<std::size_t>(b)], beats += 1.0;
    }
    if (beats == 0.0 || rng.uniform() < kMin + (1.0 - kMin) * confidence / beats) break;
  }
  return start;
}

// Held-out figures: joint error in cm.
double joint_error_cm(model::Mover& mover, model::Painter& painter, const std::vector<Passage>& passages,
                      bool held_out) {
  double sum = 0.0, count = 0.0;
  for (const Passage& p : passages) {
    if (p.held_out != held_out || !p.in_beats.defined() || p.mirrored) continue;
    const Tensor x = p.in_beats.unsqueeze(0);
    const Tensor y = mover->codes_of(mover->moves_of(x));
    const Tensor apart = (painter->pose_of(y) - painter->pose_of(x))
                             .view({-1, model::kJoints, painter->pose_numbers() / model::kJoints})
                             .norm(2, -1);
    sum += apart.sum().item<double>();
    count += static_cast<double>(apart.numel());
  }
  return count > 0.0 ? 100.0 * sum / count : 0.0;
}

}  // namespace

Job mover_job(const model::Recipe& recipe, model::Mover mover, model::Painter painter,
              std::shared_ptr<std::vector<Passage>> passages) {
  const model::MoverSpec spec = recipe.mover;
  auto draw = std::make_shared<PassageDraw>();
  for (const Passage& p : *passages) {
    if (!p.held_out && p.in_beats.defined()) draw->add(&p, static_cast<double>(p.in_beats.size(0)));
  }
  if (draw->empty())
    throw error("the data set has no clip with beats that is not held out\nhint: `ombra prepare` more footage");
  Job job{.name = "mover", .spec = spec.train, .network = mover.ptr()};
  const auto batch = job.batch = std::make_shared<std::int64_t>(spec.train.batch);
  for (const Passage& p : *passages) {
    if (!p.mirrored && p.in_beats.defined())
      job.validate_items +=
          static_cast<double>(p.in_beats.size(0)) / static_cast<double>(spec.train.window * spec.frames_per_beat);
  }
  job.loss = [=, keep = passages](Rng& rng, std::int64_t) mutable {
    const Tensor x = draw_windows(*draw, rng, *batch, spec.train.window * spec.frames_per_beat, spec.frames_per_beat)
                         .to(mover->parameters()[0].device());
    const auto out = mover->forward(x, rng);
    const Tensor vx = differences(x), vy = differences(out.codes);
    Tensor loss =
        smooth_l1(out.codes, x, 0.3) + spec.velocity_weight * smooth_l1(vy, vx, 0.1) + spec.commit_weight * out.commit;
    if (spec.stop_weight >
        0.0) {  // speed itself, on a log scale: a stop that is blurred costs as much as a missed leap
      const Tensor sx = vx.norm(2, -1), sy = (vy.pow(2).sum(-1) + 1e-6).sqrt();
      loss = loss + spec.stop_weight * smooth_l1((sy + 0.02).log(), (sx + 0.02).log(), 0.3);
    }
    return loss;
  };
  job.validate = [=]() mutable {
    return std::vector<std::pair<std::string, double>>{
        {"joint error cm, training", joint_error_cm(mover, painter, *passages, false)},
        {"joint error cm, held out", joint_error_cm(mover, painter, *passages, true)}};
  };
  return job;
}

namespace {

constexpr std::int64_t kNoTarget = -100;  // an entry that does not count

// x, made `length` rows long with this value
Tensor padded(const Tensor& x, std::int64_t length, std::int64_t value) {
  if (x.size(0) == length) return x;
  auto shape = x.sizes().vec();
  shape[0] = length - x.size(0);
  return torch::cat({x, torch::full(shape, value, x.options())});
}

// The sum over books. context: what the network makes of the moves before; targets: the entries that came, [B, T, Q]
Tensor cross_entropy(model::Choreographer& net, const Tensor& context, const Tensor& targets, double smoothing) {
  Tensor loss = torch::zeros({});
  const Tensor chosen = targets.clamp_min(0);
  for (std::int64_t q = 0; q < targets.size(2); ++q) {
    const Tensor logits = net->logits(context, chosen, q).to(torch::kFloat);
    loss = loss + torch::cross_entropy_loss(logits.flatten(0, 1), targets.select(2, q).flatten(), {},
                                            at::Reduction::Mean, kNoTarget, smoothing);
  }
  return loss;
}

constexpr auto kMoods = static_cast<std::int64_t>(model::FastChoreographer::kMoods);

// [1, styles]: 1 for the passage's own, nothing where it is not known
Tensor style_shares(const Passage& p, const model::ChoreographerSpec& spec) {
  const Tensor shares = torch::zeros({1, static_cast<std::int64_t>(spec.styles.size())});
  const auto found = std::find(spec.styles.begin(), spec.styles.end(), p.style);
  if (found != spec.styles.end()) shares[0][found - spec.styles.begin()] = 1.0;
  return shares;
}

}  // namespace

Job choreographer_job(const model::Recipe& recipe, model::Choreographer net,
                      std::shared_ptr<std::vector<Passage>> passages) {
  const model::ChoreographerSpec spec = recipe.choreographer;
  auto draw = std::make_shared<PassageDraw>();
  auto held = std::make_shared<PassageDraw>();
  for (const Passage& p : *passages) {
    if (p.choreography && p.moves.defined() && p.moves.size(0) > 2)
      (p.held_out ? held : draw)->add(&p, static_cast<double>(p.moves.size(0)));
  }
  if (draw->empty()) throw error("the data set has no clip of three moves or more\nhint: `ombra prepare` more footage");
  const std::int64_t moves_per_beat = recipe.mover.frames_per_beat / recipe.mover.frames_per_move;
  const auto batch = std::make_shared<std::int64_t>(spec.train.batch);
  auto batch_of = [=, keep = passages](const PassageDraw& from, Rng& rng, bool hide) mutable {
    const std::int64_t length = spec.train.window, hidden = net->hidden_entry();
    std::vector<Tensor> inputs, targets, conditions, places, phrases;
    for (std::int64_t b = 0; b < *batch; ++b) {
      const Passage& p = from.draw(rng);
      const std::int64_t total = p.moves.size(0);
      const std::int64_t start = draw_start(p, length, moves_per_beat, rng);
      const std::int64_t have = std::min(length + 1, total - start) - 1;
      const Tensor moves = p.moves.narrow(0, start, have + 1);
      inputs.push_back(padded(moves.narrow(0, 0, have), length, hidden));
      targets.push_back(padded(moves.narrow(0, 1, have), length, kNoTarget));
      const Tensor styles = style_shares(p, spec).expand({have, -1});
      conditions.push_back(padded(torch::cat({p.conditions.narrow(0, start + 1, have), styles}, 1), length, 0));
      const Tensor number = torch::arange(length) + (p.first_beat * moves_per_beat + start + 1);
      places.push_back(number.remainder(spec.places));
      if (spec.phrase > 0) {
        const bool told = rng.uniform() < p.phrase_confidence && !(hide && rng.uniform() < spec.hide_conditions);
        phrases.push_back(told ? number.remainder(spec.phrase) : torch::full({length}, spec.phrase, torch::kLong));
      }
    }
    Tensor x = torch::stack(inputs), c = torch::stack(conditions);
    if (hide) {
      x = x.masked_fill(torch::rand(x.sizes()) < spec.hide_codes, hidden);
      // 0, the mean: not told; styles are told all or none
      const std::int64_t styles = c.size(2) - kMoods;
      const Tensor told = torch::rand({c.size(0), 1, kMoods + 1}) >= spec.hide_conditions;
      c = c * torch::cat({told.narrow(2, 0, kMoods), told.narrow(2, kMoods, 1).expand({-1, -1, styles})}, 2);
    }
    const Tensor context =
        net->forward(x, c, torch::stack(places), phrases.empty() ? Tensor() : torch::stack(phrases), nullptr);
    return cross_entropy(net, context, torch::stack(targets), hide ? spec.label_smoothing : 0.0);
  };
  Job job{.name = "choreographer", .spec = spec.train, .network = net.ptr()};
  job.batch = batch;
  job.validate_items = static_cast<double>(*batch);
  job.loss = [=](Rng& rng, std::int64_t) mutable { return batch_of(*draw, rng, true); };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    Rng rng(1);
    if (!held->empty()) figures.emplace_back("cross entropy, held out", batch_of(*held, rng, false).item<double>());
    return figures;
  };
  return job;
}

}  // namespace ombra::train
