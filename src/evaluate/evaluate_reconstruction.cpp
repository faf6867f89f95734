#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/metrics.hpp"
#include "evaluate/judges/outline.hpp"
#include "footage/data/contact_sheet.hpp"
#include "footage/motion/body.hpp"
#include "model/figure/strokes.hpp"
#include "train/corpus.hpp"
#include "train/train_painter.hpp"

#include <cstring>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

struct Reconstruction {
  double iou = 0.0, pixel_accuracy = 0.0, edge_px = 0.0, joint_cm = 0.0;
  double outline_px = 0.0, disconnected = 0.0;  // at kLarge
};

// Frames of the view that belong to held-out clips: every fifth of a fast one.
std::vector<std::int64_t> held_out_frames(const FrameView& view) {
  std::vector<std::int64_t> frames;
  const std::int64_t step = view.fps() > 15.0 ? 5 : 1;
  for (const ViewClip& clip : view.clips()) {
    for (std::int64_t i = 0; clip.clip->held_out && i < clip.length; i += step) frames.push_back(clip.start + i);
  }
  if (frames.empty()) throw error("the data set holds no clip out\nhint: ombra prepare --hold-out NAME");
  return frames;
}

// closely: codes refined by descent (Painter::encode_closely) instead of the encoder's first answer
Reconstruction reconstruct(const FrameView& view, model::Painter& painter, bool closely,
                           const std::filesystem::path& sheet) {
  const DataSet& data = view.data();
  const std::vector<std::int64_t> frames = held_out_frames(view);
  const std::int64_t size = data.height(),
                     every = std::max<std::int64_t>(1, static_cast<std::int64_t>(frames.size()) / kSampled);
  const bool in_space = painter->in_space(), posed = has_poses(data),
             coded = posed && painter->draws_strokes() && !in_space;
  Reconstruction r;
  double large = 0.0;
  std::vector<std::vector<std::uint8_t>> kept;
  Progress progress(closely ? "closely" : "encoder", static_cast<std::int64_t>(frames.size()));
  std::vector<float> drawn(static_cast<std::size_t>(kLarge) * kLarge), truth(drawn.size());
  for (std::size_t at = 0; at < frames.size() && !interrupted(); at += 32) {
    const std::vector<std::int64_t> batch(frames.begin() + static_cast<long>(at),
                                          frames.begin() + static_cast<long>(std::min(frames.size(), at + 32)));
    const Tensor pictures = view.pictures(batch);
    const Tensor codes = closely ? painter->encode_closely(pictures) : painter->encode(pictures);
    const torch::NoGradGuard no_grad;
    std::vector<std::int64_t> stored;
    for (const std::int64_t i : batch) stored.push_back(view.data_frame(i));
    const Tensor fields = show_fields(data, stored, painter->span(), size).contiguous();
    const Tensor back = painter->decode(codes, size).contiguous();
    const auto n = static_cast<double>(fields.size(0));
    r.iou += intersection_over_union(back, fields) * n;
    r.pixel_accuracy += ((back < 0) == (fields < 0)).to(torch::kDouble).mean().item<double>() * n;
    for (std::int64_t i = 0; i < fields.size(0); ++i) {
      r.edge_px += outline_error_px(picture_of(back, i), picture_of(fields, i), static_cast<int>(size));
      const std::size_t index = at + static_cast<std::size_t>(i);
      if (coded) {
        Tensor pose = torch::empty({model::kPoseNumbers});
        std::memcpy(pose.data_ptr<float>(), &data.pose(stored[static_cast<std::size_t>(i)]), sizeof(Pose2));
        r.joint_cm +=
            100.0 * (painter->pose_of(codes[i]) - pose).view({model::kJoints, 2}).norm(2, 1).mean().item<double>();
      }
      if (static_cast<std::int64_t>(index) % every != 0) continue;
      if (kept.size() < 192) {
        kept.push_back(sheet_picture(fields[i]));
        kept.push_back(sheet_picture(back[i]));
      }
      const Tensor big = painter->decode(codes.narrow(0, i, 1), kLarge).contiguous();
      std::copy_n(big.data_ptr<float>(), drawn.size(), drawn.begin());
      r.disconnected += pieces(drawn, kLarge, kSpeck) > 1 ? 1.0 : 0.0;
      if (posed) {
        const auto body = body_strokes(data.pose(stored[static_cast<std::size_t>(i)]));
        model::draw_strokes(body, kLarge, truth);
        r.outline_px += outline_error_px(drawn, truth, kLarge);
      }
      large += 1.0;
    }
    progress.add(fields.size(0));
  }
  const auto n = static_cast<double>(frames.size());
  r.iou /= n, r.pixel_accuracy /= n, r.edge_px /= n, r.joint_cm /= n, r.outline_px /= large, r.disconnected /= large;
  std::vector<SheetPicture> pictures;
  for (std::size_t i = 0; i < kept.size(); ++i) pictures.push_back({kept[i], i % 2 == 1});
  write_contact_sheet(sheet, pictures, {PictureKind::kDistance, static_cast<int>(size), static_cast<int>(size), 16});
  return r;
}

json as_json(const Reconstruction& r) {
  return {{"iou", r.iou},
          {"pixel_accuracy", r.pixel_accuracy},
          {"edge_px", r.edge_px},
          {"joint_error_cm", r.joint_cm},
          {"outline_error_px_1080", r.outline_px},
          {"broken_1080", r.disconnected}};
}

std::string reconstruction_row(const char* name, const Reconstruction& r) {
  return fmt::format("| {} | {:.3f} | {:.2f} % | {:.2f} | {:.1f} | {:.1f} | {:.2f} % |\n", name, r.iou,
                     100.0 * r.pixel_accuracy, r.edge_px, r.outline_px, r.joint_cm, 100.0 * r.disconnected);
}

}  // namespace

std::string evaluate_reconstruction(const FrameView& view, model::Model& m, const std::filesystem::path& out,
                                    json& report) {
  const auto first = [&] {
    const torch::NoGradGuard no_grad;
    return reconstruct(view, m.painter, false, out / "reconstruction.png");
  }();
  report["reconstruction"] = {{"encoder", as_json(first)}};
  std::string rows = reconstruction_row("encoder alone", first);
  if (m.painter->draws_strokes()) {
    const Reconstruction close = reconstruct(view, m.painter, true, out / "reconstruction_closely.png");
    report["reconstruction"]["closely"] = as_json(close);
    rows += reconstruction_row("encoder and 40 steps of descent on the code", close);
  }
  return "| held-out clips | IoU | pixel accuracy | edge error px | outline error px at 1080 | joint error cm | "
         "disconnected |\n"
         "|---|---|---|---|---|---|---|\n" +
         rows;
}

}  // namespace ombra::train
