#include "model/body/body_sense.hpp"

#include "model/body/usual_body.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace ombra::model {
namespace {

using B = BodyBone;

// Bones of the usual body by what is told of them.
struct Told {
  std::vector<int> parts, links, phalanges;
};

const Told& told() {
  static const Told all = [] {
    Told t;
    const BoneTree& body = usual_body();
    for (const BodyBone bone : {B::kHips, B::kChest, B::kHead}) t.parts.push_back(body.find(bone));
    for (const BodySide side : {BodySide::kLeft, BodySide::kRight}) {
      for (const BodyBone bone :
           {B::kShoulder, B::kUpperArm, B::kLowerArm, B::kHand, B::kUpperLeg, B::kLowerLeg, B::kFoot, B::kToes})
        t.parts.push_back(body.find(bone, side));
      for (const BodyBone finger : {B::kThumb, B::kIndex, B::kMiddle, B::kRing, B::kPinky}) {
        for (const int phalanx : {1, 2}) t.phalanges.push_back(body.find(finger, side, phalanx));
      }
    }
    for (std::size_t i = 0; i < body.bones.size(); ++i) {
      if (!body.bones[i].role) t.links.push_back(static_cast<int>(i));
    }
    return t;
  }();
  return all;
}

const Bone& bone_at(int i) { return usual_body().bones[static_cast<std::size_t>(i)]; }

// How far below the hips the body reaches in a pose: what may stand on the floor, as thick as it is there, m.
float depth_of(const BodyPose& pose) {
  const BoneTree& body = usual_body();
  const auto place = [&](int bone) { return pose.place[static_cast<std::size_t>(bone)]; };
  const auto tip = [&](int bone) {
    return place(bone) + pose.turn[static_cast<std::size_t>(bone)] * (bone_at(bone).length * bone_at(bone).aim);
  };
  const int hips = body.find(B::kHips), head = body.find(B::kHead);
  float low = std::min(place(hips).y - 0.11f, tip(head).y - 0.10f);
  for (const BodySide side : {BodySide::kLeft, BodySide::kRight}) {
    const auto reach = [&](BodyBone bone, float radius) {
      low = std::min(low, place(body.find(bone, side)).y - radius);
    };
    reach(B::kFoot, 0.092f), reach(B::kToes, 0.036f), reach(B::kLowerLeg, 0.06f), reach(B::kHand, 0.03f),
        reach(B::kLowerArm, 0.05f);
    low = std::min({low, tip(body.find(B::kToes, side)).y - 0.02f, tip(body.find(B::kHand, side)).y - 0.02f});
  }
  return place(hips).y - low;
}

}  // namespace

BodySense::BodySense() : driver_(usual_body()) {}

void BodySense::reset() { chains_.reset(); }

void BodySense::sense(const Pose3& pose, const Footing& footing, const std::array<Curls, 2>& hands, double seconds,
                      std::span<float> numbers) {
  driver_.drive(pose, footing, hands, body_);
  const Joint3& hip = pose[kHip];
  if (!chains_) chains_.emplace(usual_body());
  chains_->swing(body_, {hip.x, hip.y, hip.z}, seconds);
  float* to = numbers.data();
  const auto put = [&](const glm::vec3& v) { *to++ = v.x, *to++ = v.y, *to++ = v.z; };
  const auto turn = [&](int bone) -> const glm::mat3& { return body_.turn[static_cast<std::size_t>(bone)]; };
  for (const int part : told().parts) {
    for (int k = 0; k < 3; ++k) put(turn(part)[k]);
  }
  for (const int link : told().links) put(turn(link) * bone_at(link).aim);
  for (const int phalanx : told().phalanges) put(turn(phalanx) * bone_at(phalanx).aim);
  put({hip.x, depth_of(body_) + clearance(pose, footing) - kHipsAtRest, hip.z});
}

void turn_body(std::span<float> numbers, float yaw) {
  const float c = std::cos(yaw), s = std::sin(yaw);
  for (std::size_t i = 0; i + 2 < numbers.size(); i += 3) {
    const float x = numbers[i], z = numbers[i + 2];
    numbers[i] = c * x + s * z, numbers[i + 2] = c * z - s * x;
  }
}

std::vector<float> point_on_bone(int bone, float share) {
  const Told& all = told();
  std::vector<float> factors(static_cast<std::size_t>(kBodyVectors), 0.0f);
  factors.back() = 1.0f;
  const auto add_turned = [&](int by, const glm::vec3& v, float much) {  // v of rest, carried along by a part
    const auto at = static_cast<std::size_t>(std::ranges::find(all.parts, by) - all.parts.begin());
    for (std::size_t k = 0; k < 3; ++k) factors[3 * at + k] += much * v[static_cast<int>(k)];
  };
  const auto add_vector = [&](int of, const glm::vec3& v) {
    const std::optional<BoneRole>& role = bone_at(of).role;
    const auto link = std::ranges::find(all.links, of), phalanx = std::ranges::find(all.phalanges, of);
    const auto first = static_cast<std::ptrdiff_t>(3 * kBodyParts);
    if (link != all.links.end()) {
      factors[static_cast<std::size_t>(first + (link - all.links.begin()))] += glm::length(v);
    } else if (phalanx != all.phalanges.end()) {
      factors[static_cast<std::size_t>(first + static_cast<std::ptrdiff_t>(kHangingLinks) +
                                       (phalanx - all.phalanges.begin()))] += glm::length(v);
    } else if (role->bone == B::kSpine || role->bone == B::kNeck) {
      add_turned(usual_body().find(role->bone == B::kSpine ? B::kHips : B::kHead), v, 0.5f);
      add_turned(usual_body().find(B::kChest), v, 0.5f);
    } else {
      add_turned(of, v, 1.0f);
    }
  };
  add_vector(bone, share * bone_at(bone).length * bone_at(bone).aim);
  for (int at = bone; bone_at(at).parent >= 0; at = bone_at(at).parent)
    add_vector(bone_at(at).parent, bone_at(at).rest - bone_at(bone_at(at).parent).rest);
  return factors;
}

}  // namespace ombra::model
