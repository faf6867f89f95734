// Layers over pictures [B, C, H, W].

#include "model/layers/layer_builder.hpp"

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
  Conv(std::int64_t in, std::int64_t out, std::array<std::int64_t, 2> kernel, std::int64_t stride, bool same,
       Activation act)
      : kernel_(kernel), stride_(stride), same_(same), act_(act) {
    conv_ = register_module(
        "conv", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, {kernel[0], kernel[1]}).stride(stride)));
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
  std::optional<LayerPlan> plan() const override {
    return LayerPlan{.kind = LayerPlan::Kind::kConv,
                     .activation = act_.kind,
                     .dense = {plan_of(conv_->weight.flatten(1), conv_->bias)},
                     .kernel_height = static_cast<int>(kernel_[0]),
                     .kernel_width = static_cast<int>(kernel_[1]),
                     .stride = static_cast<int>(stride_),
                     .same = same_};
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
  ConvTranspose(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, Activation act)
      : stride_(stride), act_(act) {
    conv_ = register_module(
        "conv", torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(in, out, kernel).stride(stride)));
  }
  Tensor forward(const Tensor& x, std::vector<Tensor>*) override {
    const Tensor y = conv_(x);  // cropped to exactly stride times the input, as Keras 'same' does
    const std::int64_t h = x.size(2) * stride_, w = x.size(3) * stride_;
    return act_(y.narrow(2, (y.size(2) - h) / 2, h).narrow(3, (y.size(3) - w) / 2, w));
  }
  std::optional<LayerPlan> plan() const override {
    const int kernel = static_cast<int>(conv_->weight.size(2));
    DensePlan dense = plan_of(conv_->weight.flatten(1), conv_->bias);
    std::swap(dense.in, dense.out);
    return LayerPlan{.kind = LayerPlan::Kind::kConvTranspose,
                     .activation = act_.kind,
                     .dense = {std::move(dense)},
                     .kernel_height = kernel,
                     .kernel_width = kernel,
                     .stride = static_cast<int>(stride_)};
  }

 private:
  std::int64_t stride_;
  Activation act_;
  torch::nn::ConvTranspose2d conv_{nullptr};
};
Tensor max_pool_up(const Tensor& x, std::int64_t size) {
  return F::max_pool2d(x, F::MaxPool2dFuncOptions(size).stride(size).ceil_mode(true));
}
LayerPlan by_factor(LayerPlan::Kind kind, std::int64_t factor) {
  return {.kind = kind, .factor = static_cast<std::size_t>(factor)};
}
}  // namespace

std::shared_ptr<LayerImpl> LayerBuilder::convolution() {
  expect(3, "pictures [C, H, W]");
  const std::int64_t out = in.integer("out", 1, 8192);
  const std::array<std::int64_t, 2> kernel = this->kernel(3);
  const std::int64_t stride = positive("stride", 1);
  const bool same = in.choice("padding", {"same", "valid"}) == "same";
  afford(product({shape[0], out, kernel[0], kernel[1]}));
  const auto layer = std::make_shared<Conv>(shape[0], out, kernel, stride, same, activation_of(in, "activation"));
  for (const std::size_t i : {1u, 2u}) {
    if (!same && shape[i] < kernel[i - 1])
      throw in.fault("kernel", fmt::format("larger than its input {}", shape_text(shape)));
    shape[i] = same ? (shape[i] + stride - 1) / stride : (shape[i] - kernel[i - 1]) / stride + 1;
  }
  shape[0] = out;
  return layer;
}

std::shared_ptr<LayerImpl> LayerBuilder::picture_layer(const std::string& kind) {
  if (kind == "conv") return convolution();
  if (kind == "conv_transpose") {
    expect(3, "pictures [C, H, W]");
    const std::int64_t out = in.integer("out", 1, 8192), kernel = positive("kernel", 2), stride = positive("stride", 2);
    if (kernel < stride) throw in.fault("kernel", "must be at least the stride");
    afford(product({shape[0], out, kernel, kernel}));
    const auto layer = std::make_shared<ConvTranspose>(shape[0], out, kernel, stride, activation_of(in, "activation"));
    shape = {out, shape[1] * stride, shape[2] * stride};
    return layer;
  }
  if (kind == "maxpool") {
    expect(3, "pictures [C, H, W]");
    const std::int64_t size = positive("size", 2);
    shape = {shape[0], (shape[1] + size - 1) / size, (shape[2] + size - 1) / size};
    return std::make_shared<FunctionLayer>([size](const Tensor& x) { return max_pool_up(x, size); },
                                           by_factor(LayerPlan::Kind::kMaxPool, size));
  }
  if (kind == "upsample") {
    expect(3, "pictures [C, H, W]");
    const std::int64_t factor = positive("factor", 2);
    const bool bilinear = in.choice("mode", {"nearest", "bilinear"}) == "bilinear";
    shape = {shape[0], shape[1] * factor, shape[2] * factor};
    LayerPlan plan = by_factor(LayerPlan::Kind::kUpsample, factor);
    plan.bilinear = bilinear;
    return std::make_shared<FunctionLayer>(
        [factor, bilinear](const Tensor& x) {
          const std::vector<std::int64_t> size = {x.size(2) * factor, x.size(3) * factor};
          return bilinear ? torch::upsample_bilinear2d(x, size, false) : torch::upsample_nearest2d(x, size);
        },
        plan);
  }
  if (kind == "crop") {
    expect(3, "pictures [C, H, W]");
    const Shape to = in.integers("size", 1, 8192);
    if (to.size() != 2 || to[0] > shape[1] || to[1] > shape[2])
      throw in.fault("size", fmt::format("expected [height, width] within {}", shape_text(shape)));
    shape = {shape[0], to[0], to[1]};
    return std::make_shared<FunctionLayer>(
        [to](const Tensor& x) {
          return x.narrow(2, 0, to[0]).narrow(3, 0, to[1]).contiguous(x.suggest_memory_format());
        },
        LayerPlan{.kind = LayerPlan::Kind::kCrop, .shape = to});
  }
  if (kind == "pixel_shuffle") {
    expect(3, "pictures [C, H, W]");
    const std::int64_t factor = positive("factor", 2);
    if (shape[0] % (factor * factor) != 0) {
      throw in.fault("factor", fmt::format("its square must divide the channels of {}", shape_text(shape)));
    }
    shape = {shape[0] / (factor * factor), shape[1] * factor, shape[2] * factor};
    return std::make_shared<FunctionLayer>([factor](const Tensor& x) { return torch::pixel_shuffle(x, factor); },
                                           by_factor(LayerPlan::Kind::kPixelShuffle, factor));
  }
  return nullptr;
}

}  // namespace ombra::model
