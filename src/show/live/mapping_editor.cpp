#include "show/live/mapping_editor.hpp"

#include "stage/mapping/mapping_mesh.hpp"

#include <algorithm>
#include <utility>

namespace ombra::show {
namespace {

using Kind = stage::MappingPoint::Kind;

constexpr double kFinePixels = 0.1;

bool same_place(const OutputSettings& a, const OutputSettings& b) {
  return a.display == b.display && a.connector == b.connector && a.x == b.x && a.y == b.y;
}

}  // namespace

void MappingEditor::set_outputs(std::vector<MappedOutput> outputs) {
  const OutputSettings chosen = outputs_.empty() ? OutputSettings{} : outputs_[output_].settings;
  std::vector<Steps> steps(outputs.size());
  std::size_t output = 0;
  bool stays = false;  // the one that is edited
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    OutputSettings& settings = outputs[i].settings;
    settings.mapping = stage::sane(settings.mapping);
    const auto known = [&](const MappedOutput& each) { return same_place(each.settings, settings); };
    const auto at = std::ranges::find_if(outputs_, known);
    if (at != outputs_.end()) {
      settings.mapping = at->settings.mapping;
      steps[i] = std::move(steps_[static_cast<std::size_t>(at - outputs_.begin())]);
    }
    if (!outputs_.empty() && same_place(settings, chosen)) output = i, stays = true;
  }
  if (!stays) editing_ = false, release();
  outputs_ = std::move(outputs);
  steps_ = std::move(steps);
  output_ = output;
  ++revision_;
  check_selected();
}

void MappingEditor::choose_output(std::size_t number) {
  if (number >= outputs_.size() || number == output_) return;
  release();
  output_ = number;
  check_selected();
}

const stage::Mapping& MappingEditor::mapping() const {
  static const stage::Mapping plain;
  return outputs_.empty() ? plain : outputs_[output_].settings.mapping;
}

glm::dvec2 MappingEditor::size() const {
  if (outputs_.empty()) return {1.0, 1.0};
  return glm::max(glm::dvec2(outputs_[output_].width, outputs_[output_].height), 1.0);
}

void MappingEditor::edit(bool on) {
  editing_ = on;
  release();
  if (on && selected_.kind == Kind::kNone) select({Kind::kCorner, 0, 0});
}

void MappingEditor::select(const stage::MappingPoint& point) {
  selected_ = point;
  step_open_ = false;
  check_selected();
}

void MappingEditor::check_selected() {
  if (!stage::place_of(mapping(), selected_)) selected_ = {};
  if (editing() && selected_.kind == Kind::kNone) selected_ = {Kind::kCorner, 0, 0};
}

void MappingEditor::select_next(int steps) {
  const std::vector<stage::MappingPoint> points = stage::mapping_points(mapping());
  const int count = static_cast<int>(points.size());
  const int now = static_cast<int>(std::ranges::find(points, selected_) - points.begin());
  const int next = now == count ? (steps > 0 ? 0 : count - 1) : ((now + steps) % count + count) % count;
  select(points[static_cast<std::size_t>(next)]);
}

void MappingEditor::change(const std::function<void(stage::Mapping&)>& change) {
  if (outputs_.empty()) return;
  stage::Mapping next = mapping();
  change(next);
  next = stage::sane(next);
  if (next == mapping()) return;
  Steps& steps = steps_[output_];
  if (!step_open_ || !held_) {
    steps.done.push_back(mapping());
    if (steps.done.size() > kMaxSteps) steps.done.pop_front();
  }
  steps.undone.clear();
  step_open_ = held_;
  outputs_[output_].settings.mapping = std::move(next);
  ++revision_;
  check_selected();
}

void MappingEditor::move_selected(glm::dvec2 place) {
  change([&](stage::Mapping& m) { stage::move_point(m, selected_, place); });
}

void MappingEditor::nudge(glm::dvec2 pixels, bool same_step) {
  const auto place = stage::place_of(mapping(), selected_);
  if (!place) return;
  const bool held = held_;
  held_ = true;
  if (!same_step) step_open_ = false;
  move_selected(*place + pixels / size());
  held_ = held;  // the step stays open for the key's next repeat
}

void MappingEditor::set_mesh(int columns, int rows) {
  change([&](stage::Mapping& m) {
    const stage::Surface surface(m);
    stage::Mesh mesh{std::clamp(columns, stage::kMinMeshPoints, stage::kMaxMeshPoints),
                     std::clamp(rows, stage::kMinMeshPoints, stage::kMaxMeshPoints),
                     {}};
    for (int row = 0; row < mesh.rows; ++row) {
      for (int column = 0; column < mesh.columns; ++column) {
        const glm::dvec2 place(static_cast<double>(column) / (mesh.columns - 1),
                               static_cast<double>(row) / (mesh.rows - 1));
        mesh.bend.push_back(surface.bend(place));
      }
    }
    m.mesh = std::move(mesh);
  });
}

