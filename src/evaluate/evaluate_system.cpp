#include "evaluate/evaluate_system.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/keras_metrics.hpp"
#include "evaluate/metrics.hpp"
#include "evaluate/judges/outline.hpp"
#include "footage/data/contact_sheet.hpp"
#include "train/autocast.hpp"
#include "train/train_frames.hpp"
#include "train/train_moves.hpp"
#include "train/train_painter.hpp"

#include <cstring>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::size_t kBatch = 32;
constexpr std::int64_t kSheetWidth = 128;  // pixels: wider pictures are shown at half their size
constexpr int kPairs = 16, kPairRows = 6;  // of the sheet of reconstructions

// Up to `most` of the frames, evenly
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& frames, std::int64_t most) {
  if (static_cast<std::int64_t>(frames.size()) <= most) return frames;
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < most; ++i)
    chosen.push_back(frames[static_cast<std::size_t>(i) * frames.size() / static_cast<std::size_t>(most)]);
  return chosen;
}

double own_accuracy(const model::Recipe& recipe, const Tensor& drawn, const Tensor& wanted) {
  if (recipe.frames.picture != PictureKind::kDistance) return binary_accuracy(drawn, wanted);
  return ((drawn < 0) == (wanted < 0)).to(torch::kDouble).mean().item<double>();
}

double loss_a_pixel(const model::Recipe& recipe, const Tensor& drawn, const Tensor& wanted) {
  const double pixels = recipe.painter.reduction == "sum" ? static_cast<double>(wanted[0].numel()) : 1.0;
  return picture_loss(recipe, drawn, wanted).item<double>() / pixels;
}

// Codes of one clip as encode_clips() makes them, [T, Z]
Tensor codes_of(model::Model& m, const FrameView& view, const ViewClip& clip, std::int64_t most) {
  const std::int64_t length = std::min(clip.length, most);
  if (m.recipe.painter.guided && !m.painter->in_space() && has_poses(view.data(), *clip.clip)) {
    const Tensor poses = torch::empty({length, model::kPoseNumbers});
    for (std::int64_t i = 0; i < length; ++i) {
      std::memcpy(poses.data_ptr<float>() + i * model::kPoseNumbers, &view.data().pose(view.data_frame(clip.start + i)),
                  sizeof(Pose2));
    }
    return m.painter->code_of(poses);
  }
  const Autocast autocast(m.recipe.frames.picture != PictureKind::kDistance);  // as in training
  std::vector<Tensor> codes;
  for (std::int64_t i = 0; i < length; i += static_cast<std::int64_t>(kBatch)) {
    if (interrupted()) throw error("interrupted");
    codes.push_back(
        m.painter->encode(view.pictures(clip.start + i, std::min(static_cast<std::int64_t>(kBatch), length - i))));
  }
  return torch::cat(codes);
}

// Passages [window + 1, Z] of held-out clips, side by side; where a window sees one passage at a time, every one
std::vector<Tensor> passages_of(model::Model& m, const FrameView& view, std::int64_t frames) {
  const std::int64_t window = m.recipe.dancer.train.window, step = m.dancer->windowed() ? 1 : window;
  std::vector<Tensor> passages;
  for (const ViewClip& clip : view.clips()) {
    if (!clip.clip->held_out || clip.clip->mirrored || clip.clip->yaw != 0.0 || frames <= window) continue;
    const Tensor codes = codes_of(m, view, clip, frames);
    frames -= codes.size(0);
    for (std::int64_t at = 0; at + window < codes.size(0); at += step)
      passages.push_back(codes.narrow(0, at, window + 1));
  }
  return passages;
}

DancerFigures evaluate_frames(model::Model& m, const FrameView& view, std::int64_t frames) {
  const std::vector<Tensor> passages = passages_of(m, view, frames);
  double loss = 0.0, right = 0.0, rows = 0.0;
  for (std::size_t at = 0; at < passages.size(); at += kBatch) {
    if (interrupted()) throw error("interrupted");
    const std::size_t end = std::min(at + kBatch, passages.size());
    const Tensor x =
        torch::stack(std::vector(passages.begin() + static_cast<long>(at), passages.begin() + static_cast<long>(end)));
    const Tensor seen = x.slice(1, 0, -1), next = x.slice(1, 1);
    loss += m.dancer->loss(seen, next).item<double>() * static_cast<double>(end - at);
    if (m.dancer->mixture()) continue;
    const Tensor said = m.dancer->forward(seen).to(torch::kFloat),  // a window: of the last step alone
        told = m.dancer->scaled(next).slice(1, -said.size(1));
    const auto count = static_cast<double>(said.size(0) * said.size(1));
    right += categorical_accuracy(said, told) * count;
    rows += count;
  }
  DancerFigures f;
  f.unit = m.dancer->mixture() ? "nats a number" : "mse";
  if (!passages.empty()) f.loss = loss / static_cast<double>(passages.size());
  if (rows > 0.0) f.accuracy = right / rows;
  return f;
}

