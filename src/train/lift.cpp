#include "train/lift.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/rng.hpp"
#include "footage/motion/filters.hpp"
#include "footage/motion/picture_pose.hpp"
#include "train/optimiser.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <numbers>

namespace ombra::train {

using torch::Tensor;
using torch::indexing::Slice;

namespace {

constexpr std::array kWindowS{-0.5, -0.33, -0.2, -0.1, -0.033, 0.0, 0.033, 0.1, 0.2, 0.33, 0.5};
constexpr std::int64_t kBones = kJoints - 1, kNumbers = 2 * kJoints + 2 + kBones, kHidden = 512;
constexpr double kUnitM = 0.3;                               // what the network calls 1
constexpr double kStandingM = 0.9;                           // usual height of the hip
constexpr double kFreeM = 0.1;                               // by how much a bone may leave its length
constexpr double kShareInFront = 0.5, kFrontDegrees = 30.0;  // of the training views: how dancers are filmed
constexpr double kBiasM = 0.015, kJitterM = 0.008, kSizes = 0.05;

// A clip a take and figure: the one that is seen most from the front. -> those with depth
std::vector<const DataClip*> takes_in_space(const DataSet& data, bool held_out) {
  std::map<std::pair<std::string, std::string>, const DataClip*> takes;
  if (data.poses_in_space().empty()) return {};
  for (const DataClip& clip : data.clips()) {
    if (clip.held_out != held_out || clip.mirrored || clip.length < 2) continue;
    if (std::isnan(data.poses_in_space()[static_cast<std::size_t>(clip.start)][kHip].z)) continue;
    const DataClip*& best = takes[{clip.name, clip.person}];
    if (best == nullptr || std::abs(clip.yaw) < std::abs(best->yaw)) best = &clip;
  }
  std::vector<const DataClip*> list;
  for (const auto& [name, clip] : takes) list.push_back(clip);
  return list;
}

// -> [T, J, 3]
Tensor poses_in_space_of(const DataSet& data, const DataClip& clip) {
  const Tensor poses = torch::empty({clip.length, kJoints, 3});
  std::memcpy(poses.data_ptr<float>(), data.poses_in_space().data() + clip.start,
              static_cast<std::size_t>(clip.length) * sizeof(Pose3));
  return poses;
}

// poses [..., J, 3], angle [...] radians -> as a camera turned by it sees them (picture_pose.hpp)
Tensor turned(const Tensor& poses, const Tensor& angle) {
  const Tensor c = angle.cos().unsqueeze(-1), s = angle.sin().unsqueeze(-1), x = poses.select(-1, 0),
               z = poses.select(-1, 2);
  return torch::stack({c * x + s * z, poses.select(-1, 1), c * z - s * x}, -1);
}

// [..., J, D] -> [..., N, D]: each joint from the one that it hangs on
Tensor bones_of(const Tensor& joints) {
  std::vector<std::int64_t> parents;
  for (std::size_t j = 1; j < kJoints; ++j) parents.push_back(model::kParentJoint[j]);
  return joints.slice(-2, 1) - joints.index_select(-2, torch::tensor(parents));
}

// -> [N, J]: 1 where a bone lies between the hip and the joint
Tensor chains() {
  Tensor on = torch::zeros({kBones, kJoints});
  for (int j = 1; j < kJoints; ++j) {
    for (int at = j; at > 0; at = model::kParentJoint[static_cast<std::size_t>(at)]) on[at - 1][j] = 1.0f;
  }
  return on;
}

// [B, W, J, 2] -> [B, W, N]: how far each bone can reach towards the viewer or away, m
Tensor reach(const Tensor& windows, const Tensor& bones) {
  return (bones.square() - bones_of(windows).square().sum(-1)).clamp_min(1e-4).sqrt();
}

// What of takes can be drawn at random: windows that do not reach into the next take.
struct Pool {
  Tensor poses;                          // [T, J, 3], one take after another
  std::vector<std::int64_t> first, end;  // of the take of each frame

