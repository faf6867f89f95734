#include "footage/motion/body.hpp"

#include "core/frames.hpp"

#include <cmath>

namespace ombra::train {
namespace {

Joint2 operator+(Joint2 a, Joint2 b) { return {a.x + b.x, a.y + b.y}; }
Joint2 operator-(Joint2 a, Joint2 b) { return {a.x - b.x, a.y - b.y}; }
Joint2 operator*(float s, Joint2 a) { return {s * a.x, s * a.y}; }
Joint2 mix(Joint2 a, Joint2 b, float t) { return a + t * (b - a); }

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
    const Joint2 waist = mix(p_[kSpine], mix(hips, shoulders, 0.42f), 0.5f);
    const Joint2 side = 0.5f * (p_[kLShoulder] - p_[kRShoulder]), hip_side = 0.5f * (p_[kLHip] - p_[kRHip]);
    const Joint2 up = direction(shoulders - hips, 0.05f);
    const Joint2 chest = shoulders - 0.12f * up, nape = mix(shoulders, p_[kHead], 0.38f);
    add(hips + 0.46f * hip_side + 0.02f * up, 0.084f, hips - 0.46f * hip_side + 0.02f * up, 0.084f);
    add(hips - 0.01f * up, 0.096f, waist, 0.094f);
    add(hips + 0.15f * up + 0.38f * hip_side, 0.076f, chest + 0.42f * side, 0.086f);
    add(hips + 0.15f * up - 0.38f * hip_side, 0.076f, chest - 0.42f * side, 0.086f);
    add(nape, 0.030f, shoulders + 0.74f * side - 0.022f * up, 0.040f);
    add(nape, 0.030f, shoulders - 0.74f * side - 0.022f * up, 0.040f);
    add(shoulders - 0.04f * up, 0.060f, mix(shoulders, p_[kHead], 0.75f), 0.042f);
  }

  void head() {
    const Joint2 up = direction(p_[kHead] - p_[kNeck], 0.04f);
    // both feet pointing one way: seen from the side, so the face lies there and the bun behind
    const float toes = 0.5f * (p_[kLBigToe].x - p_[kLAnkle].x + p_[kRBigToe].x - p_[kRAnkle].x);
    const float face = std::tanh(toes / 0.07f);
    const Joint2 ahead = face * Joint2{up.y, -up.x};
    const Joint2 middle = p_[kHead];
    add(middle + 0.034f * up - 0.014f * ahead, 0.072f, middle + 0.010f * up - 0.004f * ahead, 0.070f);
    add(middle - 0.014f * up + 0.010f * ahead, 0.058f, middle - 0.062f * up + 0.018f * ahead, 0.042f);
    add(middle + 0.118f * up - 0.060f * ahead, 0.030f, middle + 0.126f * up - 0.070f * ahead, 0.030f);
  }

  // Strokes end a little short of elbow, wrist, knee and ankle: there two of them blend, which would swell the joint.
  void arm(Joint shoulder, Joint elbow, Joint wrist, Joint hand) {
    const Joint2 middle = mix(p_[kLShoulder], p_[kRShoulder], 0.5f);
    add(mix(p_[shoulder], middle, 0.12f), 0.044f, mix(p_[shoulder], p_[elbow], 0.92f), 0.030f);
    add(mix(p_[elbow], p_[wrist], 0.08f), 0.032f, mix(p_[elbow], p_[wrist], 0.95f), 0.021f);
    const Joint2 along = p_[hand] - p_[wrist];
    add(p_[wrist] + 0.3f * along, 0.020f, p_[wrist] + 0.75f * along, 0.021f);
    add(p_[wrist] + 1.05f * along, 0.021f, p_[wrist] + 1.80f * along, 0.014f);
  }

  void leg(Joint hip, Joint knee, Joint ankle, Joint toe) {
    const Joint2 shin = p_[ankle] - p_[knee];
    const Joint2 other = hip == kLHip ? p_[kRHip] : p_[kLHip];
    add(mix(mix(p_[hip], other, 0.14f), p_[knee], 0.06f), 0.079f, mix(p_[hip], p_[knee], 0.94f), 0.046f);
    add(mix(p_[knee], p_[ankle], 0.06f), 0.043f, mix(p_[knee], p_[ankle], 0.96f), 0.026f);
    add(p_[knee] + 0.18f * shin, 0.038f, p_[knee] + 0.42f * shin, 0.034f);
    const Joint2 foot = p_[toe] - p_[ankle];
    const Joint2 down = direction(shin, 0.1f);
    const float drop = foot.x * down.x + foot.y * down.y;  // how far the toes are below the ankle, along the shin
    const Joint2 heel = p_[ankle] + 0.08f * std::tanh(drop / 0.09f) * down - 0.25f * (foot - drop * down);
    add(p_[ankle] + 0.01f * down, 0.024f, p_[toe], 0.018f);
    add(heel, 0.024f, p_[toe] + 0.12f * foot, 0.020f);
  }

  const Pose2& p_;
};

}  // namespace

std::array<model::Stroke, kBodyStrokes> body_strokes(const Pose2& pose) { return Body(pose).strokes; }

}  // namespace ombra::train
