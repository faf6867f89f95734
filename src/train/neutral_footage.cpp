#include "train/neutral_footage.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "train/corpus.hpp"
#include "train/figures.hpp"

#include <cmath>
#include <map>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kAtATime = 64;

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

std::vector<NeutralClip> read_clips(const DataSet& data, std::vector<Tensor>& small) {
  std::vector<NeutralClip> clips;
  std::int64_t total = 0;
  for (const DataClip& clip : data.clips()) total += clip.length;
  Progress progress("footage", total);
  for (const DataClip& clip : data.clips()) {
    NeutralClip c{.name = clip.name,
                  .held_out = clip.held_out,
                  .mirrored = clip.mirrored,
                  .choreography = clip.party_score != 1,
                  .yaw_degrees = clip.yaw};
    std::vector<Tensor> parts;
    for (std::int64_t i = 0; i < clip.length && !interrupted(); i += kAtATime) {
      const std::int64_t n = std::min(kAtATime, clip.length - i);
      parts.push_back(PictureSpace::small(stored_fields(data, clip.start + i, n)));
      progress.add(n);
    }
    if (interrupted()) throw error("interrupted");
    c.beats = beat_frames(
        data.beat().subspan(static_cast<std::size_t>(clip.start), static_cast<std::size_t>(clip.length)));
    small.push_back(torch::cat(parts));
    clips.push_back(std::move(c));
  }
  return clips;
}

// Mean alignment of clips with their own beats, as one camera saw them
Alignment own_alignment(const std::vector<NeutralClip>& clips, bool held_out, double fps) {
  Alignment sum;
  double count = 0.0;
  for (const NeutralClip& c : clips) {
    if (c.held_out != held_out || c.mirrored || c.yaw_degrees != 0.0 || c.beats.size() < 4) continue;
    const Alignment a = alignment(speed_list(c.codes), fps, c.beats);
    sum.on_beat += a.on_beat, sum.shifted += a.shifted, count += 1.0;
  }
  return {sum.on_beat / count, sum.shifted / count};  // NaN without a clip
}

}  // namespace

NeutralFootage::NeutralFootage(std::shared_ptr<const DataSet> data) : fps_(data->fps()) {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> small, fitted;
  std::vector<NeutralClip> clips = read_clips(*data, small);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (!clips[i].held_out) fitted.push_back(small[i]);
  }
  if (fitted.empty())
    throw error("the data set holds every clip out\nhint: ombra prepare --hold-out with fewer names");
  space_ = std::make_unique<PictureSpace>(torch::cat(fitted));

  const auto fps = static_cast<int>(std::lround(fps_));
  std::map<std::string, std::size_t> takes;  // all cameras of a take go into one half
  std::vector<Tensor> halves[2], windows, training, held;
  double way = 0.0, steps = 0.0;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    NeutralClip& c = clips[i];
    c.codes = space_->codes_of(small[i]);
    small[i] = Tensor();
    if (c.held_out) {
      held.push_back(c.codes);
      continue;
    }
    if (!c.choreography || c.codes.size(0) < 2) continue;
    const std::size_t take = takes.try_emplace(c.name, takes.size()).first->second;
    halves[take % 2].push_back(window_features(c.codes, fps));
    windows.push_back(second_windows(c.codes, fps, 5));
    way += speeds(c.codes).sum().item<double>();
    steps += static_cast<double>(c.codes.size(0) - 1);
    training.push_back(c.codes);
  }
  if (training.empty()) throw error("the data set has no training dance\nhint: `ombra prepare` more footage");
  const Tensor first = torch::cat(halves[0]), second = halves[1].empty() ? Tensor() : torch::cat(halves[1]);
  features_ = second.defined() ? torch::cat({first, second}) : first;
  windows_ = torch::cat(windows);
  mean_speed_ = way / steps;
  if (second.defined() && first.size(0) > 1 && second.size(0) > 1) halves_ = frechet_distance(first, second);
  training_ = judge(training, {});
  training_.alignment = own_alignment(clips, false, fps_);
  training_.nearest = NAN;  // of itself
  if (!held.empty()) held_out_ = judge(held, {});
  held_out_.alignment = own_alignment(clips, true, fps_);
}

NeutralFigures NeutralFootage::judge(const std::vector<Tensor>& dances, const std::vector<double>& beats) const {
  const torch::NoGradGuard no_grad;
  const auto fps = static_cast<int>(std::lround(fps_));
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
    const Alignment a = alignment(speed_list(codes), fps_, beats);
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
