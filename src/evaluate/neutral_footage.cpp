#include "evaluate/neutral_footage.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/figures.hpp"
#include "model/figure/strokes.hpp"

#include <cmath>
#include <map>
#include <numeric>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kPosesAtATime = 64;

// Frames on which a beat falls, of a running count of beats; empty where a count is missing
std::vector<double> beat_frames(std::span<const float> count) {
  std::vector<double> beats;
  for (std::size_t i = 0; i + 1 < count.size(); ++i) {
    const double here = count[i], after = count[i + 1];
    if (!std::isfinite(here) || !std::isfinite(after)) return {};
    const double next = std::floor(here) + 1.0;
    if (after >= next) beats.push_back(static_cast<double>(i) + (next - here) / (after - here));
  }
  return beats;
}

// Side of the smallest square that stands in the middle of the lower edge and holds every dancer, in picture heights
double span_of(const std::shared_ptr<const DataSet>& data) {
  if (data->width() <= data->height()) return 1.0;
  constexpr std::int64_t kSampled = 2000;
  constexpr double kSeldom = 2e-3;  // share of the pictures in which a column is used by accident
  model::FramesSpec whole;
  whole.width = data->width(), whole.height = data->height(), whole.fps = data->fps();
  const FrameView view(data, whole);
  const std::int64_t step = std::max<std::int64_t>(1, view.frames() / kSampled);
  torch::Tensor used = torch::zeros({data->width()}, torch::kDouble);
  double looked = 0.0;
  for (std::int64_t i = 0; i < view.frames(); i += step, looked += 1.0)
    used += (view.pictures(i, 1) < 0.0).flatten(0, 2).any(0).to(torch::kDouble);
  double reach = 0.0;  // from the middle, pixels
  for (std::int64_t x = 0; x < data->width(); ++x) {
    if (used[x].item<double>() > kSeldom * looked)
      reach = std::max(reach, std::abs(static_cast<double>(x) + 0.5 - data->width() / 2.0));
  }
  return std::clamp(2.0 * (reach + 1.0) / data->height(), 1.0, static_cast<double>(data->width()) / data->height());
}

std::vector<double> beats_of(const DataSet& data, const DataClip& clip) {
  return beat_frames(data.beat().subspan(static_cast<std::size_t>(clip.start), static_cast<std::size_t>(clip.length)));
}

// Small pictures of every clip, [T, P] each
std::vector<Tensor> small_pictures(const NeutralFootage& footage, const DataSet& data) {
  Progress progress("footage", data.frames());
  std::vector<Tensor> small;
  std::vector<std::int64_t> frames;
  for (const DataClip& clip : data.clips()) {
    std::vector<Tensor> parts;
    for (std::int64_t i = 0; i < clip.length; i += kPosesAtATime) {
      if (interrupted()) throw error("interrupted");
      frames.resize(static_cast<std::size_t>(std::min(kPosesAtATime, clip.length - i)));
      std::iota(frames.begin(), frames.end(), clip.start + i);
      parts.push_back(PictureSpace::small(footage.fields(frames)));
      progress.add(static_cast<std::int64_t>(frames.size()));
    }
    small.push_back(torch::cat(parts));
  }
  return small;
}

// Mean alignment of clips with their own beats, as one camera saw them: NaN without one
Alignment own_alignment(const DataSet& data, const std::vector<Tensor>& codes, bool held_out) {
  Alignment sum;
  double count = 0.0;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const DataClip& clip = data.clips()[i];
    const std::vector<double> beats = beats_of(data, clip);
    if (clip.held_out != held_out || clip.mirrored || clip.yaw != 0.0 || beats.size() < 4) continue;
    const Alignment a = alignment(speed_list(codes[i]), data.fps(), beats);
    sum.on_beat += a.on_beat, sum.shifted += a.shifted, count += 1.0;
  }
  return {sum.on_beat / count, sum.shifted / count};
}

}  // namespace

Tensor NeutralFootage::fields(std::span<const std::int64_t> frames) const {
  return show_fields(*data_, frames, span_, kNeutralSize);
}