  Tensor draw(std::int64_t count, const std::vector<std::int64_t>& offsets, Rng& rng) const {  // -> [B, W, J, 3]
    const auto width = static_cast<std::int64_t>(offsets.size());
    const Tensor at = torch::empty({count, width}, torch::kLong);
    std::int64_t* to = at.data_ptr<std::int64_t>();
    for (std::int64_t b = 0; b < count; ++b) {
      const auto middle = static_cast<std::size_t>(rng.below(static_cast<int>(first.size())));
      for (const std::int64_t offset : offsets)
        *to++ = std::clamp(static_cast<std::int64_t>(middle) + offset, first[middle], end[middle] - 1);
    }
    return poses.index_select(0, at.flatten()).view({count, width, kJoints, 3});
  }
};

Pool pool_of(const DataSet& data) {
  Pool pool;
  std::vector<Tensor> all;
  for (const DataClip* clip : takes_in_space(data, false)) {
    all.push_back(poses_in_space_of(data, *clip));
    const auto first = static_cast<std::int64_t>(pool.first.size());
    pool.first.insert(pool.first.end(), static_cast<std::size_t>(clip->length), first);
    pool.end.insert(pool.end.end(), static_cast<std::size_t>(clip->length), first + clip->length);
  }
  if (all.empty()) throw error("no clips in three dimensions to learn depth from\nhint: add some to the data set");
  pool.poses = torch::cat(all);
  return pool;
}

// [B, W, J, 3] -> mirrored half of the time, from any side, dancers of any size
Tensor varied(Tensor poses, Rng& rng) {
  const std::int64_t count = poses.size(0);
  std::vector<std::int64_t> others;
  for (int j = 0; j < kJoints; ++j) others.push_back(mirrored_joint(j));
  const Tensor mirror = poses.index_select(2, torch::tensor(others)) * torch::tensor({-1.0f, 1.0f, 1.0f});
  const Tensor flip = torch::empty({count}), angle = torch::empty({count}), size = torch::empty({count});
  for (std::int64_t b = 0; b < count; ++b) {
    flip[b] = rng.uniform() < 0.5 ? 1.0f : 0.0f;
    const double front = kFrontDegrees / 180.0 * std::numbers::pi * rng.normal(),
                 any = rng.uniform(-std::numbers::pi, std::numbers::pi);
    angle[b] = rng.uniform() < kShareInFront ? front : any;
    size[b] = 1.0 + kSizes * rng.uniform(-1.0, 1.0);
  }
  poses = torch::where(flip.view({-1, 1, 1, 1}) > 0.5f, mirror, poses);
  return turned(poses, angle.view({-1, 1})) * size.view({-1, 1, 1, 1});
}

// What keypoints are off by: as long as the window, and from frame to frame. [B, W, J, 2]
Tensor noise_like(const Tensor& windows) {
  const std::int64_t count = windows.size(0);
  const Tensor much = 1.5 * torch::rand({count, 1, 1, 1});
  return much * (kBiasM * torch::randn({count, 1, kJoints, 2}) + kJitterM * torch::randn_like(windows));
}

// Every joint and coordinate off by so much, m, with errors that last about a tenth of a second.
std::vector<Pose2> noisy(std::vector<Pose2> poses, double fps, double much, Rng& rng) {
  const double width = 0.05 * fps, scale = much * std::sqrt(2.0 * std::sqrt(std::numbers::pi) * width);
  std::vector<double> noise(poses.size());
  for (std::size_t j = 0; much > 0.0 && j < kJoints; ++j) {
    for (float Joint2::*axis : {&Joint2::x, &Joint2::y}) {
      for (double& n : noise) n = scale * rng.normal();
      const std::vector<double> smooth = gaussian_filter(noise, width);
      for (std::size_t t = 0; t < poses.size(); ++t) poses[t][j].*axis += static_cast<float>(smooth[t]);
    }
  }
  return poses;
}

}  // namespace

Lift::Lift(const DataSet& data, const Tensor& poses) : bones_(bones_of(poses).norm(2, -1).mean(0)) {
  for (const double at : kWindowS) offsets_.push_back(std::llround(at * data.fps()));
  const auto numbers = static_cast<std::int64_t>(offsets_.size()) * kNumbers;
  network_ = torch::nn::Sequential(torch::nn::Linear(numbers, kHidden), torch::nn::SiLU(), torch::nn::Dropout(0.1),
                                   torch::nn::Linear(kHidden, kHidden), torch::nn::SiLU(), torch::nn::Dropout(0.1),
                                   torch::nn::Linear(kHidden, kHidden), torch::nn::SiLU(),
                                   torch::nn::Linear(kHidden, 2 * kBones));
}

Tensor Lift::depth(const Tensor& windows) const {
  const auto middle = static_cast<std::int64_t>(offsets_.size()) / 2;
  const Tensor hip = windows.select(2, kHip), deep = reach(windows, bones_);
  const Tensor place =
      hip -
      torch::stack({hip.select(1, middle).select(-1, 0), torch::full({windows.size(0)}, kStandingM)}, -1).unsqueeze(1);
  const Tensor seen = torch::cat({(windows - hip.unsqueeze(2)).flatten(2), place, deep}, -1) / kUnitM;
  // Not their full length: bones that lie in the picture would bend at every error of the keypoints. Measured, held-out
  // clips are then off by 10 cm instead of 3.3.
  const Tensor said = torch::nn::Sequential(network_)->forward(seen.flatten(1)).view({-1, 2, kBones});
  return (said.select(1, 0).tanh() * deep.select(1, middle) + kFreeM * said.select(1, 1)).matmul(chains());
}

Lift Lift::train(const DataSet& data, const LiftOptions& options) {
  torch::manual_seed(options.seed & 0x7fffffff);
  Rng rng(options.seed);
  const Pool pool = pool_of(data);
  Lift lift(data, pool.poses);
  model::TrainSpec spec;
  spec.steps = options.steps, spec.rate = 1e-3;
  Optimiser optimiser(lift.network_->parameters(), spec);
  Progress progress("learning depth", options.steps);
  for (std::int64_t step = 0; step < options.steps && !interrupted(); ++step) {
    const Tensor poses = varied(pool.draw(options.batch, lift.offsets_, rng), rng), flat = poses.slice(-1, 0, 2);
    const Tensor middle = poses.select(1, poses.size(1) / 2), z = middle.select(-1, 2).unsqueeze(-1);
    const Tensor off = lift.depth(flat + noise_like(flat)).unsqueeze(-1) - (z - z.slice(1, kHip, kHip + 1));
    const Tensor loss = off.abs().mean() + bones_of(off).abs().mean();
    loss.backward();
    optimiser.step(static_cast<double>(step));
    progress.add();
  }
  lift.network_->eval();
  return lift;
}

std::vector<Pose3> Lift::lift(std::span<const Pose2> flat) const {
  const torch::NoGradGuard no_grad;
  std::vector<Pose3> out(flat.size());
  const auto frames = static_cast<std::int64_t>(flat.size());
  const Tensor poses = torch::empty({frames, kJoints, 2});
  if (frames > 0) std::memcpy(poses.data_ptr<float>(), flat.data(), flat.size() * sizeof(Pose2));
  std::vector<Tensor> frame;
  for (const std::int64_t offset : offsets_)
    frame.push_back((torch::arange(frames) + offset).clamp(0, std::max<std::int64_t>(frames - 1, 0)));
  const Tensor at = torch::stack(frame, 1);  // [T, W]
  constexpr std::int64_t kAtATime = 1024;
  for (std::int64_t i = 0; i < frames; i += kAtATime) {
    const Tensor some = at.slice(0, i, i + kAtATime);
    const Tensor windows = poses.index_select(0, some.flatten()).view({some.size(0), -1, kJoints, 2});
    const Tensor z = depth(windows).contiguous();
    for (std::int64_t t = 0; t < some.size(0); ++t) {
      for (std::size_t j = 0; j < kJoints; ++j) {
        const Joint2& joint = flat[static_cast<std::size_t>(i + t)][j];
        out[static_cast<std::size_t>(i + t)][j] = {joint.x, joint.y,
                                                   z.data_ptr<float>()[t * kJoints + static_cast<std::int64_t>(j)]};
      }
    }
  }
  return out;
}

LiftError lift_error(const Lift& lift, const DataSet& data, std::span<const double> yaws_degrees, double noise_cm) {
  Rng rng(1);
  const Tensor usual = pool_of(data).poses.mean(0);  // [J, 3]
  double lifted = 0.0, mean = 0.0;
  LiftError error;
  const auto missed = [](const Tensor& z, const Tensor& truth) {  // [T, J] from the hip or not -> cm, summed over T
    const Tensor off = (z - z.slice(1, kHip, kHip + 1)) - (truth - truth.slice(1, kHip, kHip + 1));
    return 100.0 * off.slice(1, kHip + 1).abs().mean(1).sum().item<double>();
  };
  for (const DataClip* clip : takes_in_space(data, true)) {
    for (const double yaw : yaws_degrees) {
      const Tensor angle = torch::tensor(yaw / 180.0 * std::numbers::pi, torch::kFloat);
      const Tensor truth = turned(poses_in_space_of(data, *clip), angle.view({1}));
      std::vector<Pose3> poses(static_cast<std::size_t>(clip->length));
      std::memcpy(static_cast<void*>(poses.data()), truth.contiguous().data_ptr<float>(), poses.size() * sizeof(Pose3));
      const std::vector<Pose3> out = lift.lift(noisy(flat(poses), data.fps(), noise_cm / 100.0, rng));
      const Tensor said = torch::empty_like(truth);
      std::memcpy(said.data_ptr<float>(), out.data(), out.size() * sizeof(Pose3));
      lifted += missed(said.select(-1, 2), truth.select(-1, 2));
      mean += missed(turned(usual, angle).select(-1, 2).unsqueeze(0), truth.select(-1, 2));
      error.frames += clip->length;
    }
  }
  error.lifted_cm = lifted / static_cast<double>(error.frames);
  error.mean_pose_cm = mean / static_cast<double>(error.frames);
  return error;
}

}  // namespace ombra::train
