#include "train/train_painter.hpp"

#include "model/stroke_field.hpp"
#include "model/strokes.hpp"
#include "train/augment.hpp"
#include "train/body.hpp"

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kPose = model::kPoseNumbers;
// Strokes are cheap to learn without drawing them: so many more poses a batch teach the decoder alone.
constexpr std::int64_t kDecoderFactor = 8;

// poses [N, 40], half of them varied, half as they were danced
Tensor draw_poses(const Tensor& poses, std::int64_t batch, Rng& rng) {
  const Tensor out = torch::empty({batch, kPose});
  const auto row = [](const Tensor& x, std::int64_t i) {
    return std::span<float>(x.data_ptr<float>() + i * kPose, static_cast<std::size_t>(kPose));
  };
  const auto any = [&] { return static_cast<std::int64_t>(rng.below(static_cast<int>(poses.size(0)))); };
  for (std::int64_t b = 0; b < batch; ++b) {
    const auto pose = row(poses, any());
    if (rng.uniform() < 0.35) {
      std::copy(pose.begin(), pose.end(), row(out, b).begin());
    } else {
      vary_pose(pose, row(poses, any()), rng, row(out, b));
    }
  }
  return out;
}

// The figures of poses [B, 40] as strokes [B, K, 6]
Tensor figure_strokes(const Tensor& poses) {
  const Tensor strokes = torch::empty({poses.size(0), kBodyStrokes, model::kStrokeNumbers});
  at::parallel_for(0, poses.size(0), 16, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t b = begin; b < end; ++b) {
      Pose2 pose;
      std::memcpy(static_cast<void*>(pose.data()), poses.data_ptr<float>() + b * kPose, sizeof pose);
      const auto body = body_strokes(pose);
      std::memcpy(strokes.data_ptr<float>() + b * kBodyStrokes * model::kStrokeNumbers, body.data(), sizeof body);
    }
  });
  return strokes;
}

// Distances of random frames of the data set as stored, [B, 1, S, S] in picture heights
Tensor draw_stored(const DataSet& data, const std::vector<std::int64_t>& frames, std::int64_t batch, Rng& rng) {
  std::vector<Tensor> pictures;
  for (std::int64_t b = 0; b < batch; ++b) {
    pictures.push_back(
        stored_fields(data, frames[static_cast<std::size_t>(rng.below(static_cast<int>(frames.size())))], 1));
  }
  return torch::cat(pictures);
}

std::vector<std::int64_t> frames_of(const DataSet& data, bool held_out) {
  std::vector<std::int64_t> frames;
  for (const DataClip& clip : data.clips()) {
    for (std::int64_t i = 0; clip.held_out == held_out && i < clip.length; ++i) frames.push_back(clip.start + i);
  }
  return frames;
}

}  // namespace

double intersection_over_union(const Tensor& a, const Tensor& b) {
  const Tensor in_a = a < 0, in_b = b < 0;
  const Tensor both = (in_a & in_b).flatten(1).sum(1), either = (in_a | in_b).flatten(1).sum(1);
  return (both.to(torch::kDouble) / either.clamp_min(1).to(torch::kDouble)).mean().item<double>();
}

Job painter_job(const model::Recipe& recipe, model::Painter painter, std::shared_ptr<const DataSet> data) {
  const model::PainterSpec spec = recipe.painter;
  const std::int64_t size = painter->size();
  if (data->height() != size) {
    throw error("the data set's pictures are {} pixels, the recipe's {}\nhint: ombra prepare --size {}", data->height(),
                size, size);
  }
  const bool guided = spec.guided && has_poses(*data);
  const Tensor poses = guided ? poses_of(*data, false) : Tensor();
  auto frames = std::make_shared<std::vector<std::int64_t>>(frames_of(*data, false));
  auto held = std::make_shared<std::vector<std::int64_t>>(frames_of(*data, true));
  if (guided) painter->fit_code(poses);
  const double edge = spec.edge_px / static_cast<double>(size);

  Job job{.name = "painter", .spec = spec.train, .network = painter.ptr()};
  job.loss = [=](Rng& rng, std::int64_t) mutable {
    const auto target = painter->parameters()[0].device();
    Tensor fields, code, figure;
    if (guided) {
      const Tensor drawn = draw_poses(poses, spec.train.batch, rng);
      fields = model::stroke_field(figure_strokes(drawn), size).to(target);
      code = painter->code_of(drawn.to(target));
    } else {
      fields = draw_stored(*data, *frames, spec.train.batch, rng).to(target);
    }
    const Tensor z = painter->encode(fields);
    const Tensor weight = 1.0 + spec.edge_weight * torch::exp(-fields.abs() / edge);
    Tensor loss = (weight * (painter->decode(z, size) - fields).abs()).mean() * static_cast<double>(size);
    if (guided) loss = loss + spec.code_weight * torch::smooth_l1_loss(z, code, at::Reduction::Mean, 0.1);
    if (guided && painter->draws_strokes()) {
      const Tensor more = draw_poses(poses, spec.train.batch * kDecoderFactor, rng);
      const Tensor wanted = figure_strokes(more).to(target), got = painter->strokes(painter->code_of(more.to(target)));
      loss = loss + spec.stroke_weight * (got - wanted).abs().mean() * static_cast<double>(size);
    }
    const Tensor penalty = painter->penalty();
    return penalty.defined() ? loss + penalty : loss;
  };
  job.validate = [=]() mutable {
    std::vector<std::pair<std::string, double>> figures;
    if (held->empty()) return figures;
    Rng rng(7);
    const Tensor fields = draw_stored(*data, *held, 256, rng).to(painter->parameters()[0].device());
    figures.emplace_back("IoU, held out",
                         intersection_over_union(painter->decode(painter->encode(fields), size), fields));
    if (guided) {
      const Tensor held_poses = poses_of(*data, true);
      const Tensor pose = held_poses.index_select(0, torch::randint(held_poses.size(0), {256}, torch::kLong))
                              .to(painter->parameters()[0].device());
      const Tensor truth = model::stroke_field(figure_strokes(pose.cpu()), size).to(pose.device());
      figures.emplace_back("IoU from the true pose, held out",
                           intersection_over_union(painter->decode(painter->code_of(pose), size), truth));
      const Tensor apart = painter->pose_of(painter->encode(truth)) - pose;
      figures.emplace_back("joint error cm, held out",
                           100.0 * apart.view({-1, 20, 2}).norm(2, -1).mean().item<double>());
    }
    return figures;
  };
  return job;
}

}  // namespace ombra::train
