#include "stage/scene_uniforms.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::stage {
namespace {

// Shaders count time in 32-bit floats, so it starts again before steps of a millisecond get lost.
constexpr double kTimeWrapsS = 3600.0, kBeatWraps = 4096.0;

float within(float value, float low, float high, float otherwise) {
  return std::isfinite(value) ? std::clamp(value, low, high) : otherwise;
}

double wrapped(double value, double period) {
  return std::isfinite(value) ? value - period * std::floor(value / period) : 0.0;
}

}  // namespace

LookControls sane(LookControls controls) {
  const LookControls usual;
  for (auto [value, otherwise] : {std::pair{&controls.glow, usual.glow},
                                  {&controls.swell, usual.swell},
                                  {&controls.throb, usual.throb},
                                  {&controls.flash, usual.flash},
                                  {&controls.trails, usual.trails},
                                  {&controls.softness, usual.softness},
                                  {&controls.grain, usual.grain}}) {
    *value = within(*value, 0.0f, 1.0f, otherwise);
  }
  controls.size = within(controls.size, 0.05f, 4.0f, usual.size);
  controls.spread = within(controls.spread, 0.0f, 4.0f, usual.spread);
  return controls;
}

FrameUniforms frame_uniforms(const Scene& scene, const LookControls& controls, const Layout& layout) {
  FrameUniforms u{};
  u.ink = linear(controls.ink);
  u.light = linear(controls.light);
  u.backdrop = linear(controls.backdrop);
  u.time = static_cast<float>(wrapped(scene.time_s, kTimeWrapsS));
  u.step = static_cast<float>(std::isfinite(scene.step_s) ? std::clamp(scene.step_s, 0.0, 0.1) : 0.0);
  u.beat = static_cast<float>(wrapped(scene.beat, kBeatWraps));
  u.beat_phase = static_cast<float>(wrapped(scene.beat, 1.0));
  u.swell = controls.swell;
  u.throb = controls.throb;
  u.flash = controls.flash;
  u.glow = controls.glow;
  u.trails = controls.trails;
  u.softness = controls.softness;
  u.grain = controls.grain;
  u.mirror = controls.mirror ? 1.0f : 0.0f;
  u.floor_y = layout.floor;
  u.figure = layout.height;
  u.far = kFarDistance * layout.height;
  u.room = scene.transparent ? 0.0f : 1.0f;
  return u;
}

FigureUniforms figure_uniforms(const Layout& layout, const FieldTextures& fields, int figures) {
  FigureUniforms f{};
  for (int i = 0; i < figures; ++i) {
    const Place& place = layout.places[i];
    f.place[i] = {place.x, place.bottom, place.height, place.layer};
    const Box& near = fields.near_box(place.layer);
    const Box& far = fields.far_box(place.layer);
    f.near_box[i] = {near.left, near.top, near.right, near.bottom};
    f.far_box[i] = {far.left, far.top, far.right, far.bottom};
    f.tint[i] = {place.haze, 0.0f, 0.0f, 0.0f};
  }
  return f;
}

}  // namespace ombra::stage