Tensor NeutralFootage::fields_of(model::Painter painter, const Tensor& codes) const {
  const torch::NoGradGuard no_grad;
  // The painter draws a square of its own, which is `ratio` times as wide as the common one.
  const model::FramesSpec& own = painter->frames();
  const double scale =
      Resample(data_->width(), data_->height(), static_cast<int>(own.width), static_cast<int>(own.height)).scale();
  const double ratio =
      painter->span() * static_cast<double>(own.height) / (scale * static_cast<double>(data_->height())) / span_;
  const std::int64_t side = std::max<std::int64_t>(1, std::llround(ratio * static_cast<double>(kNeutralSize)));
  Tensor drawn = painter->decode(codes, side) * ratio;
  const std::int64_t kept = std::min(side, kNeutralSize), left = (kNeutralSize - kept) / 2;
  drawn = drawn.narrow(3, (side - kept) / 2, kept).narrow(2, side - kept, kept);
  if (kept < kNeutralSize) {
    drawn =
        torch::constant_pad_nd(drawn, {left, kNeutralSize - kept - left, kNeutralSize - kept, 0}, model::kMaxDistance);
  }
  return drawn.clamp(-model::kMaxDistance, model::kMaxDistance).contiguous();
}

NeutralFootage::NeutralFootage(std::shared_ptr<const DataSet> data) : data_(std::move(data)), span_(span_of(data_)) {
  const torch::NoGradGuard no_grad;
  const std::vector<DataClip>& clips = data_->clips();
  std::vector<Tensor> small = small_pictures(*this, *data_), fitted;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (!clips[i].held_out) fitted.push_back(small[i]);
  }
  if (fitted.empty()) throw error("the data set holds every clip out\nhint: ombra prepare --hold-out with fewer names");
  space_ = std::make_unique<PictureSpace>(torch::cat(fitted));

  const auto fps = static_cast<int>(std::lround(data_->fps()));
  std::map<std::string, std::size_t> takes;  // all cameras of a take go into one half
  std::vector<Tensor> codes, halves[2], windows, training, held;
  double way = 0.0, steps = 0.0;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    codes.push_back(space_->codes_of(small[i]));
    const Tensor& z = codes.back();
    if (clips[i].held_out) {
      held.push_back(z);
      continue;
    }
    if (clips[i].party_score == 1 || z.size(0) < 2) continue;  // a stage dance
    const std::size_t take = takes.try_emplace(clips[i].name, takes.size()).first->second;
    halves[take % 2].push_back(window_features(z, fps));
    windows.push_back(second_windows(z, fps, 5));
    way += speeds(z).sum().item<double>();
    steps += static_cast<double>(z.size(0) - 1);
    training.push_back(z);
  }
  if (training.empty()) throw error("the data set has no training dance\nhint: `ombra prepare` more footage");
  const Tensor first = torch::cat(halves[0]), second = halves[1].empty() ? Tensor() : torch::cat(halves[1]);
  features_ = second.defined() ? torch::cat({first, second}) : first;
  windows_ = torch::cat(windows);
  mean_speed_ = way / steps;
  if (second.defined() && first.size(0) > 1 && second.size(0) > 1) halves_ = frechet_distance(first, second);
  training_ = figures_of(training, {});
  training_.nearest = NAN;  // of itself
  training_.alignment = own_alignment(*data_, codes, false);
  if (!held.empty()) held_out_ = figures_of(held, {});
  held_out_.alignment = own_alignment(*data_, codes, true);
}

NeutralFigures NeutralFootage::figures_of(const std::vector<Tensor>& dances, const std::vector<double>& beats) const {
  const torch::NoGradGuard no_grad;
  const auto fps = static_cast<int>(std::lround(data_->fps()));
  std::vector<Tensor> features, windows;
  NeutralFigures f;
  double still = 0.0, seconds = 0.0, way = 0.0, steps = 0.0, aligned = 0.0, shifted = 0.0;
  for (const Tensor& codes : dances) {
    if (codes.size(0) < 2) continue;
    features.push_back(window_features(codes, fps));
    windows.push_back(second_windows(codes, fps, std::max<std::int64_t>(1, 2 * fps - 7)));
    const auto whole = static_cast<double>((codes.size(0) - 1) / fps);
    still += frozen_share(codes, fps, mean_speed_) * whole;
    seconds += whole;
    way += speeds(codes).sum().item<double>();
    steps += static_cast<double>(codes.size(0) - 1);
    if (beats.size() < 2) continue;
    const Alignment a = alignment(speed_list(codes), data_->fps(), beats);
    aligned += a.on_beat, shifted += a.shifted;
  }
  if (features.empty()) return f;
  const Tensor all = torch::cat(features), wide = torch::cat(windows);
  if (all.size(0) > 1 && features_.size(0) > 1) f.frechet = frechet_distance(all, features_);
  if (seconds > 0.0) f.frozen = still / seconds;
  f.speed = way / steps / mean_speed_;
  if (beats.size() >= 2)
    f.alignment = {aligned / static_cast<double>(dances.size()), shifted / static_cast<double>(dances.size())};
  if (wide.size(0) > 0 && windows_.size(0) > 0) f.nearest = nearest_distance(wide, windows_);
  return f;
}

}  // namespace ombra::train
