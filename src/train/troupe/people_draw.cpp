#include "train/troupe/people_draw.hpp"

#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/quantile.hpp"
#include "model/body/body_sense.hpp"
#include "model/body/fingers.hpp"
#include "model/figure/distance.hpp"
#include "model/figure/strokes.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace ombra::train {
namespace {

constexpr std::int64_t kScenes = 64;    // that a step draws from
constexpr std::int64_t kNewScenes = 2;  // of them new in each step
constexpr double kSettleS = 0.7;        // until hair and skirts swing
constexpr double kSceneS = 3.2;
constexpr double kAskewRadians = 0.7;  // deviation of the half that is seen from the front

// A kick: one leg is swung up from the hip, to the front, the side or back, and comes down again.
constexpr double kKicking = 0.15;  // share of the scenes
constexpr double kKickFromS = 0.8, kKickToS = 2.6, kKickHalfS = 0.5;
constexpr double kKickLeast = 0.6, kKickMost = 2.0;              // radians
constexpr double kKickSideways = 0.9, kKickBackwardsMost = 0.9;  // radians from the front; of a kick to the back

// v about the unit vector axis (Rodrigues)
Joint3 about(const Joint3& v, const Joint3& axis, float angle) {
  const float c = std::cos(angle), s = std::sin(angle),
              along = (1.0f - c) * (axis.x * v.x + axis.y * v.y + axis.z * v.z);
  return {c * v.x + s * (axis.y * v.z - axis.z * v.y) + along * axis.x,
          c * v.y + s * (axis.z * v.x - axis.x * v.z) + along * axis.y,
          c * v.z + s * (axis.x * v.y - axis.y * v.x) + along * axis.z};
}

void kick(std::vector<Pose3>& poses, double fps, Rng& rng) {
  const bool left = rng.uniform() < 0.5, back = rng.uniform() < 0.2;
  const double when = kKickFromS + (kKickToS - kKickFromS) * rng.uniform(),
               most = back ? kKickBackwardsMost : kKickMost, high = kKickLeast + (most - kKickLeast) * rng.uniform(),
               outwards = kKickSideways * rng.uniform() * (left ? 1.0 : -1.0);
  const std::array<int, 4> leg = left ? std::array<int, 4>{kLHip, kLKnee, kLAnkle, kLBigToe}
                                      : std::array<int, 4>{kRHip, kRKnee, kRAnkle, kRBigToe};
  for (std::size_t t = 0; t < poses.size(); ++t) {
    const double off = std::abs(static_cast<double>(t) / fps - when) / kKickHalfS;
    if (off >= 1.0) continue;
    const auto angle = static_cast<float>(high * 0.5 * (1.0 + std::cos(std::numbers::pi * off)) * (back ? -1.0 : 1.0));
    const float towards = model::heading_of(poses[t]) + static_cast<float>(outwards);
    const Joint3 axis = model::turned({-1.0f, 0.0f, 0.0f}, towards);  // what hangs down swings to the front
    const Joint3 from = poses[t][static_cast<std::size_t>(leg[0])];
    for (std::size_t k = 1; k < leg.size(); ++k) {
      Joint3& joint = poses[t][static_cast<std::size_t>(leg[k])];
      const Joint3 swung = about({joint.x - from.x, joint.y - from.y, joint.z - from.z}, axis, angle);
      joint = {from.x + swung.x, from.y + swung.y, from.z + swung.z};
    }
  }
}

std::uint64_t seed_of(std::int64_t scene) { return 0x9e3779b97f4a7c15u * static_cast<std::uint64_t>(scene + 1); }

}  // namespace

Troupe read_troupe(const std::filesystem::path& folder, const std::vector<std::string>& left_out) {
  Troupe troupe;
  const std::vector<std::filesystem::path> files = people_of(folder);
  for (const std::string& name : left_out) {
    if (std::ranges::none_of(files, [&](const auto& file) { return file.stem() == name; }))
      throw UsageError(fmt::format("{}: nobody is called {} there", folder.string(), name));
  }
  Progress progress("figures", static_cast<std::int64_t>(files.size()));
  for (const std::filesystem::path& file : files) {
    if (std::ranges::find(left_out, file.stem().string()) == left_out.end())
      troupe.push_back(std::make_shared<const Person>(read_person(file)));
    progress.add();
  }
  if (troupe.empty()) throw UsageError(fmt::format("{}: everybody is left out", folder.string()));
  return troupe;
}

