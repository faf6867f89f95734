#include "train/body.hpp"

#include "core/frames.hpp"

#include <cmath>

namespace ombra::train {
namespace {

Joint2 operator+(Joint2 a, Joint2 b) { return {a.x + b.x, a.y + b.y}; }
Joint2 operator-(Joint2 a, Joint2 b) { return {a.x - b.x, a.y - b.y}; }
Joint2 operator*(float s, Joint2 a) { return {s * a.x, s * a.y}; }
Joint2 mix(Joint2 a, Joint2 b, float t) { return a + t * (b - a); }
Joint2 across(Joint2 a) { return {-a.y, a.x}; }  // turned left by 90 degrees

// Direction that fades out smoothly where a bone is seen end-on (shorter than about `fade` metres).
Joint2 direction(Joint2 a, float fade) { return (1.0f / std::sqrt(a.x * a.x + a.y * a.y + fade * fade)) * a; }

// Radii and offsets in metres, for a dancer of kStatureMetres. Where strokes meet, the blend adds about a centimetre.
class Body {
 public:
  explicit Body(const Pose2& pose) : p_(pose) {
    trunk();
    head();
    arm(kLShoulder, kLElbow, kLWrist, kLHand);
    arm(kRShoulder, kRElbow, kRWrist, kRHand);
    leg(kLHip, kLKnee, kLAnkle, kLBigToe);
    leg(kRHip, kRKnee, kRAnkle, kRBigToe);
  }

  std::array<model::Stroke, kBodyStrokes> strokes{};
  int count = 0;

 private:
  void add(Joint2 a, float ra, Joint2 b, float rb) {
    constexpr auto kScale = static_cast<float>(1.0 / kPictureMetres), kFloor = static_cast<float>(kFloorMetres);
    strokes[static_cast<std::size_t>(count++)] = {a.x * kScale, (a.y + kFloor) * kScale, ra * kScale,
                                                  b.x * kScale, (b.y + kFloor) * kScale, rb * kScale};
  }

  void trunk() {
    const Joint2 hips = mix(p_[kLHip], p_[kRHip], 0.5f), shoulders = mix(p_[kLShoulder], p_[kRShoulder], 0.5f);
    const Joint2 waist = mix(p_[kSpine], mix(hips, shoulders, 0.45f), 0.5f);
    const Joint2 side = 0.5f * (p_[kLShoulder] - p_[kRShoulder]), hip_side = 0.5f * (p_[kLHip] - p_[kRHip]);
    const Joint2 up = direction(shoulders - hips, 0.05f);
    add(p_[kLHip] + 0.015f * up, 0.082f, p_[kRHip] + 0.015f * up, 0.082f);
    add(hips + 0.05f * up, 0.095f, waist, 0.088f);
    const Joint2 chest = shoulders - 0.13f * up;
    add(waist + 0.22f * hip_side, 0.078f, chest + 0.42f * side, 0.088f);
    add(waist - 0.22f * hip_side, 0.078f, chest - 0.42f * side, 0.088f);
    add(shoulders + 0.86f * side - 0.015f * up, 0.047f, shoulders - 0.86f * side - 0.015f * up, 0.047f);
    add(shoulders - 0.02f * up, 0.072f, mix(shoulders, p_[kHead], 0.55f), 0.040f);
  }

  void head() {
    const Joint2 up = direction(p_[kHead] - p_[kNeck], 0.04f);
    // both feet pointing one way: seen from the side, so the face lies there and the bun behind
    const float toes = 0.5f * (p_[kLBigToe].x - p_[kLAnkle].x + p_[kRBigToe].x - p_[kRAnkle].x);
    const float face = std::tanh(toes / 0.07f);
    const Joint2 ahead = face * Joint2{up.y, -up.x};
    const Joint2 middle = p_[kHead];
    add(middle + 0.025f * up - 0.008f * ahead, 0.080f, middle - 0.055f * up + 0.022f * ahead, 0.050f);
    add(middle + 0.07f * up - 0.045f * ahead, 0.045f, middle + 0.115f * up - 0.07f * ahead, 0.036f);
  }

  void arm(Joint shoulder, Joint elbow, Joint wrist, Joint hand) {
    const Joint2 middle = mix(p_[kLShoulder], p_[kRShoulder], 0.5f);
    const Joint2 top = mix(p_[shoulder], middle, 0.06f);
    add(top, 0.050f, p_[elbow], 0.033f);
    add(p_[elbow], 0.035f, p_[wrist], 0.022f);
    const Joint2 along = p_[hand] - p_[wrist];
    const Joint2 tip = p_[wrist] + 1.75f * along;
    add(p_[wrist] + 0.4f * along, 0.030f, tip, 0.014f);
    const float side = shoulder == kLShoulder ? 1.0f : -1.0f;
    add(p_[wrist] + 0.35f * along, 0.018f, p_[wrist] + 1.05f * along + side * 0.45f * across(along), 0.010f);
  }

  void leg(Joint hip, Joint knee, Joint ankle, Joint toe) {
    const Joint2 shin = p_[ankle] - p_[knee];
    add(mix(p_[hip], p_[knee], 0.06f), 0.080f, p_[knee], 0.047f);
    add(p_[knee], 0.045f, p_[ankle], 0.027f);
    add(p_[knee] + 0.18f * shin, 0.045f, p_[knee] + 0.46f * shin, 0.037f);
    const Joint2 foot = p_[toe] - p_[ankle];
    const Joint2 down = direction(shin, 0.1f);
    const Joint2 heel = p_[ankle] + 0.035f * down - 0.22f * foot;
    add(p_[ankle], 0.030f, p_[toe] - 0.1f * foot, 0.022f);
    add(heel, 0.028f, p_[toe] + 0.25f * foot, 0.014f);
  }

  const Pose2& p_;
};

}  // namespace

std::array<model::Stroke, kBodyStrokes> body_strokes(const Pose2& pose) { return Body(pose).strokes; }

}  // namespace ombra::train
