#pragma once
// Codes in space, poses and bodies as tensors: model/figure/pose_code.hpp and model/body/body_sense.hpp, row by row.
// Thread: any.

#include "model/figure/pose_code.hpp"

#include <torch/torch.h>

namespace ombra::model {

// Row i of poses [N, 60], contiguous floats on the CPU
Pose3 pose_in(const torch::Tensor& poses, std::int64_t i);

// poses [..., 60] -> codes [..., Z], and back; without a gradient
torch::Tensor codes_in_space(const torch::Tensor& poses, const PoseCode& how);
torch::Tensor poses_in_space(const torch::Tensor& codes, const PoseCode& how);

// codes [B, Z] -> [B, kBodyNumbers], as seen from the front, hair and hems at rest, hands relaxed. Its gradient comes
// of differences, one body more a number of the code. foot_pitch: Cast
torch::Tensor body_numbers(const torch::Tensor& codes, const PoseCode& how, float foot_pitch = 0.0f);

}  // namespace ombra::model