PeopleDraw::PeopleDraw(const DataSet& data, Troupe troupe, bool held_out)
    : troupe_(std::move(troupe)), kicks_(!held_out) {
  double sum = 0.0;
  for (const DataClip& clip : data.clips()) {
    const bool once = !clip.mirrored && clip.yaw == 0.0;
    if (clip.held_out != held_out || !once || data.poses_in_space().empty()) continue;
    const auto poses =
        data.poses_in_space().subspan(static_cast<std::size_t>(clip.start), static_cast<std::size_t>(clip.length));
    if (clip.length < static_cast<std::int64_t>(clip.fps) || !std::isfinite(poses.front()[0].z)) continue;
    takes_.push_back({{poses.begin(), poses.end()}, model::footing_of(poses), clip.fps});
    until_.push_back(sum += static_cast<double>(clip.length));
  }
}

double PeopleDraw::foot_pitch() const {
  std::vector<double> pitches;
  for (const Take& take : takes_) pitches.push_back(static_cast<double>(take.footing.pitch));
  return median(std::move(pitches));
}

PeopleDraw::Scene PeopleDraw::play(std::int64_t number) const {
  Rng rng(seed_of(number));
  Scene scene;
  scene.who = rng.below(static_cast<int>(troupe_.size()));
  const auto at = std::ranges::upper_bound(until_, rng.uniform() * until_.back()) - until_.begin();
  const Take& take = takes_[std::min(static_cast<std::size_t>(at), takes_.size() - 1)];
  const std::size_t frames = std::min(take.poses.size(), static_cast<std::size_t>(kSceneS * take.fps));
  const auto any = static_cast<std::size_t>(rng.uniform() * static_cast<double>(take.poses.size() - frames + 1));
  const auto first = take.poses.begin() + static_cast<std::ptrdiff_t>(std::min(any, take.poses.size() - frames));
  scene.poses.assign(first, first + static_cast<std::ptrdiff_t>(frames));
  scene.fps = take.fps;
  if (kicks_ && rng.uniform() < kKicking) kick(scene.poses, take.fps, rng);
  const std::uint64_t hands = seed_of(number) + 1;
  scene.dance = std::make_shared<const PersonDance>(troupe_[static_cast<std::size_t>(scene.who)], scene.poses, take.fps,
                                                    hands, take.footing);
  const model::Fingers fingers(hands, static_cast<double>(frames) / take.fps);
  model::BodySense sense;
  constexpr auto kNumbers = static_cast<std::size_t>(model::kBodyNumbers);
  scene.bodies.resize(frames * kNumbers);
  for (std::size_t t = 0; t < frames; ++t) {
    sense.sense(scene.poses[t], take.footing, fingers.at(static_cast<double>(t) / take.fps),
                t == 0 ? 0.0 : 1.0 / take.fps, std::span(scene.bodies).subspan(t * kNumbers, kNumbers));
  }
  return scene;
}

void PeopleDraw::play_up_to(std::int64_t step) {
  const std::int64_t first = step * kNewScenes, end = first + kScenes;
  std::erase_if(scenes_, [&](const auto& scene) { return scene.first < first || scene.first >= end; });
  std::vector<std::int64_t> missing;
  for (std::int64_t n = first; n < end; ++n) {
    if (!scenes_.contains(n)) missing.push_back(n);
  }
  std::vector<Scene> played(missing.size());
  at::parallel_for(0, static_cast<std::int64_t>(missing.size()), 1, [&](std::int64_t begin, std::int64_t stop) {
    for (std::int64_t i = begin; i < stop; ++i)
      played[static_cast<std::size_t>(i)] = play(missing[static_cast<std::size_t>(i)]);
  });
  for (std::size_t i = 0; i < missing.size(); ++i) scenes_.emplace(missing[i], std::move(played[i]));
}

