#include "train/troupe/person_from_footage.hpp"

#include "core/error.hpp"
#include "core/frames.hpp"
#include "core/progress.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/body_tensors.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/troupe/outlines.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/person_space.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kBatch = 24;                 // frames of a step
constexpr std::int64_t kSample = 24, kNearest = 4;  // frames and people where the nearest is looked for
constexpr double kSampleRounds = 10, kRounds = 36;  // over all frames
constexpr double kSeenRounds = 24;                  // of poses alone
constexpr double kOwnSteps = 240;                   // of the person's own axis
constexpr double kPersonRate = 0.1, kPersonRateBeside = 0.02, kPoseRate = 0.04, kScaleRate = 0.004;
// what is not shown stays: a person as the cast is, a pose where the encoder put it, a picture as large as it should be
constexpr double kUsualPerson = 0.001, kUsualPose = 0.03, kUsualScale = 0.02, kScaleSpread = 0.04;
constexpr double kBelieved = 0.6, kBehind = 0.12;  // overlap of a frame that counts: at least, and behind the median
constexpr std::int64_t kFewest = 12;               // such frames

// A step's share of a descent's rate: falls to nothing by a cosine.
double falling(double done) { return 0.02 + 0.49 * (1.0 + std::cos(std::numbers::pi * std::min(1.0, done))); }

void adam_step(torch::optim::Adam& adam, double rate) {
  adam.param_groups()[0].options().set_lr(rate);
  adam.step();
}

torch::optim::Adam adam_of(const Tensor& what) {
  return torch::optim::Adam(std::vector<Tensor>{what}, torch::optim::AdamOptions(1e-3).betas({0.8, 0.95}));
}

// Frames, the poses that are read into them, the person, and how large it all is.
class Sitting {
 public:
  Sitting(model::Model& m, const PersonSpace& space, Tensor fields, Tensor codes, const FootageFit& how)
      : m_(m), space_(space), fields_(std::move(fields)), codes_(std::move(codes)), how_(how) {
    off_ = torch::zeros_like(codes_);
    log_scale_ = torch::zeros({1});
  }

  void begin_as(const Tensor& vector) { place_ = space_.place_of(vector); }
  // Rounds over all frames; the person stays as it is, or is learned, or its own axis is. -> false where it was stopped
  enum class Who { kStays, kLearned, kOwnAxis };
  bool descend(double rounds, Who who, Progress* progress = nullptr);
  // [N]
  Tensor overlap() const;
  double loss() const;
  Tensor vector() const { return vector_at(place_); }
  double scale() const { return std::exp(log_scale_.item<double>()); }
  std::int64_t frames() const { return fields_.size(0); }
  // rounds over all frames that are so many steps
  double rounds_of(double steps) const { return steps / static_cast<double>(groups()); }
  // Only these frames are left, [K]
  void keep(const Tensor& which) {
    fields_ = fields_.index_select(0, which), codes_ = codes_.index_select(0, which);
    off_ = off_.index_select(0, which);
  }

 private:
  Tensor vector_at(const Tensor& place) const {
    const Tensor vector = space_.vector_of(place);
    return how_.own_axis ? on_own_axis(vector) : vector;
  }
  std::int64_t groups() const { return (frames() + kBatch - 1) / kBatch; }
  Tensor drawn(const Tensor& codes, const Tensor& vector, const Tensor& log_scale) const;
  double limit() const { return how_.limit > 0.0 ? how_.limit : static_cast<double>(model::kMaxDistance); }

  model::Model& m_;
  const PersonSpace& space_;
  Tensor fields_, codes_, off_;  // [N, 1, S, S], [N, Z], [N, Z]
  Tensor place_, log_scale_;     // [R], [1]
  const FootageFit& how_;
};

// Larger or smaller about a point of the floor, as the footage's framing makes it.
Tensor Sitting::drawn(const Tensor& codes, const Tensor& vector, const Tensor& log_scale) const {
  constexpr double kFloor = kFloorMetres / kPictureMetres;
  const auto device = m_.painter->device();
  const Tensor bodies =
      model::body_numbers(codes.to(device), m_.painter->pose_code(), static_cast<float>(m_.people.foot_pitch));
  const Tensor persons = vector.to(device).unsqueeze(0).expand({codes.size(0), vector.size(0)});
  const Tensor scale = log_scale.exp().to(device),
               floor = torch::tensor({0.0, kFloor, 0.0, 0.0, kFloor, 0.0}).to(bodies);
  const Tensor strokes = m_.painter->people_strokes(bodies, persons) * scale + floor * (1.0 - scale);
  return model::stroke_field(strokes, fields_.size(2));
}

