#include "train/train_painter.hpp"

#include "core/clock.hpp"
#include "footage/motion/body.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/augment.hpp"

#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kPose = model::kPoseNumbers;
// Strokes are cheap to learn without drawing them: so many more poses a batch teach the decoder alone.
constexpr std::int64_t kDecoderFactor = 8;
// A slow painter learns more from many small steps than from a few large ones: as many as a budget should hold.
constexpr double kWorthwhile = 1000.0;
constexpr double kSearchShare = 0.03;  // of a budget: how wide the figures are is looked for no longer
constexpr std::int64_t kHeldPictures = 128, kHeldPoses = 256;  // of a check

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

// Random frames of the view, [B, C, H, W]
Tensor draw_pictures(const FrameView& view, const std::vector<std::int64_t>& frames, std::int64_t batch, Rng& rng) {
  std::vector<std::int64_t> chosen;
  for (std::int64_t b = 0; b < batch; ++b)
    chosen.push_back(frames[static_cast<std::size_t>(rng.below(static_cast<int>(frames.size())))]);
  return view.pictures(chosen);
}

// Figures under half light, whatever the kind of picture; [B, 1, H, W]
Tensor as_signed(const Tensor& pictures, model::PictureKind kind) {
  return kind == model::PictureKind::kDistance ? pictures : pictures.mean(1, true) - 0.5;
}

}  // namespace

Tensor picture_loss(const model::Recipe& recipe, const Tensor& drawn, const Tensor& wanted) {
  const model::PainterSpec& spec = recipe.painter;
  const Tensor target = wanted.to(torch::kFloat);
  Tensor each;
  if (spec.loss == "bce") {
    constexpr double kKerasSmall = 1e-7;
    each = torch::binary_cross_entropy(drawn.clamp(kKerasSmall, 1.0 - kKerasSmall), target, {}, at::Reduction::None);
  } else if (spec.loss == "mse") {
    each = (drawn - target).pow(2);
  } else if (spec.loss == "l1") {
    each = (drawn - target).abs();
  } else {  // distances, in pixels
    const auto height = static_cast<double>(recipe.frames.height);
    const Tensor weight = 1.0 + spec.edge_weight * torch::exp(-target.abs() / (spec.edge_px / height));
    each = weight * (drawn - target).abs() * height;
  }
  return spec.reduction == "sum" ? each.sum() / static_cast<double>(each.size(0)) : each.mean();
}

double intersection_over_union(const Tensor& a, const Tensor& b) {
  const Tensor in_a = a < 0, in_b = b < 0;
  const Tensor both = (in_a & in_b).flatten(1).sum(1), either = (in_a | in_b).flatten(1).sum(1);
  return (both.to(torch::kDouble) / either.clamp_min(1).to(torch::kDouble)).mean().item<double>();
}

namespace {

// What is reached on clips that nothing was learned from. held: their frames
std::vector<std::pair<std::string, double>> held_out_figures(const model::Recipe& recipe, model::Painter& painter,
                                                             const FrameView& view,
                                                             const std::vector<std::int64_t>& held, bool guided) {
  std::vector<std::pair<std::string, double>> figures;
  if (held.empty()) return figures;
  const std::int64_t size = recipe.frames.height;
  Rng rng(7);
  const Tensor wanted = draw_pictures(view, held, kHeldPictures, rng).to(painter->parameters()[0].device());
  const Tensor drawn = painter->decode_pictures(painter->encode(wanted));
  figures.emplace_back("loss, held out", picture_loss(recipe, drawn, wanted).item<double>());
  figures.emplace_back("IoU, held out", intersection_over_union(as_signed(drawn, recipe.frames.picture),
                                                                as_signed(wanted, recipe.frames.picture)));
  const Tensor held_poses = poses_of(view.data(), true);
  if (guided && held_poses.size(0) > 0) {
    const Tensor pose = held_poses.index_select(0, torch::randint(held_poses.size(0), {kHeldPoses}, torch::kLong))
                            .to(painter->parameters()[0].device());
    const Tensor truth = model::stroke_field(figure_strokes(pose.cpu()), size).to(pose.device());
    figures.emplace_back("IoU from the true pose, held out",
                         intersection_over_union(painter->decode(painter->code_of(pose), size), truth));
    const Tensor apart = painter->pose_of(painter->encode(truth)) - pose;
    figures.emplace_back("joint error cm, held out",
                         100.0 * apart.view({-1, model::kJoints, 2}).norm(2, -1).mean().item<double>());
  }
  return figures;
}

}  // namespace