std::vector<PeopleDraw::Shot> PeopleDraw::shots(std::int64_t step, std::int64_t batch, Rng& rng, Camera camera) {
  play_up_to(step);
  std::vector<Shot> shots;
  for (std::int64_t b = 0; b < batch; ++b) {
    const Scene& scene = scenes_.at(step * kNewScenes + rng.below(static_cast<int>(kScenes)));
    const std::size_t frames = scene.dance->frames(),
                      settled = std::min(frames - 1, static_cast<std::size_t>(kSettleS * scene.fps));
    const auto frame = settled + static_cast<std::size_t>(rng.below(static_cast<int>(frames - settled)));
    const bool in_front = rng.uniform() < 0.5 || camera == Camera::kInFront;
    const double yaw = in_front ? kAskewRadians * rng.normal() : std::numbers::pi * (2.0 * rng.uniform() - 1.0);
    shots.push_back({&scene, frame, static_cast<float>(yaw)});
  }
  return shots;
}

DrawnPeople PeopleDraw::pose(const std::vector<Shot>& shots) {
  constexpr auto kNumbers = static_cast<std::size_t>(model::kBodyNumbers);
  const auto batch = static_cast<std::int64_t>(shots.size());
  DrawnPeople posed{torch::empty({batch, model::kBodyNumbers}),
                    torch::empty({batch}, torch::kLong),
                    torch::empty({batch, model::kSpaceNumbers}),
                    {}};
  for (std::int64_t b = 0; b < batch; ++b) {
    const auto& [scene, frame, yaw] = shots[static_cast<std::size_t>(b)];
    const std::span<float> body(posed.bodies.data_ptr<float>() + b * model::kBodyNumbers, kNumbers);
    std::copy_n(scene->bodies.begin() + static_cast<std::ptrdiff_t>(frame * kNumbers), kNumbers, body.begin());
    model::turn_body(body, yaw);
    posed.who.data_ptr<std::int64_t>()[b] = scene->who;
    Pose3 pose = scene->poses[frame];
    const float stride = scene->dance->stride();
    const Joint3 hip = pose[kHip];
    for (Joint3& joint : pose) {
      joint.x += (stride - 1.0f) * hip.x, joint.z += (stride - 1.0f) * hip.z;
      joint = model::turned(joint, yaw);
    }
    std::memcpy(posed.poses.data_ptr<float>() + b * model::kSpaceNumbers, pose.data(), sizeof pose);
  }
  return posed;
}

DrawnPeople PeopleDraw::pose(std::int64_t step, std::int64_t batch, Rng& rng, Camera camera) {
  return pose(shots(step, batch, rng, camera));
}

DrawnPeople PeopleDraw::draw(std::int64_t step, std::int64_t batch, std::int64_t size, Rng& rng, Camera camera) {
  const std::vector<Shot> seen = shots(step, batch, rng, camera);
  DrawnPeople drawn = pose(seen);
  drawn.fields = torch::empty({batch, 1, size, size});
  at::parallel_for(0, batch, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto area = static_cast<std::size_t>(size * size);
    std::vector<float> ink(area);
    for (std::int64_t b = begin; b < end; ++b) {
      const auto& [scene, frame, yaw] = seen[static_cast<std::size_t>(b)];
      const float x = drawn.poses.data_ptr<float>()[b * model::kSpaceNumbers + 3 * kHip];
      scene->dance->draw(frame, {yaw, false, x}, static_cast<int>(size), ink);
      const std::span<float> field(drawn.fields.data_ptr<float>() + static_cast<std::size_t>(b) * area, area);
      model::signed_distance(ink, static_cast<int>(size), static_cast<int>(size), field);
      for (float& d : field) d = std::clamp(d / static_cast<float>(size), -model::kMaxDistance, model::kMaxDistance);
    }
  });
  return drawn;
}

}  // namespace ombra::train
