#include "show/dance/director.hpp"

#include "show/params/presets.hpp"

namespace ombra::show {

Director::Director() : params_(stage::Stage::looks()) {
  modulation_.set_rows(Modulation::default_rows(params_), params_);
}

std::vector<std::string> Director::load(const std::filesystem::path& preset) {
  return load_preset(preset, params_, modulation_);
}

std::vector<std::string> Director::assign(const std::vector<std::string>& assignments) {
  std::vector<std::string> remarks;
  for (const std::string& assignment : assignments) {
    if (std::string remark = params_.assign(assignment); !remark.empty()) remarks.push_back(std::move(remark));
  }
  return remarks;
}

DanceRequest Director::ask(const AudioFrame& audio, double time_s, double seen_s, double step_s) {
  ShowParams& p = params_;
  modulation_.apply(p, audio, audio.grid.beat_at(time_s), step_s);
  titles_ = p.titles();
  const int seed = p.get(p.seed);
  if (p.fired(p.jump) || seed > 0) ++jumps_, seed_ = seed - 1;

  DanceRequest request;
  request.seen_s = seen_s;
  request.offset_s = p.get(p.offset_ms) / 1000.0;
  request.grid = audio.grid;
  request.controls = p.dance_controls();
  request.figure = p.figure_controls();
  request.speed = p.speed_factor();
  request.dancers = p.get(p.count);
  request.field_size = p.field_size();
  request.hold = p.get(p.hold);
  request.jumps = jumps_;
  request.seed = seed_;
  return request;
}

void Director::settle() {
  params_.end_triggers();
  params_.set(params_.seed.index, 0.0);
}

stage::Scene Director::scene(const FieldImage& field, const BeatGrid& grid, double time_s, double step_s) const {
  stage::Scene scene;
  scene.field = field.dancers > 0 ? &field : nullptr;
  scene.controls = params_.look_controls();
  scene.titles = &titles_;
  scene.time_s = time_s;
  scene.beat = grid.beat_at(time_s);
  scene.step_s = step_s;
  return scene;
}

}  // namespace ombra::show