bool Sitting::descend(double rounds, Who who, Progress* progress) {
  const torch::AutoGradMode with_gradient(true);
  const std::int64_t n = groups(), steps = std::max<std::int64_t>(1, std::llround(rounds * how_.share)) * n;
  std::vector<Tensor> frames, off;
  std::vector<torch::optim::Adam> poses;
  for (std::int64_t g = 0; g < n; ++g) {  // each over all of the footage
    frames.push_back(torch::arange(g, this->frames(), n));
    off.push_back(off_.index_select(0, frames.back()).set_requires_grad(true));
    poses.push_back(adam_of(off.back()));
  }
  Tensor place = place_.clone().set_requires_grad(who != Who::kStays),
         log_scale = log_scale_.clone().set_requires_grad(true);
  torch::optim::Adam persons = adam_of(place), scales = adam_of(log_scale);
  std::optional<OwnAxis> axis;
  if (who == Who::kOwnAxis) axis.emplace(m_);
  bool whole = true;
  for (std::int64_t step = 0; step < steps && whole; ++step) {
    const auto g = static_cast<std::size_t>(step % n);
    const Tensor seen = fields_.index_select(0, frames[g]).to(m_.painter->device());
    const Tensor far =
        outline_loss(drawn(codes_.index_select(0, frames[g]) + off[g], vector_at(place), log_scale), seen, limit());
    const Tensor loss =
        far.mean() + kUsualPose * off[g].pow(2).sum(1).mean().to(far.device()) +
        (kUsualPerson * place.pow(2).sum() + kUsualScale * (log_scale / kScaleSpread).pow(2).sum()).to(far.device());
    for (torch::optim::Adam* adam : {&poses[g], &persons, &scales}) adam->zero_grad();
    if (axis) axis->zero_grad();
    loss.backward();
    const double rate = falling(static_cast<double>(step) / static_cast<double>(steps));
    adam_step(poses[g], kPoseRate * rate), adam_step(scales, kScaleRate * rate);
    if (who != Who::kStays) adam_step(persons, (axis ? kPersonRateBeside : kPersonRate) * rate);
    if (axis) axis->step(rate);
    if (progress) progress->add(frames[g].size(0));
    whole = !(how_.stop && how_.stop());
  }
  for (std::size_t g = 0; g < off.size(); ++g) off_.index_copy_(0, frames[g], off[g].detach());
  place_ = place.detach(), log_scale_ = log_scale.detach();
  return whole;
}

Tensor Sitting::overlap() const {
  const torch::NoGradGuard no_grad;
  return overlaps(drawn(codes_ + off_, vector(), log_scale_), fields_.to(m_.painter->device())).cpu();
}

double Sitting::loss() const {
  const torch::NoGradGuard no_grad;
  const Tensor seen = fields_.to(m_.painter->device());
  return outline_loss(drawn(codes_ + off_, vector(), log_scale_), seen, limit()).mean().item<double>();
}

Tensor read_poses(model::Model& m, const Tensor& fields) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> codes;
  for (std::int64_t i = 0; i < fields.size(0); i += kBatch) {
    const Tensor part = fields.narrow(0, i, std::min(kBatch, fields.size(0) - i));
    codes.push_back(m.painter->encode(part.to(m.painter->device())).cpu());
  }
  return torch::cat(codes);
}

// Whoever of the cast draws a few of the frames best: a first look at all, then the poses are fitted to a few of them.
std::int64_t nearest_of(model::Model& m, const PersonSpace& space, const Tensor& fields, const Tensor& codes,
                        const FootageFit& how) {
  const std::int64_t n = fields.size(0), cast = m.people.vectors.size(0);
  const Tensor some = torch::linspace(0, static_cast<double>(n - 1), std::min(n, kSample)).round().to(torch::kLong);
  const auto sitting = [&](std::int64_t who) {
    Sitting s(m, space, fields.index_select(0, some), codes.index_select(0, some), how);
    s.begin_as(m.people.vectors[who]);
    return s;
  };
  std::vector<std::pair<double, std::int64_t>> far;
  for (std::int64_t who = 0; who < cast; ++who) far.emplace_back(sitting(who).loss(), who);
  std::ranges::sort(far);
  far.resize(static_cast<std::size_t>(std::min(cast, kNearest)));
  for (auto& [loss, who] : far) {
    Sitting s = sitting(who);
    if (!s.descend(kSampleRounds, Sitting::Who::kStays)) break;
    loss = s.loss();
  }
  return std::ranges::min_element(far)->second;
}

// Frames whose figure is drawn well enough to learn from: no two dancers, no half of one, no background. [K]
Tensor believed(const Tensor& overlap) {
  const double least = std::max(kBelieved, overlap.median().item<double>() - kBehind);
  return torch::nonzero(overlap >= least).flatten();
}

}  // namespace

FootagePerson person_from_footage(model::Model& m, const Tensor& fields, const FootageFit& how, const Tensor& known) {
  const PersonSpace space(m.people.vectors);
  const Tensor codes = known.defined() ? known : read_poses(m, fields);
  const std::int64_t nearest = nearest_of(m, space, fields, codes, how);
  Sitting sitting(m, space, fields, codes, how);
  sitting.begin_as(m.people.vectors[nearest]);
  const double rounds = kRounds + (how.own_axis ? sitting.rounds_of(kOwnSteps) : 0.0);
  Progress progress("person", static_cast<std::int64_t>(rounds * how.share) * fields.size(0));
  const bool whole = sitting.descend(kRounds / 3, Sitting::Who::kLearned, &progress);
  const Tensor good = believed(sitting.overlap());
  if (whole && good.size(0) < kFewest) {
    throw error(
        "a dancer is recognised in {} of {} frames: too few to learn a person from\nhint: look at the contact "
        "sheet: one whole figure, feet and head, black on white",
        good.size(0), fields.size(0));
  }
  if (whole) {
    sitting.keep(good);
    if (sitting.descend(kRounds * 2 / 3, Sitting::Who::kLearned, &progress) && how.own_axis)
      sitting.descend(sitting.rounds_of(kOwnSteps), Sitting::Who::kOwnAxis, &progress);
  }
  return {sitting.vector(),
          m.people.names[static_cast<std::size_t>(nearest)],
          sitting.scale(),
          sitting.frames(),
          fields.size(0) - sitting.frames(),
          sitting.overlap().mean().item<double>()};
}

double overlap_as(model::Model& m, const Tensor& vector, const Tensor& fields, FootageFit how) {
  how.own_axis = false;  // it is what the vector says
  const PersonSpace space(torch::cat({m.people.vectors, vector.unsqueeze(0)}));
  Sitting sitting(m, space, fields, read_poses(m, fields), how);
  sitting.begin_as(vector);
  sitting.descend(kSeenRounds, Sitting::Who::kStays);
  return sitting.overlap().mean().item<double>();
}

}  // namespace ombra::train
