#pragma once
// Between LibTorch and safetensors: modules written and read by the names of their parameters and buffers.
// Thread: one owner.

#include "model/figure/safetensors.hpp"

#include <torch/torch.h>

#include <vector>

namespace ombra::model {

// -> a copy as float or whole numbers, on the CPU
torch::Tensor tensor_of(const TensorView& view);

// -> a copy of any floating tensor's numbers, from any device
std::vector<float> numbers_of(const torch::Tensor& tensor);

// F32, F16, I64, I8 or U8 tensors, from any device
void add_tensor(SafetensorsWriter& writer, const std::string& name, const torch::Tensor& tensor);

// Every parameter and buffer of module as prefix.name; half: floating ones in 16 bits, where they fit.
void add_module(SafetensorsWriter& writer, const std::string& prefix, const torch::nn::Module& module, bool half);

// Fills every parameter and buffer of module from prefix.name. Throws Error that names the file, the tensor and the
// expected shape when one is missing, has another shape, or holds NaN or infinity.
void load_module(const SafetensorsFile& file, const std::string& prefix, torch::nn::Module& module);

}  // namespace ombra::model
