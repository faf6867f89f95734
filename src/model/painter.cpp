#include "model/painter.hpp"

#include "model/stroke_field.hpp"
#include "model/strokes.hpp"

#include <cmath>

namespace ombra::model {

using torch::Tensor;

namespace {
// The code is scaled to the spread of this many unit variances: as many components hold 99.9 % of a dance.
constexpr double kSpread = 24.0;
}  // namespace

PainterImpl::PainterImpl(const PainterSpec& spec, std::int64_t size, const std::string& file)
    : size_(size), code_(spec.code) {
  if (spec.guided && spec.code > kPoseNumbers) {
    throw UsageError(fmt::format("{}: [painter] code: a guided code has at most {} numbers", file, kPoseNumbers));
  }
  encoder_ =
      register_module("encoder", Network(spec.encoder, Shape{1, size, size}, spec.code, file, "[painter] encoder"));
  decoder_ = register_module("decoder", Network(spec.decoder, Shape{spec.code}, spec.code, file, "[painter] decoder"));
  if (encoder_->output() != Shape{spec.code}) {
    throw UsageError(fmt::format("{}: [painter] encoder gives {}, expected the code [{}]", file,
                                 shape_text(encoder_->output()), spec.code));
  }
  if (!draws_strokes() && decoder_->output() != Shape{1, size, size}) {
    throw UsageError(fmt::format("{}: [painter] decoder gives {}, expected a picture [1, {}, {}] or strokes", file,
                                 shape_text(decoder_->output()), size, size));
  }
  const std::int64_t parts = std::min(spec.code, kPoseNumbers);
  mean_ = register_buffer("mean", torch::zeros({kPoseNumbers}));
  basis_ = register_buffer("basis", torch::eye(kPoseNumbers).narrow(1, 0, parts).contiguous());
  scale_ = register_buffer("scale", torch::ones({1}));
}

Tensor PainterImpl::encode(const Tensor& fields) { return encoder_->forward(fields / kMaxDistance).to(torch::kFloat); }

Tensor PainterImpl::encode_closely(const Tensor& fields, int steps) {
  constexpr double kRate = 0.03, kNear = 0.02, kEdge = 2.0 / 96.0;
  const Tensor start = [&] {
    const torch::NoGradGuard no_grad;
    return encode(fields);
  }();
  const torch::AutoGradMode with_gradient(true);
  const Tensor weight = 1.0 + 3.0 * torch::exp(-fields.abs() / kEdge);
  Tensor code = start.clone().set_requires_grad(true), mean = torch::zeros_like(start),
         square = torch::zeros_like(start);
  for (int i = 0; i < steps; ++i) {
    // what the picture does not show (a hand in front of the body) stays where the encoder put it
    const Tensor loss =
        (weight * (decode(code, size_) - fields).abs()).mean({1, 2, 3}).sum() * static_cast<double>(size_) +
        kNear * (code - start).pow(2).sum();
    const Tensor g = torch::autograd::grad({loss}, {code})[0];
    const torch::NoGradGuard no_grad;  // Adam (Kingma and Ba 2015), with a rate that falls to nothing
    mean.mul_(0.8).add_(g, 0.2);
    square.mul_(0.95).addcmul_(g, g, 0.05);
    const double rate = kRate * (1.0 - static_cast<double>(i) / static_cast<double>(steps));
    const Tensor step = mean / (1.0 - std::pow(0.8, i + 1)) / ((square / (1.0 - std::pow(0.95, i + 1))).sqrt() + 1e-6);
    code = (code - rate * step).detach().set_requires_grad(true);
  }
  return code.detach();
}

Tensor PainterImpl::strokes(const Tensor& codes) { return decoder_->forward(codes).to(torch::kFloat); }

Tensor PainterImpl::decode(const Tensor& codes, std::int64_t size) {
  if (draws_strokes()) return stroke_field(strokes(codes), size);
  const Tensor field = decoder_->forward(codes).to(torch::kFloat) * kMaxDistance;
  return size == size_ ? field : torch::upsample_bicubic2d(field, {size, size}, false);
}

Tensor PainterImpl::code_of(const Tensor& pose) const { return (pose - mean_).matmul(basis_) / scale_; }

Tensor PainterImpl::pose_of(const Tensor& code) const { return (code * scale_).matmul(basis_.t()) + mean_; }

void PainterImpl::fit_code(const Tensor& poses) {
  const torch::NoGradGuard no_grad;
  const Tensor x = poses.to(torch::kDouble), mean = x.mean(0), centred = x - mean;
  auto [variance, vectors] =
      torch::linalg_eigh(centred.t().matmul(centred) / static_cast<double>(x.size(0)));  // ascending
  const std::int64_t parts = basis_.size(1);
  mean_.copy_(mean);
  basis_.copy_(vectors.flip(1).narrow(1, 0, parts));
  scale_.copy_((variance.sum() / kSpread).sqrt().view({1}));
}

}  // namespace ombra::model
