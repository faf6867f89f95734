#include "model/layers/painter.hpp"

#include "model/figure/distance.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/body_tensors.hpp"
#include "model/layers/stroke_field.hpp"
#include "model/layers/tensors.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {

using torch::Tensor;

namespace {
// The code is scaled to the spread of this many unit variances: as many components hold 99.9 % of a dance.
constexpr double kSpread = 24.0;
constexpr double kEdge = 2.0 / 96.0;  // where the outline counts most, picture heights
constexpr std::int64_t kGlance = 48;  // samples a side of what a guess is held against ...
constexpr double kApart = 150.0;      // ... and what it costs to be a sample of those off
}  // namespace

PainterImpl::PainterImpl(const Recipe& recipe)
    : frames_(recipe.frames), code_(recipe.painter.code), guesses_(recipe.painter.guesses) {
  const PainterSpec& spec = recipe.painter;
  encoder_ = register_module("encoder", Network(painter_encoder(recipe), recipe.keras));
  decoder_ = register_module("decoder", Network(painter_decoder(recipe), recipe.keras));
  const std::int64_t numbers = spec.people > 0 ? kSpaceNumbers : kPoseNumbers;
  const std::int64_t parts =
      spec.people > 0 ? spec.code - static_cast<std::int64_t>(kCarriage) : std::min(spec.code, kPoseNumbers);
  mean_ = register_buffer("mean", torch::zeros({numbers}));
  basis_ = register_buffer("basis", torch::eye(numbers).narrow(1, 0, parts).contiguous());
  if (spec.people > 0) {
    carriage_ = register_buffer("carriage", torch::ones({static_cast<std::int64_t>(kCarriage) + 1}));
    person_ = register_buffer("person", torch::zeros({spec.people}));
  }
  scale_ = register_buffer("scale", torch::ones({1}));
  span_ = torch::ones({1});
  if (!draws_strokes()) register_buffer("span", span_);
}

Guesses PainterImpl::raw_guesses(const Tensor& pictures) {
  const bool distances = frames_.picture == PictureKind::kDistance;
  const Tensor said = encoder_->forward(distances ? pictures / kMaxDistance : pictures).to(torch::kFloat);
  if (guesses_ == 1) return {said.unsqueeze(1), torch::zeros({said.size(0), 1}, said.device())};
  const Tensor codes = said.narrow(1, 0, guesses_ * code_).view({-1, guesses_, code_});
  return {codes, -torch::log_softmax(said.narrow(1, guesses_ * code_, guesses_), 1)};
}

Guesses PainterImpl::guesses(const Tensor& pictures) {
  Guesses all = raw_guesses(pictures);
  if (guesses_ == 1) return all;
  const torch::NoGradGuard no_grad;
  const Tensor seen = torch::upsample_bilinear2d(pictures, {kGlance, kGlance}, false);
  const Tensor drawn = decode(all.codes.flatten(0, 1), kGlance).view({-1, guesses_, kGlance * kGlance});
  const Tensor apart = (drawn - seen.view({-1, 1, kGlance * kGlance})).abs() *
                       torch::exp(-seen.abs() / kEdge).view({-1, 1, kGlance * kGlance});
  all.costs = all.costs + kApart * static_cast<double>(kGlance) * apart.mean(2);
  return all;
}

Tensor PainterImpl::encode(const Tensor& pictures) { return likeliest(guesses(pictures)); }

Tensor PainterImpl::encode_in_time(const Tensor& pictures, double fps) {
  return likeliest_in_time(guesses(pictures), fps);
}

Tensor PainterImpl::encode_closely(const Tensor& fields, int steps) {
  const Tensor start = [&] {
    const torch::NoGradGuard no_grad;
    return encode(fields);
  }();
  // what the picture does not show (a hand in front of the body) stays where the encoder put it
  return improved(start, fields, {.steps = steps, .rate = 0.03, .near = 0.02});
}