Job painter_job(const model::Recipe& recipe, model::Painter painter, std::shared_ptr<const FrameView> view,
                const Tensor& poses, bool fit_code) {
  const model::PainterSpec spec = recipe.painter;
  const std::int64_t size = recipe.frames.height;
  const bool guided = spec.guided && poses.defined() && poses.size(0) > 0;
  const auto frames = std::make_shared<std::vector<std::int64_t>>(view->frames_of(false)),
             held = std::make_shared<std::vector<std::int64_t>>(view->frames_of(true));
  if (frames->empty())
    throw error("the data set holds every clip out\nhint: ombra prepare --hold-out with fewer names");
  if (guided) {  // where joints are known, drawn poses are all it needs
    frames->clear();
    for (const ViewClip& view_clip : view->clips()) {
      if (view_clip.clip->held_out || has_poses(view->data(), *view_clip.clip)) continue;
      for (std::int64_t i = 0; i < view_clip.length; ++i) frames->push_back(view_clip.start + i);
    }
  }
  const auto batch = std::make_shared<std::int64_t>(spec.train.batch);
  if (guided && fit_code) painter->fit_code(poses);
  if (!painter->draws_strokes()) {
    Rng rng(3);
    const auto all = view->frames_of(false);
    const double begun = now_s(), most_s = spec.train.budget_s > 0.0 ? kSearchShare * spec.train.budget_s : INFINITY;
    for (int i = 0; i < 64 && (i == 0 || now_s() - begun < most_s); ++i)
      painter->widen_span(draw_pictures(*view, all, 32, rng));
  }

  Job job{.name = "painter", .spec = spec.train, .network = painter.ptr()};
  job.batch = batch;
  job.worthwhile = kWorthwhile;
  job.validate_items = static_cast<double>(kHeldPictures) + (guided ? static_cast<double>(kHeldPoses) : 0.0);
  job.loss = [=](Rng& rng, std::int64_t) mutable {
    const auto target = painter->parameters()[0].device();
    const std::int64_t pictures = !guided ? *batch : frames->empty() ? 0 : (*batch + 1) / 2;
    Tensor loss = torch::zeros({}, torch::TensorOptions().device(target));
    if (pictures > 0) {
      const Tensor wanted = draw_pictures(*view, *frames, pictures, rng).to(target);
      loss = loss + picture_loss(recipe, painter->decode_pictures(painter->encode(wanted)), wanted);
    }
    if (guided) {
      const Tensor drawn = draw_poses(poses, *batch - pictures, rng);
      const Tensor fields = model::stroke_field(figure_strokes(drawn), size).to(target);
      const Tensor code = painter->code_of(drawn.to(target)), z = painter->encode(fields);
      loss = loss + picture_loss(recipe, painter->decode_pictures(z), fields) +
             spec.code_weight * torch::smooth_l1_loss(z, code, at::Reduction::Mean, 0.1);
    }
    if (guided && painter->draws_strokes()) {
      const Tensor more = draw_poses(poses, *batch * kDecoderFactor, rng);
      const Tensor wanted = figure_strokes(more).to(target), got = painter->strokes(painter->code_of(more.to(target)));
      loss = loss + spec.stroke_weight * (got - wanted).abs().mean() * static_cast<double>(size);
    }
    const Tensor penalty = painter->penalty();
    return penalty.defined() ? loss + penalty : loss;
  };
  job.validate = [=]() mutable { return held_out_figures(recipe, painter, *view, *held, guided); };
  return job;
}

}  // namespace ombra::train
