#include "model/layers/stroke_field.hpp"

#include "model/figure/strokes.hpp"

namespace ombra::model {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

std::span<const Stroke> strokes_of(const Tensor& strokes, std::int64_t sample) {
  const auto count = static_cast<std::size_t>(strokes.size(1));
  return {reinterpret_cast<const Stroke*>(strokes.data_ptr<float>()) + static_cast<std::size_t>(sample) * count, count};
}

// B pictures, K strokes, S size
class StrokeField : public torch::autograd::Function<StrokeField> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& given, std::int64_t size) {
    const Tensor strokes = given.contiguous();
    const Tensor field = torch::empty({strokes.size(0), 1, size, size}, strokes.options());
    const auto pixels = static_cast<std::size_t>(size * size);
    at::parallel_for(0, strokes.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) {
        draw_strokes(strokes_of(strokes, b), static_cast<int>(size),
                     {field.data_ptr<float>() + static_cast<std::size_t>(b) * pixels, pixels});
      }
    });
    context->save_for_backward({strokes});
    context->saved_data["size"] = size;
    return field;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const Tensor strokes = context->get_saved_variables()[0];
    const Tensor weight = gradients[0].to(torch::kFloat).contiguous();
    const std::int64_t size = context->saved_data["size"].toInt();
    const Tensor result = torch::zeros_like(strokes);
    const auto pixels = static_cast<std::size_t>(size * size);
    const auto count = static_cast<std::size_t>(strokes.size(1));
    at::parallel_for(0, strokes.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t b = begin; b < end; ++b) {
        draw_strokes_backward(
            strokes_of(strokes, b), static_cast<int>(size),
            {weight.data_ptr<float>() + static_cast<std::size_t>(b) * pixels, pixels},
            {reinterpret_cast<Stroke*>(result.data_ptr<float>()) + static_cast<std::size_t>(b) * count, count});
      }
    });
    return {result, Tensor()};
  }
};

}  // namespace

Tensor stroke_field(const Tensor& strokes, std::int64_t size) {
  if (!strokes.device().is_cpu()) return stroke_field_by_tensors(strokes, size);
  return StrokeField::apply(strokes.to(torch::kFloat), size);
}

Tensor stroke_field_by_tensors(const Tensor& strokes, std::int64_t size) {
  const auto number = [&](std::int64_t i) { return strokes.select(2, i).unsqueeze(2); };  // [B, K, 1]
  const Tensor at = (torch::arange(size, strokes.options()) + 0.5) / static_cast<double>(size);
  const Tensor px = (at - 0.5).repeat({size}).view({1, 1, -1});  // column runs fastest
  const Tensor py = (1.0 - at).repeat_interleave(size).view({1, 1, -1});
  const Tensor ux = number(3) - number(0), uy = number(4) - number(1);
  const Tensor qx = px - number(0), qy = py - number(1);  // [B, K, S * S]
  const Tensor t = ((qx * ux + qy * uy) / (ux * ux + uy * uy).clamp_min(1e-12)).clamp(0.0, 1.0);
  const Tensor away = ((qx - t * ux).pow(2) + (qy - t * uy).pow(2)).clamp_min(1e-16).sqrt();
  const Tensor d = away - (number(2) + t * (number(5) - number(2)));
  const Tensor joined = -kBlend * torch::logsumexp(-d / kBlend, 1);
  return joined.clamp(-kMaxDistance, kMaxDistance).view({strokes.size(0), 1, size, size});
}

}  // namespace ombra::model