// Adam (Kingma and Ba 2015).
Tensor PainterImpl::improved(const Tensor& codes, const Tensor& fields, const Descent& descent) {
  const torch::AutoGradMode with_gradient(true);
  const Tensor weight = 1.0 + 3.0 * torch::exp(-fields.abs() / kEdge);
  Tensor code = codes.clone().set_requires_grad(true), mean = torch::zeros_like(codes),
         square = torch::zeros_like(codes);
  for (int i = 0; i < descent.steps; ++i) {
    const Tensor apart = (weight * (decode(code, fields.size(2)) - fields).abs()).mean({1, 2, 3});
    const Tensor loss = apart.sum() * static_cast<double>(fields.size(2)) + descent.near * (code - codes).pow(2).sum();
    const Tensor g = torch::autograd::grad({loss}, {code})[0];
    const torch::NoGradGuard no_grad;
    mean.mul_(0.8).add_(g, 0.2);
    square.mul_(0.95).addcmul_(g, g, 0.05);
    const double rate = descent.rate * (1.0 - static_cast<double>(i) / static_cast<double>(descent.steps));
    const Tensor step = mean / (1.0 - std::pow(0.8, i + 1)) / ((square / (1.0 - std::pow(0.95, i + 1))).sqrt() + 1e-6);
    code = (code - rate * step).detach().set_requires_grad(true);
  }
  return code.detach();
}

PlanOrReason PainterImpl::decoder_plan() const {
  return painter_plan(frames_.picture, decoder_->layout(), decoder_->plan(), span());
}

Tensor PainterImpl::strokes(const Tensor& codes) {
  if (in_space()) return people_strokes(bodies_of(codes), person_.expand({codes.size(0), person_.size(0)}));
  return decoder_->forward(codes).to(torch::kFloat);
}

Tensor PainterImpl::people_strokes(const Tensor& bodies, const Tensor& persons) {
  return decoder_->forward(torch::cat({bodies, persons}, 1)).to(torch::kFloat);
}

Tensor PainterImpl::bodies_of(const Tensor& codes) const { return body_numbers(codes, pose_code(), foot_pitch_); }

Tensor PainterImpl::decode_pictures(const Tensor& codes) {
  if (draws_strokes()) return stroke_field(strokes(codes), frames_.height);
  const Tensor picture = decoder_->forward(codes).to(torch::kFloat);
  return frames_.picture == PictureKind::kDistance ? picture * kMaxDistance : picture;
}

Tensor PainterImpl::decode(const Tensor& codes, std::int64_t size) {
  if (draws_strokes()) return stroke_field(strokes(codes), size);
  return fields_of(decode_pictures(codes), size);
}

Tensor PainterImpl::decode_given(const Tensor& given, std::int64_t size) {
  if (!in_space()) return decode(given, size);
  return stroke_field(decoder_->forward(given).to(torch::kFloat), size);
}

Tensor PainterImpl::fields_of(const Tensor& pictures, std::int64_t size) const {
  const std::int64_t height = pictures.size(2), width = pictures.size(3),
                     side = std::llround(span() * static_cast<double>(height));
  // the middle of the picture, standing on the lower edge of the square
  const std::int64_t across = std::min(side, width), up = std::min(side, height);
  const Tensor middle = pictures.narrow(3, (width - across) / 2, across).narrow(2, height - up, up).to(torch::kFloat);
  const std::int64_t left = (side - across) / 2;
  const std::vector<std::int64_t> edges = {left, side - across - left, side - up, 0};
  Tensor field;
  if (frames_.picture == PictureKind::kDistance) {
    field = torch::constant_pad_nd(middle / span(), edges, kMaxDistance);
  } else {
    const Tensor ink =
        torch::constant_pad_nd(1.0 - middle.mean(1, true).clamp(0.0, 1.0), edges, 0.0).cpu().contiguous();
    field = torch::empty_like(ink);
    const auto pixels = static_cast<std::size_t>(side * side);
    for (std::int64_t b = 0; b < ink.size(0); ++b) {
      const auto offset = static_cast<std::size_t>(b) * pixels;
      signed_distance({ink.data_ptr<float>() + offset, pixels}, static_cast<int>(side), static_cast<int>(side),
                      {field.data_ptr<float>() + offset, pixels});
    }
    field = field / static_cast<double>(side);
  }
  if (size != side) field = torch::upsample_bicubic2d(field, {size, size}, false);
  return field.clamp(-kMaxDistance, kMaxDistance);
}

