#include "model/layers/tensors.hpp"

#include "core/error.hpp"
#include "model/figure/dancer_file.hpp"

#include <cstring>

namespace ombra::model {

using torch::Tensor;

namespace {

torch::ScalarType scalar_of(DType type) {
  switch (type) {
    case DType::kF64:
      return torch::kDouble;
    case DType::kF32:
      return torch::kFloat;
    case DType::kF16:
      return torch::kHalf;
    case DType::kBF16:
      return torch::kBFloat16;
    case DType::kI64:
      return torch::kLong;
    case DType::kI32:
      return torch::kInt;
    case DType::kI8:
      return torch::kChar;
    case DType::kU8:
      return torch::kByte;
  }
  return torch::kFloat;
}

DType dtype_of(torch::ScalarType type) {
  for (const DType d :
       {DType::kF64, DType::kF32, DType::kF16, DType::kBF16, DType::kI64, DType::kI32, DType::kI8, DType::kU8}) {
    if (scalar_of(d) == type) return d;
  }
  throw error("a tensor of type {} cannot be stored", torch::toString(type));
}

template <typename Visit>
void for_each_tensor(const torch::nn::Module& module, Visit visit) {
  for (const auto& item : module.named_parameters()) visit(item.key(), item.value());
  for (const auto& item : module.named_buffers()) visit(item.key(), item.value());
}

}  // namespace

Tensor tensor_of(const TensorView& view) {
  const Tensor raw = torch::empty(view.shape, torch::TensorOptions().dtype(scalar_of(view.dtype)));
  std::memcpy(raw.data_ptr(), view.bytes.data(), view.bytes.size());
  return raw.is_floating_point() ? raw.to(torch::kFloat) : raw;
}

std::vector<float> numbers_of(const Tensor& tensor) {
  const Tensor here = tensor.detach().cpu().to(torch::kFloat).contiguous();
  return {here.data_ptr<float>(), here.data_ptr<float>() + here.numel()};
}

void add_tensor(SafetensorsWriter& writer, const std::string& name, const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(torch::kCPU).contiguous();
  writer.add(name, dtype_of(flat.scalar_type()), flat.sizes().vec(),
             {static_cast<const std::byte*>(flat.data_ptr()), static_cast<std::size_t>(flat.nbytes())});
}

void add_module(SafetensorsWriter& writer, const std::string& prefix, const torch::nn::Module& module, bool half) {
  constexpr double kMaxInHalf = 65504.0;
  for_each_tensor(module, [&](const std::string& name, const Tensor& tensor) {
    const bool fits = tensor.is_floating_point() && tensor.numel() > 0 &&
                      tensor.abs().max().item<double>() <= kMaxInHalf;  // counts of a codebook may not
    add_tensor(writer, prefix + "." + name, half && fits ? tensor.to(torch::kHalf) : tensor);
  });
}

void load_module(const SafetensorsFile& file, const std::string& prefix, torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for_each_tensor(module, [&](const std::string& name, const Tensor& tensor) {
    Tensor target = tensor;
    target.copy_(tensor_of(checked_tensor(file, prefix + "." + name, tensor.sizes().vec())));
  });
}

}  // namespace ombra::model
