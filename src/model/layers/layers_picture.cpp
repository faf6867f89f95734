// Layers over pictures [B, C, H, W].

#include "model/layers/layer_kinds.hpp"

#include <array>

namespace ombra::model {

namespace F = torch::nn::functional;
using torch::Tensor;

namespace {

// Keras 'same': output ceil(n / stride), the odd sample of padding goes after. -> {before, after}
std::pair<std::int64_t, std::int64_t> same_padding(std::int64_t n, std::int64_t kernel, std::int64_t stride) {
  const std::int64_t total = std::max<std::int64_t>(0, ((n + stride - 1) / stride - 1) * stride + kernel - n);
  return {total / 2, total - total / 2};
}

class Conv : public LayerImpl {
 public:
  explicit Conv(const LayerLayout& layer)
      : kernel_{layer.plan.kernel_height, layer.plan.kernel_width},
        stride_(layer.plan.stride),
        same_(layer.plan.same),
        act_(layer.plan.activation) {
    const auto options = torch::nn::Conv2dOptions(layer.in[0], layer.out[0], {kernel_[0], kernel_[1]}).stride(stride_);
    conv_ = register_module("conv", torch::nn::Conv2d(options));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    if (!same_) return act_(conv_(x));
    const auto [top, bottom] = same_padding(x.size(2), kernel_[0], stride_);
    const auto [left, right] = same_padding(x.size(3), kernel_[1], stride_);
    if (top == bottom && left == right) {  // symmetric: the convolution pads without a copy
      return act_(torch::conv2d(x, conv_->weight, conv_->bias, stride_, {top, left}));
    }
    return act_(conv_(F::pad(x, F::PadFuncOptions({left, right, top, bottom}))));
  }

 private:
  const std::array<std::int64_t, 2> kernel_;
  const std::int64_t stride_;
  const bool same_;
  const Activation act_;
  torch::nn::Conv2d conv_{nullptr};
};

class ConvTranspose : public LayerImpl {
 public:
  explicit ConvTranspose(const LayerLayout& layer) : stride_(layer.plan.stride), act_(layer.plan.activation) {
    const auto options =
        torch::nn::ConvTranspose2dOptions(layer.in[0], layer.out[0], layer.plan.kernel_height).stride(stride_);
    conv_ = register_module("conv", torch::nn::ConvTranspose2d(options));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor y = conv_(x);  // cropped to exactly stride times the input, as Keras 'same' does
    const std::int64_t h = x.size(2) * stride_, w = x.size(3) * stride_;
    return act_(y.narrow(2, (y.size(2) - h) / 2, h).narrow(3, (y.size(3) - w) / 2, w));
  }

 private:
  std::int64_t stride_;
  Activation act_;
  torch::nn::ConvTranspose2d conv_{nullptr};
};

Tensor max_pool_up(const Tensor& x, std::int64_t size) {
  return F::max_pool2d(x, F::MaxPool2dFuncOptions(size).stride(size).ceil_mode(true));
}

std::shared_ptr<LayerImpl> upsample(std::int64_t factor, bool bilinear) {
  return std::make_shared<FunctionLayer>([factor, bilinear](const Tensor& x) {
    const std::vector<std::int64_t> size = {x.size(2) * factor, x.size(3) * factor};
    return bilinear ? torch::upsample_bilinear2d(x, size, false) : torch::upsample_nearest2d(x, size);
  });
}

std::shared_ptr<LayerImpl> crop(std::int64_t height, std::int64_t width) {
  return std::make_shared<FunctionLayer>([height, width](const Tensor& x) {
    return x.narrow(2, 0, height).narrow(3, 0, width).contiguous(x.suggest_memory_format());
  });
}

}  // namespace

std::shared_ptr<LayerImpl> make_picture_layer(const LayerLayout& layer) {
  const LayerPlan& plan = layer.plan;
  const auto factor = static_cast<std::int64_t>(plan.factor);
  switch (plan.kind) {
    case LayerPlan::Kind::kConv:
      return std::make_shared<Conv>(layer);
    case LayerPlan::Kind::kConvTranspose:
      return std::make_shared<ConvTranspose>(layer);
    case LayerPlan::Kind::kMaxPool:
      return std::make_shared<FunctionLayer>([factor](const Tensor& x) { return max_pool_up(x, factor); });
    case LayerPlan::Kind::kUpsample:
      return upsample(factor, plan.bilinear);
    case LayerPlan::Kind::kCrop:
      return crop(plan.shape[0], plan.shape[1]);
    case LayerPlan::Kind::kPixelShuffle:
      return std::make_shared<FunctionLayer>([factor](const Tensor& x) { return torch::pixel_shuffle(x, factor); });
    default:
      return nullptr;
  }
}

}  // namespace ombra::model