void PainterImpl::widen_span(const Tensor& pictures) {
  const torch::NoGradGuard no_grad;
  const double height = static_cast<double>(frames_.height), width = static_cast<double>(frames_.width);
  const Tensor figure = frames_.picture == PictureKind::kDistance ? pictures < 0.0 : pictures.mean(1, true) < 0.5;
  const Tensor used = figure.any(2).any(1).to(torch::kDouble).mean(0);  // [width]: share of pictures, by column
  constexpr double kSeldom = 2e-3;
  double reach = 0.0;  // from the middle, pixels
  for (std::int64_t x = 0; x < used.size(0); ++x) {
    if (used[x].item<double>() > kSeldom) reach = std::max(reach, std::abs(static_cast<double>(x) + 0.5 - width / 2));
  }
  span_.fill_(std::clamp(2.0 * (reach + 1.0) / height, std::max(1.0, span()), std::max(1.0, width / height)));
}

Tensor PainterImpl::code_of(const Tensor& pose) const {
  if (in_space()) return codes_in_space(pose, pose_code());
  return (pose - mean_).matmul(basis_) / scale_;
}

Tensor PainterImpl::pose_of(const Tensor& code) const {
  if (in_space()) return poses_in_space(code, pose_code());
  return (code * scale_).matmul(basis_.t()) + mean_;
}

PoseCode PainterImpl::pose_code() const {
  PoseCode code{numbers_of(mean_), numbers_of(basis_), numbers_of(scale_)[0]};
  if (!in_space()) return code;
  const std::vector<float> carriage = numbers_of(carriage_);
  std::copy_n(carriage.begin(), kCarriage, code.middle.begin());
  code.reach = carriage.back();
  return code;
}

// poses [N, 60] -> the same relative to hip and heading; sets carriage.
Tensor PainterImpl::fit_carriage(const Tensor& poses) {
  const Tensor own = torch::empty_like(poses);
  std::array<double, kCarriage> sums{};
  double square = 0.0;
  const auto n = static_cast<double>(poses.size(0));
  for (std::int64_t i = 0; i < poses.size(0); ++i) {
    const Pose3 pose = pose_in(poses, i);
    const float heading = heading_of(pose);
    const Joint3 hip = pose[kHip];
    const double carriage[] = {std::cos(heading), std::sin(heading), hip.x, hip.y, hip.z};
    for (std::size_t k = 0; k < kCarriage; ++k) sums[k] += carriage[k] / n;
    auto* to = reinterpret_cast<Joint3*>(own.data_ptr<float>() + i * kSpaceNumbers);
    for (const Joint3& joint : pose) {
      *to = turned({joint.x - hip.x, joint.y - hip.y, joint.z - hip.z}, -heading);
      square += static_cast<double>(to->x * to->x + to->z * to->z) / n;
      ++to;
    }
  }
  for (std::size_t k = 0; k < kCarriage; ++k) carriage_[static_cast<std::int64_t>(k)] = sums[k];
  carriage_[static_cast<std::int64_t>(kCarriage)] = std::sqrt(square);
  return own;
}

void PainterImpl::fit_code(const Tensor& poses) {
  const torch::NoGradGuard no_grad;
  const Tensor x = in_space() ? fit_carriage(poses).to(torch::kDouble) : poses.to(torch::kDouble);
  const Tensor mean = x.mean(0), centred = x - mean;
  auto [variance, vectors] =
      torch::linalg_eigh(centred.t().matmul(centred) / static_cast<double>(x.size(0)));  // ascending
  const std::int64_t parts = basis_.size(1);
  mean_.copy_(mean);
  basis_.copy_(vectors.flip(1).narrow(1, 0, parts));
  scale_.copy_((variance.sum() / kSpread).sqrt().view({1}));
}

}  // namespace ombra::model