DancerFigures evaluate_moves(model::Model& m, const FrameView& view) {
  DancerFigures f;
  f.unit = "nats a move";
  if (!m.recipe.painter.guided || !has_poses(view.data())) return f;
  const auto passages = std::make_shared<std::vector<Passage>>(encode_clips(view, m.painter, true));
  add_beat_time(*passages, m.recipe.mover.frames_per_beat, m.recipe.mover.frames_per_move);
  add_moves(*passages, m.mover, m.painter, m.recipe.mover);
  for (const auto& [name, value] : choreographer_job(m.recipe, m.choreographer, passages).validate()) {
    if (name == "cross entropy, held out") f.loss = value;
  }
  return f;
}

}  // namespace

PainterFigures evaluate_painter(model::Model& m, const FrameView& view, const NeutralFootage& footage,
                                std::int64_t pictures, const std::filesystem::path& sheet) {
  const torch::NoGradGuard no_grad;
  const std::vector<std::int64_t> frames = spread(view.frames_of(true), pictures);
  PainterFigures f;
  if (frames.empty()) return f;
  f = {static_cast<std::int64_t>(frames.size()), 0.0, 0.0, 0.0, 0.0};
  const std::size_t every = std::max<std::size_t>(1, frames.size() / (kPairs * kPairRows));
  std::vector<Tensor> above, below;
  Progress progress("reconstruction", f.pictures);
  for (std::size_t at = 0; at < frames.size(); at += kBatch) {
    if (interrupted()) throw error("interrupted");
    const std::span batch = std::span(frames).subspan(at, std::min(kBatch, frames.size() - at));
    const Tensor wanted = view.pictures(batch), codes = m.painter->encode(wanted),
                 drawn = m.painter->decode_pictures(codes);
    std::vector<std::int64_t> stored;
    for (const std::int64_t i : batch) stored.push_back(view.data_frame(i));
    const Tensor fields = footage.fields(stored).contiguous(), back = footage.fields_of(m.painter, codes);
    const auto n = static_cast<double>(batch.size());
    f.accuracy += own_accuracy(m.recipe, drawn, wanted) * n;
    f.loss += loss_a_pixel(m.recipe, drawn, wanted) * n;
    f.iou += intersection_over_union(back, fields) * n;
    for (std::size_t b = 0; b < batch.size(); ++b) {
      const auto i = static_cast<std::int64_t>(b);
      f.edge_px += outline_error_px(picture_of(back, i), picture_of(fields, i), static_cast<int>(kNeutralSize));
      if ((at + b) % every != 0 || above.size() >= kPairs * kPairRows) continue;
      above.push_back(wanted[i].clone());
      below.push_back(drawn[i].clone());
    }
    progress.add(static_cast<std::int64_t>(batch.size()));
  }
  const auto n = static_cast<double>(frames.size());
  f.accuracy /= n, f.loss /= n, f.iou /= n, f.edge_px /= n;
  std::vector<Tensor> rows;
  for (std::size_t first = 0; first < above.size(); first += kPairs) {
    const std::size_t end = std::min(first + kPairs, above.size());
    if (end - first < kPairs && first > 0) break;  // whole rows only
    rows.insert(rows.end(), above.begin() + static_cast<long>(first), above.begin() + static_cast<long>(end));
    rows.insert(rows.end(), below.begin() + static_cast<long>(first), below.begin() + static_cast<long>(end));
  }
  write_own_pictures(sheet, m.recipe, torch::stack(rows),
                     static_cast<int>(std::min<std::size_t>(kPairs, above.size())));
  return f;
}

DancerFigures evaluate_dancer(model::Model& m, const FrameView& view, std::int64_t frames) {
  const torch::NoGradGuard no_grad;
  return m.recipe.kind == "moves" ? evaluate_moves(m, view) : evaluate_frames(m, view, frames);
}

void write_own_pictures(const std::filesystem::path& path, const model::Recipe& recipe, const Tensor& pictures,
                        int columns) {
  const bool distances = recipe.frames.picture == PictureKind::kDistance;
  const bool large = !distances && recipe.frames.width > kSheetWidth;
  const Tensor shown = large ? torch::avg_pool2d(pictures, 2) : pictures;
  const Tensor bytes =
      distances ? (shown * static_cast<double>(recipe.frames.height) * kUnitsPerPixel)
                      .round()
                      .clamp(-kMaxUnits, kMaxUnits)
                      .to(torch::kChar)
                      .contiguous()
                : (shown.clamp(0.0, 1.0) * 255.0).round().to(torch::kByte).permute({0, 2, 3, 1}).contiguous();
  const auto size = static_cast<std::size_t>(bytes[0].numel());
  const auto* first = static_cast<const std::uint8_t*>(bytes.data_ptr());
  std::vector<SheetPicture> sheet;
  for (std::size_t i = 0; i < static_cast<std::size_t>(bytes.size(0)); ++i)
    sheet.push_back({{first + i * size, size}, (i / static_cast<std::size_t>(columns)) % 2 == 1});
  // gray shows what a network of binary pictures is unsure of
  const PictureKind kind = recipe.frames.picture == PictureKind::kBinary ? PictureKind::kGray : recipe.frames.picture;
  write_contact_sheet(path, sheet, {kind, static_cast<int>(shown.size(3)), static_cast<int>(shown.size(2)), columns});
}

}  // namespace ombra::train
