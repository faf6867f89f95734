#include "model/dancers/embodiment.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::model {
namespace {

constexpr double kHandsS = 240.0;  // then fingers do the same again
constexpr double kLeapS = 0.5;     // a longer step is none: hair would fly
constexpr float kInwardDegrees = 90.0f;
constexpr float kRadians = std::numbers::pi_v<float> / 180.0f;

// A number that looks like chance, the same each time.
int any_of(int place) { return static_cast<int>((static_cast<unsigned>(place) * 2654435761u) >> 8); }

}  // namespace

Embodiment::Embodiment(std::shared_ptr<const DancerFile> file, int place)
    : file_(std::move(file)), place_(place), fingers_(static_cast<std::uint64_t>(place) + 1, kHandsS) {}

std::size_t Embodiment::size(const DancerFile& file) {
  const std::size_t code = static_cast<std::size_t>(file.recipe.painter.code);
  return file.cast.people() > 0 ? static_cast<std::size_t>(kBodyNumbers) + file.cast.size : code;
}

// The first stands in the middle, the others to its right and left in turn.
float Embodiment::yaw_of(int dancers, const FigureControls& controls) const {
  if (dancers < 2) return kRadians * controls.yaw;
  const int steps = (place_ + 1) / 2, most = dancers / 2;
  const float side = place_ % 2 == 1 ? -1.0f : 1.0f;
  return kRadians * (controls.yaw +
                     side * controls.inward * kInwardDegrees * static_cast<float>(steps) / static_cast<float>(most));
}

void Embodiment::who(const FigureControls& controls, std::span<float> person) const {
  const Cast& cast = file_->cast;
  const auto count = static_cast<int>(cast.people());
  const int off = controls.cast == 0 ? place_ : controls.cast == 2 ? any_of(place_) : 0;
  const auto add = [&](float which, float share) {
    if (!std::isfinite(which)) return;
    const float whole = std::floor(which);
    for (const int next : {0, 1}) {
      const float part = share * (next == 1 ? which - whole : 1.0f - which + whole);
      const auto number = static_cast<int>(std::fmod(whole, 1e6f)) - 1 + next + off;
      const std::span<const float> vector = cast.vector_of(static_cast<std::size_t>(floor_mod(number, count)));
      for (std::size_t i = 0; i < person.size(); ++i) person[i] += part * vector[i];
    }
  };
  const auto along = [&](std::span<const float> direction, float much) {
    for (std::size_t i = 0; i < direction.size(); ++i) person[i] += much * direction[i];
  };
  std::fill(person.begin(), person.end(), 0.0f);
  add(controls.person, 1.0f - controls.morph);
  add(controls.other, controls.morph);
  along(cast.taller, controls.height);
  along(cast.stouter, controls.build);
}

void Embodiment::embody(std::span<const float> code, double time_s, int dancers, const FigureControls& controls,
                        std::span<float> figure) {
  if (file_->cast.people() == 0) {
    std::copy(code.begin(), code.end(), figure.begin());
    return;
  }
  double step_s = time_s - time_s_;
  time_s_ = time_s;
  if (!(step_s >= 0.0 && step_s < kLeapS)) {
    sense_.reset();
    step_s = 0.0;
  }
  Pose3 pose = decode(file_->pose, code);
  const float yaw = yaw_of(dancers, controls);
  const Joint3 hip = pose[kHip];
  for (Joint3& joint : pose) {
    joint = turned({joint.x - hip.x, joint.y, joint.z - hip.z}, yaw);
    joint.x += hip.x, joint.z += hip.z;
  }
  const std::span<float> body = figure.first(static_cast<std::size_t>(kBodyNumbers));
  sense_.sense(pose, {file_->cast.foot_pitch, 0.0f}, fingers_.at(time_s), step_s, body);
  turn_body(body, kRadians * controls.orbit);
  who(controls, figure.subspan(body.size()));
}

}  // namespace ombra::model
