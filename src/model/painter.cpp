#include "model/painter.hpp"

#include "model/stroke_field.hpp"
#include "model/strokes.hpp"

namespace ombra::model {

using torch::Tensor;

namespace {
// The code is scaled to the spread of this many unit variances: as many components hold 99.9 % of a dance.
constexpr double kSpread = 24.0;
}  // namespace

PainterImpl::PainterImpl(const PainterSpec& spec, std::int64_t size, const std::string& file) : size_(size), code_(spec.code) {
  if (spec.guided && spec.code > kPoseNumbers) {
    throw UsageError(fmt::format("{}: [painter] code: a guided code has at most {} numbers", file, kPoseNumbers));
  }
  encoder_ = register_module("encoder", Network(spec.encoder, Shape{1, size, size}, spec.code, file, "[painter] encoder"));
  decoder_ = register_module("decoder", Network(spec.decoder, Shape{spec.code}, spec.code, file, "[painter] decoder"));
  if (encoder_->output() != Shape{spec.code}) {
    throw UsageError(fmt::format("{}: [painter] encoder gives {}, expected the code [{}]", file, shape_text(encoder_->output()), spec.code));
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
  auto [variance, vectors] = torch::linalg_eigh(centred.t().matmul(centred) / static_cast<double>(x.size(0)));  // ascending
  const std::int64_t parts = basis_.size(1);
  mean_.copy_(mean);
  basis_.copy_(vectors.flip(1).narrow(1, 0, parts));
  scale_.copy_((variance.sum() / kSpread).sqrt().view({1}));
}

}  // namespace ombra::model
