#include "train/corpus.hpp"

#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "footage/motion/filters.hpp"
#include "footage/motion/pulse.hpp"
#include "model/figure/seen_joints.hpp"
#include "train/autocast.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

namespace ombra::train {

using torch::Tensor;

namespace {

Tensor clip_poses(const DataSet& data, const DataClip& clip, bool in_space) {
  const Tensor poses = torch::empty({clip.length, in_space ? model::kSpaceNumbers : model::kPoseNumbers});
  const void* from = in_space ? static_cast<const void*>(data.poses_in_space().data() + clip.start)
                              : static_cast<const void*>(data.poses().data() + clip.start);
  std::memcpy(poses.data_ptr<float>(), from,
              static_cast<std::size_t>(clip.length) * (in_space ? sizeof(Pose3) : sizeof(Pose2)));
  return poses;
}

Tensor lifted_poses(const DataSet& data, const DataClip& clip, const Lift& lift) {
  const std::vector<Pose3> lifted =
      lift.lift(data.poses().subspan(static_cast<std::size_t>(clip.start), static_cast<std::size_t>(clip.length)));
  const Tensor poses = torch::empty({clip.length, model::kSpaceNumbers});
  std::memcpy(poses.data_ptr<float>(), lifted.data(), lifted.size() * sizeof(Pose3));
  return poses;
}

// Codes of a clip's frames; of its first ones where the time is over. [T, Z]
Tensor encode_pictures(const FrameView& view, const ViewClip& clip, model::Painter& painter, const EncodeLimit& limit) {
  const std::int64_t at_a_time = limit.left_s ? 8 : 64;  // slow networks are looked after more often
  // by the clock in 32 bits: a processor that must imitate 16 takes many times as long
  const Autocast autocast(painter->device().is_cpu() && view.spec().picture != PictureKind::kDistance && !limit.left_s);
  std::vector<Tensor> codes, costs;
  for (std::int64_t i = 0; i < clip.length && !interrupted(); i += at_a_time) {
    if (limit.left_s && i >= std::max<std::int64_t>(limit.least, 1) && limit.left_s() <= 0.0) break;
    const Tensor pictures = view.pictures(clip.start + i, std::min(at_a_time, clip.length - i));
    const model::Guesses guesses = painter->guesses(pictures.to(painter->parameters()[0].device()));
    codes.push_back(guesses.codes.cpu());
    costs.push_back(guesses.costs.cpu());
  }
  if (codes.empty()) return torch::empty({0, painter->code()});
  return model::likeliest_in_time({torch::cat(codes), torch::cat(costs)}, view.spec().fps);
}

// The confidence in the beat at each frame of the passage, for add_beat_time to take over beat by beat.
void add_beat_confidence(const DataSet& data, const ViewClip& seen, const Tensor& frames, Passage& p) {
  for (std::int64_t i = 0; i < p.codes.size(0); ++i) {
    const auto frame = static_cast<std::size_t>(seen.clip->start + frames.data_ptr<std::int64_t>()[i]);
    p.beat_confidence.push_back(data.beat_confidence().empty() ? static_cast<float>(seen.clip->beat_confidence)
                                                               : data.beat_confidence()[frame]);
  }
}

// codes [T, Z] -> what is seen of them
Tensor seen_from(const model::Painter& painter, const Tensor& codes) {
  const model::SeenJoints joints(painter->in_space() ? painter->pose_code() : model::PoseCode{});
  const Tensor from = codes.cpu().contiguous();
  const auto z = static_cast<std::size_t>(from.size(1)), size = joints.size(z);
  Tensor seen = torch::empty({from.size(0), static_cast<std::int64_t>(size)});
  for (std::int64_t t = 0; t < from.size(0); ++t)
    joints.see({from.data_ptr<float>() + static_cast<std::size_t>(t) * z, z},
               {seen.data_ptr<float>() + static_cast<std::size_t>(t) * size, size});
  return seen;
}

// steps [T - 1]: speed at each tick -> [M] log of the mean speed over the two beats that begin with each move
Tensor coming_energy(const Tensor& steps, const model::MoverSpec& spec) {
  const std::int64_t ahead = 2 * spec.frames_per_beat / spec.frames_per_move;
  const Tensor a_move = torch::cat({steps, steps.slice(0, -1)}).view({-1, spec.frames_per_move}).mean(1);
  const std::int64_t m = a_move.size(0);
  const Tensor total = torch::cat({torch::zeros({1}), a_move.cumsum(0)});
  const Tensor from = torch::arange(m), until = (from + ahead).clamp_max(m);
  return ((total.index_select(0, until) - total.index_select(0, from)) / (until - from)).clamp_min(1e-3).log();
}

// steps [T - 1] -> [M]: how much better stops fall on the beat than beside it, as it is measured of a dance, but on a
// speed that is smoothed less: dancers learned from it so. Smoothed over three beats either way.
Tensor local_pulse(const Tensor& steps, const model::MoverSpec& spec) {
  constexpr double kBpm = 120.0, kSmoothingS = 0.03;
  const auto per_beat = static_cast<double>(spec.frames_per_beat);
  const Tensor d = steps.to(torch::kDouble).contiguous();
  const std::span<const double> speed(d.data_ptr<double>(), static_cast<std::size_t>(d.numel()));
  std::vector<double> beats;  // in steps; each belongs to the middle between its two ticks
  for (double tick = 0.0; tick < static_cast<double>(speed.size() + 1); tick += per_beat) beats.push_back(tick - 0.5);
  std::vector<double> pulse;
  for (const Alignment& a : alignment_by_beat(speed, per_beat * kBpm / 60.0, beats, kBpm, kSmoothingS))
    pulse.push_back(a.gap());
  pulse = gaussian_filter(pulse, 3.0);
  const std::int64_t moves = (static_cast<std::int64_t>(speed.size()) + 1) / spec.frames_per_move,
                     a_beat = spec.frames_per_beat / spec.frames_per_move;
  const Tensor out = torch::empty({moves});
  for (std::int64_t m = 0; m < moves; ++m) {
    out.data_ptr<float>()[m] =
        static_cast<float>(pulse[std::min(static_cast<std::size_t>(m / a_beat), pulse.size() - 1)]);
  }
  return out;
}

}  // namespace

bool has_poses(const DataSet& data, const DataClip& clip, bool in_space) {
  const auto start = static_cast<std::size_t>(clip.start), length = static_cast<std::size_t>(clip.length);
  if (in_space) {
    if (data.poses_in_space().empty()) return false;
    const auto poses = data.poses_in_space().subspan(start, length);
    return std::all_of(poses.begin(), poses.end(), [](const Pose3& pose) { return std::isfinite(pose[0].z); });
  }
  const auto poses = data.poses().subspan(start, length);
  return std::all_of(poses.begin(), poses.end(), [](const Pose2& pose) { return std::isfinite(pose[0].x); });
}

bool has_poses(const DataSet& data, bool in_space) {
  return std::all_of(data.clips().begin(), data.clips().end(),
                     [&](const DataClip& clip) { return has_poses(data, clip, in_space); });
}

Tensor poses_of(const DataSet& data, bool held_out, bool in_space) {
  std::vector<Tensor> poses;
  for (const DataClip& clip : data.clips()) {
    if (clip.held_out == held_out && has_poses(data, clip, in_space)) poses.push_back(clip_poses(data, clip, in_space));
  }
  if (poses.empty()) return torch::empty({0, in_space ? model::kSpaceNumbers : model::kPoseNumbers});
  return torch::cat(poses);
}

std::vector<Passage> encode_clips(const FrameView& view, model::Painter painter, bool guided, const EncodeLimit& limit,
                                  const Lift* lift) {
  const torch::NoGradGuard no_grad;
  painter->eval();
  const DataSet& data = view.data();
  std::vector<ViewClip> clips = view.clips();
  if (limit.left_s) {
    std::stable_sort(clips.begin(), clips.end(), [](const ViewClip& a, const ViewClip& b) {
      const auto extra = [](const DataClip& c) { return (c.mirrored ? 1 : 0) + (c.yaw != 0.0 ? 1 : 0); };
      return extra(*a.clip) < extra(*b.clip);
    });
  }
  std::vector<Passage> passages;
  Progress progress("encoding", view.frames());
  bool teaches = false, judges = false;
  std::size_t left_out = 0, cut = 0;
  for (const ViewClip& seen : clips) {
    if (interrupted()) break;
    const DataClip& clip = *seen.clip;
    if (limit.left_s && limit.left_s() <= 0.0 && (clip.held_out ? judges : teaches)) {
      ++left_out;
      continue;
    }
    (clip.held_out ? judges : teaches) = true;
    Passage p;
    p.clip = clip.name;
    p.held_out = clip.held_out;
    p.mirrored = clip.mirrored;
    p.choreography = clip.party_score != 1;
    p.yaw_degrees = clip.yaw;
    p.style = clip.style;
    const Tensor at = torch::empty({seen.length}, torch::kLong);  // frames of the clip
    for (std::int64_t i = 0; i < seen.length; ++i)
      at.data_ptr<std::int64_t>()[i] = view.data_frame(seen.start + i) - clip.start;
    if (guided && has_poses(data, clip, painter->in_space())) {
      const Tensor poses = clip_poses(data, clip, painter->in_space()).index_select(0, at);
      p.codes = painter->code_of(poses.to(painter->parameters()[0].device())).cpu();
    } else if (guided && lift && has_poses(data, clip)) {
      p.codes = painter->code_of(lifted_poses(data, clip, *lift).index_select(0, at)).cpu();
    } else {
      p.codes = encode_pictures(view, seen, painter, limit);
      cut += p.codes.size(0) < seen.length ? 1 : 0;
    }
    for (std::int64_t i = 0; i < p.codes.size(0); ++i)
      p.beat.push_back(data.beat()[static_cast<std::size_t>(view.data_frame(seen.start + i))]);
    p.phrase_confidence = clip.phrase_confidence;
    if (!std::all_of(p.beat.begin(), p.beat.end(), [](double b) { return std::isfinite(b); })) p.beat.clear();
    add_beat_confidence(data, seen, at, p);
    passages.push_back(std::move(p));
    progress.add(seen.length);
  }
  if (left_out + cut > 0 && !interrupted()) {
    log::info("of {} clips {} are left out and {} cut short: encoding them all would take too long", clips.size(),
              left_out, cut);
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
    std::vector<float> beat_confidence;
    p.first_beat = static_cast<std::int64_t>(first);
    std::size_t i = 0;
    for (std::int64_t t = 0; t < ticks; ++t) {  // the frame pair around each tick's beat
      const double beat = first + static_cast<double>(t) / static_cast<double>(frames_per_beat);
      while (i + 2 < p.beat.size() && p.beat[i + 1] <= beat) ++i;
      if (t % frames_per_beat == 0 && i < p.beat_confidence.size()) beat_confidence.push_back(p.beat_confidence[i]);
      const double span = std::max(1e-9, p.beat[i + 1] - p.beat[i]);
      index.data_ptr<std::int64_t>()[t] = static_cast<std::int64_t>(i);
      share.data_ptr<float>()[t] = static_cast<float>(std::clamp((beat - p.beat[i]) / span, 0.0, 1.0));
    }
    p.beat_confidence = std::move(beat_confidence);
    p.in_beats = p.codes.index_select(0, index) * (1.0 - share) + p.codes.index_select(0, index + 1) * share;
  }
}

void add_moves(std::vector<Passage>& passages, model::Mover mover, const model::Painter& painter,
               const model::MoverSpec& spec) {
  const torch::NoGradGuard no_grad;
  mover->eval();
  const torch::Device device = mover->parameters()[0].device();
  std::vector<Tensor> training;
  for (Passage& p : passages) {
    if (!p.in_beats.defined()) continue;
    p.moves = mover->moves_of(p.in_beats.unsqueeze(0).to(device))[0].cpu();
    const Tensor seen = seen_from(painter, p.in_beats), steps = (seen.slice(0, 1) - seen.slice(0, 0, -1)).norm(2, 1);
    p.conditions = torch::stack({coming_energy(steps, spec), local_pulse(steps, spec)}, 1);
    if (!p.held_out && p.choreography) training.push_back(p.conditions);
  }
  if (training.empty())
    throw error("the data set has no clip with beats that is not held out\nhint: `ombra prepare` more footage");
  const Tensor all = torch::cat(training), mean = all.mean(0), deviation = all.std(0).clamp_min(1e-6);
  for (Passage& p : passages) {
    if (p.conditions.defined()) p.conditions = ((p.conditions - mean) / deviation).clamp(-2.5, 2.5);
  }
}

}  // namespace ombra::train