void MappingEditor::add_mask() {
  const std::size_t number = mapping().masks.size();
  if (number >= stage::kMaxMasks || outputs_.empty()) return;
  change([](stage::Mapping& m) { m.masks.push_back({{{0.4, 0.4}, {0.6, 0.4}, {0.6, 0.6}, {0.4, 0.6}}}); });
  select({Kind::kMask, 0, static_cast<int>(number)});
}

void MappingEditor::remove_mask(std::size_t number) {
  if (number >= mapping().masks.size()) return;
  if (selected_.kind == Kind::kMask) selected_ = {};
  change([&](stage::Mapping& m) { m.masks.erase(m.masks.begin() + static_cast<std::ptrdiff_t>(number)); });
}

void MappingEditor::add_mask_point(std::size_t mask, std::size_t after) {
  if (mask >= mapping().masks.size()) return;
  const std::vector<glm::dvec2>& points = mapping().masks[mask].points;
  if (after >= points.size() || points.size() >= stage::kMaxMaskPoints) return;
  const glm::dvec2 between = 0.5 * (points[after] + points[(after + 1) % points.size()]);
  change([&](stage::Mapping& m) {
    auto& all = m.masks[mask].points;
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(after) + 1, between);
  });
  select({Kind::kMask, static_cast<int>(after) + 1, static_cast<int>(mask)});
}

void MappingEditor::remove_selected() {
  if (selected_.kind != Kind::kMask || !stage::place_of(mapping(), selected_)) return;
  const auto mask = static_cast<std::size_t>(selected_.mask);
  if (mapping().masks[mask].points.size() <= stage::kMinMaskPoints) return;
  const std::ptrdiff_t index = selected_.index;
  change([&](stage::Mapping& m) { m.masks[mask].points.erase(m.masks[mask].points.begin() + index); });
  select({Kind::kMask, static_cast<int>(std::max<std::ptrdiff_t>(index - 1, 0)), selected_.mask});
}

void MappingEditor::reset(MappingPart part) {
  change([&](stage::Mapping& m) {
    const stage::Mapping usual;
    const auto is = [part](MappingPart one) { return part == MappingPart::kAll || part == one; };
    if (is(MappingPart::kPicture)) {
      m.quarter_turns = 0, m.flip_x = m.flip_y = false, m.source = usual.source, m.keep_shape = usual.keep_shape;
      m.scale = usual.scale, m.offset = usual.offset;
    }
    if (is(MappingPart::kCorners)) m.corners = usual.corners;
    if (is(MappingPart::kMesh)) m.mesh.bend.clear();
    if (part == MappingPart::kAll) m.mesh = usual.mesh;
    if (is(MappingPart::kMasks)) m.masks.clear();
    if (is(MappingPart::kColours)) m.colours = usual.colours;
    if (is(MappingPart::kBlends)) m.blends = usual.blends, m.light_gamma = usual.light_gamma;
  });
}

void MappingEditor::take_back(std::deque<stage::Mapping>& from, std::deque<stage::Mapping>& to) {
  release();
  to.push_back(std::exchange(outputs_[output_].settings.mapping, std::move(from.back())));
  from.pop_back();
  ++revision_;
  check_selected();
}

void MappingEditor::undo() {
  if (can_undo()) take_back(steps_[output_].done, steps_[output_].undone);
}

void MappingEditor::redo() {
  if (can_redo()) take_back(steps_[output_].undone, steps_[output_].done);
}

bool MappingEditor::press(MappingKey key, bool fine, bool repeat) {
  if (!editing()) return false;
  const double step = fine ? kFinePixels : 1.0;
  switch (key) {
    case MappingKey::kLeft:
      nudge({-step, 0.0}, repeat);
      break;
    case MappingKey::kRight:
      nudge({step, 0.0}, repeat);
      break;
    case MappingKey::kUp:
      nudge({0.0, -step}, repeat);
      break;
    case MappingKey::kDown:
      nudge({0.0, step}, repeat);
      break;
    case MappingKey::kNext:
      select_next(1);
      break;
    case MappingKey::kPrevious:
      select_next(-1);
      break;
    case MappingKey::kUndo:
      undo();
      break;
    case MappingKey::kRedo:
      redo();
      break;
    case MappingKey::kEnd:
      if (!repeat) edit(false);
      break;
  }
  return true;
}

}  // namespace ombra::show
