#include "footage/people/person_dance.hpp"

#include "model/body/chains.hpp"
#include "model/body/fingers.hpp"

#include <glm/gtc/quaternion.hpp>

#include <algorithm>

namespace ombra::train {
namespace {

using enum model::BodyBone;
using model::Chains, model::Driver, model::Fingers, model::Footing;

// From the hip to the ankle, m.
float leg_of(const Person& person) {
  const auto at = [&](BodyBone bone) {
    return person.bones[static_cast<std::size_t>(person.find(bone, BodySide::kLeft))].rest;
  };
  return glm::length(at(kLowerLeg) - at(kUpperLeg)) + glm::length(at(kFoot) - at(kLowerLeg));
}

float leg_of(const Pose3& pose) {
  const auto at = [&](int joint) {
    const Joint3& j = pose[static_cast<std::size_t>(joint)];
    return glm::vec3(j.x, j.y, j.z);
  };
  return glm::length(at(kLKnee) - at(kLHip)) + glm::length(at(kLAnkle) - at(kLKnee));
}

}  // namespace

PersonDance::PersonDance(std::shared_ptr<const Person> person, std::span<const Pose3> poses, double fps,
                         std::uint64_t seed, const Footing& footing)
    : person_(std::move(person)) {
  if (poses.empty()) return;
  std::vector<double> legs;
  for (const Pose3& pose : poses) legs.push_back(leg_of(pose));
  std::ranges::nth_element(legs, legs.begin() + static_cast<std::ptrdiff_t>(legs.size() / 2));
  stride_ = std::clamp(leg_of(*person_) / std::max(0.1f, static_cast<float>(legs[legs.size() / 2])), 0.3f, 3.0f);
  const Fingers fingers(seed, static_cast<double>(poses.size()) / fps);
  Driver driver(*person_);
  Chains chains(*person_);
  BodyPose now;
  frames_.resize(poses.size());
  for (std::size_t t = 0; t < poses.size(); ++t) {
    driver.drive(poses[t], footing, fingers.at(static_cast<double>(t) / fps), now);
    const Joint3& hip = poses[t][kHip];
    chains.swing(now, stride_ * glm::vec3(hip.x, hip.y, hip.z), t == 0 ? 0.0 : 1.0 / fps);
    Frame& frame = frames_[t];
    frame.clearance = stride_ * model::clearance(poses[t], footing);
    frame.place = now.place;
    for (const glm::mat3& turn : now.turn) {
      const glm::quat q = glm::quat_cast(turn);
      frame.turn.emplace_back(q.x, q.y, q.z, q.w);
    }
  }
}

PersonDance::PersonDance(std::shared_ptr<const Person> person, std::span<const Pose3> poses, double fps,
                         std::uint64_t seed)
    : PersonDance(std::move(person), poses, fps, seed, model::footing_of(poses)) {}

BodyPose PersonDance::pose(std::size_t frame) const {
  BodyPose pose;
  pose.place = frames_[frame].place;
  for (const glm::vec4& q : frames_[frame].turn) pose.turn.push_back(glm::mat3_cast(glm::quat(q.w, q.x, q.y, q.z)));
  return pose;
}

void PersonDance::draw(std::size_t frame, ShadowView view, int side, std::span<float> ink) const {
  thread_local Shadow shadow;
  view.clearance = clearance(frame);
  shadow.draw(*person_, pose(frame), view, side, ink);
}

}  // namespace ombra::train
