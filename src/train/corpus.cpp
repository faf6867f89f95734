#include "train/corpus.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ombra::train {

using torch::Tensor;

namespace {

Tensor clip_poses(const DataSet& data, const DataClip& clip) {
  const Tensor poses = torch::empty({clip.length, model::kPoseNumbers});
  std::memcpy(poses.data_ptr<float>(), data.poses().data() + clip.start, static_cast<std::size_t>(clip.length) * sizeof(Pose2));
  return poses;
}

Tensor encode_pictures(const DataSet& data, const DataClip& clip, model::Painter& painter) {
  constexpr std::int64_t kAtATime = 64;
  std::vector<Tensor> codes;
  for (std::int64_t i = 0; i < clip.length; i += kAtATime) {
    const Tensor fields = stored_fields(data, clip.start + i, std::min(kAtATime, clip.length - i));
    codes.push_back(painter->encode(fields.to(painter->parameters()[0].device())).cpu());
  }
  return torch::cat(codes);
}

}  // namespace

bool has_poses(const DataSet& data) {
  return std::all_of(data.poses().begin(), data.poses().end(), [](const Pose2& pose) { return std::isfinite(pose[0].x); });
}

Tensor stored_fields(const DataSet& data, std::int64_t first, std::int64_t count) {
  const std::int64_t size = data.size();
  const auto pixels = static_cast<std::size_t>(size * size);
  const Tensor raw = torch::empty({count, 1, size, size}, torch::kChar);
  for (std::int64_t i = 0; i < count; ++i) {
    std::memcpy(raw.data_ptr<std::int8_t>() + static_cast<std::size_t>(i) * pixels, data.picture(first + i).data(), pixels);
  }
  return raw.to(torch::kFloat) / (kUnitsPerPixel * static_cast<float>(size));
}

Tensor poses_of(const DataSet& data, bool held_out) {
  std::vector<Tensor> poses;
  for (const DataClip& clip : data.clips()) {
    if (clip.held_out == held_out) poses.push_back(clip_poses(data, clip));
  }
  if (poses.empty()) return torch::empty({0, model::kPoseNumbers});
  return torch::cat(poses);
}

std::vector<Passage> encode_clips(const DataSet& data, model::Painter painter, bool guided) {
  const torch::NoGradGuard no_grad;
  painter->eval();
  std::vector<Passage> passages;
  for (const DataClip& clip : data.clips()) {
    Passage p;
    p.clip = clip.name;
    p.held_out = clip.held_out;
    p.mirrored = clip.mirrored;
    p.yaw_degrees = clip.yaw;
    p.codes = guided ? painter->code_of(clip_poses(data, clip).to(painter->parameters()[0].device())).cpu()
                     : encode_pictures(data, clip, painter);
    const auto beat = data.beat().subspan(static_cast<std::size_t>(clip.start), static_cast<std::size_t>(clip.length));
    if (std::all_of(beat.begin(), beat.end(), [](float b) { return std::isfinite(b); })) p.beat.assign(beat.begin(), beat.end());
    passages.push_back(std::move(p));
  }
  return passages;
}

void add_beat_time(std::vector<Passage>& passages, std::int64_t frames_per_beat, std::int64_t frames_per_move) {
  for (Passage& p : passages) {
    if (p.beat.size() < 2) continue;
    const double first = std::ceil(p.beat.front()), last = std::floor(p.beat.back());
    if (last - first < 2.0) continue;
    auto ticks = static_cast<std::int64_t>((last - first) * static_cast<double>(frames_per_beat));
    ticks -= ticks % frames_per_move;
    const Tensor index = torch::empty({ticks}, torch::kLong), share = torch::empty({ticks, 1});
    std::size_t i = 0;
    for (std::int64_t t = 0; t < ticks; ++t) {  // the frame pair around each tick's beat
      const double beat = first + static_cast<double>(t) / static_cast<double>(frames_per_beat);
      while (i + 2 < p.beat.size() && p.beat[i + 1] <= beat) ++i;
      const double span = std::max(1e-9, p.beat[i + 1] - p.beat[i]);
      index.data_ptr<std::int64_t>()[t] = static_cast<std::int64_t>(i);
      share.data_ptr<float>()[t] = static_cast<float>(std::clamp((beat - p.beat[i]) / span, 0.0, 1.0));
    }
    p.in_beats = p.codes.index_select(0, index) * (1.0 - share) + p.codes.index_select(0, index + 1) * share;
  }
}

void add_moves(std::vector<Passage>& passages, model::Mover mover, std::int64_t frames_per_move) {
  const torch::NoGradGuard no_grad;
  mover->eval();
  const torch::Device device = mover->parameters()[0].device();
  for (Passage& p : passages) {
    if (!p.in_beats.defined()) continue;
    p.moves = mover->moves_of(p.in_beats.unsqueeze(0).to(device))[0].cpu();
    const Tensor steps = (p.in_beats.slice(0, 1) - p.in_beats.slice(0, 0, -1)).norm(2, 1);
    p.energy = torch::cat({steps, steps.slice(0, -1)}).view({-1, frames_per_move}).mean(1);
  }
}

double mean_energy(const std::vector<Passage>& passages) {
  double sum = 0.0, count = 0.0;
  for (const Passage& p : passages) {
    if (p.held_out || !p.energy.defined()) continue;
    sum += p.energy.sum().item<double>();
    count += static_cast<double>(p.energy.numel());
  }
  return count > 0.0 ? sum / count : 1.0;
}

Tensor coming_energy(const Tensor& energy, double mean, std::int64_t moves_ahead) {
  const std::int64_t m = energy.size(0);
  const Tensor total = torch::cat({torch::zeros({1}), energy.cumsum(0)});
  const Tensor from = torch::arange(m), until = (from + moves_ahead).clamp_max(m);
  const Tensor sum = total.index_select(0, until) - total.index_select(0, from);
  return (sum / (until - from) / mean - 1.0).clamp(-1.5, 2.5);
}

}  // namespace ombra::train
