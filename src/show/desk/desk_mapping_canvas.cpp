// The output that is edited, small: the picture as it lies there, the surface's lines, and points for the mouse.
#include "show/desk/desk_widgets.hpp"
#include "show/live/mapping_editor.hpp"
#include "stage/mapping/mapping_mesh.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

using Kind = stage::MappingPoint::Kind;

constexpr double kAround = 0.12;  // room beside the output, shares of it
constexpr double kFine = 0.1;     // how far a point goes with Shift
constexpr int kCells = 16;        // that the picture is drawn in, each way

// Where the output lies on the desk, pixels.
struct Frame {
  glm::dvec2 low, size;

  ImVec2 at(glm::dvec2 place) const {
    const glm::dvec2 p = low + place * size;
    return {static_cast<float>(p.x), static_cast<float>(p.y)};
  }
};

void draw_picture(const DeskContext& desk, const Frame& frame) {
  const MappingEditor& editor = *desk.view.mapping;
  const stage::Mapping& m = editor.mapping();
  const PreviewView& all = desk.view.picture;
  if (all.texture == 0 || all.width <= 0 || all.height <= 0) return;
  const double shape = static_cast<double>(all.width) / all.height, own = editor.size().x / editor.size().y;
  const stage::SlicePlace slice = stage::slice_place(m, shape, own);
  const stage::PicturePlace picture = stage::picture_place(m, shape, own);
  const stage::Surface surface(m);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto place = [&](int x, int y) {  // of the surface, as far as there is picture
    const glm::dvec2 at = (glm::dvec2(x, y) / static_cast<double>(kCells) - slice.offset) / slice.scale;
    return glm::clamp(at, 0.0, 1.0);
  };
  const auto seen = [&](glm::dvec2 at) {
    const glm::dvec2 p = picture(at);
    return ImVec2(static_cast<float>(p.x), static_cast<float>(1.0 - p.y));
  };
  begin_opaque(list);
  for (int y = 0; y < kCells; ++y) {
    for (int x = 0; x < kCells; ++x) {
      const glm::dvec2 a = place(x, y), b = place(x + 1, y), c = place(x + 1, y + 1), d = place(x, y + 1);
      if (a.x >= c.x || a.y >= c.y) continue;  // beside the surface
      list->AddImageQuad(texture_id(all), frame.at(surface.at(a)), frame.at(surface.at(b)), frame.at(surface.at(c)),
                         frame.at(surface.at(d)), seen(a), seen(b), seen(c), seen(d));
    }
  }
  end_opaque(list);
}

void draw_lines(const stage::Mapping& m, const Frame& frame) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const stage::Surface surface(m);
  const auto line = [&](glm::dvec2 from, glm::dvec2 to, bool rim) {
    const int steps = m.mesh.straight() ? 1 : kCells;
    for (int i = 0; i <= steps; ++i)
      list->PathLineTo(frame.at(surface.at(glm::mix(from, to, static_cast<double>(i) / steps))));
    list->PathStroke(theme::ink(theme::kCool, rim ? 0.9f : 0.45f), 0, rim ? 1.5f : 1.0f);
  };
  for (int i = 0; i < m.mesh.columns; ++i) {
    const double x = static_cast<double>(i) / (m.mesh.columns - 1);
    line({x, 0.0}, {x, 1.0}, i == 0 || i == m.mesh.columns - 1);
  }
  for (int i = 0; i < m.mesh.rows; ++i) {
    const double y = static_cast<double>(i) / (m.mesh.rows - 1);
    line({0.0, y}, {1.0, y}, i == 0 || i == m.mesh.rows - 1);
  }
  for (const stage::Mask& mask : m.masks) {
    for (const glm::dvec2 point : mask.points) list->PathLineTo(frame.at(point));
    list->PathStroke(theme::ink(theme::kAlarm, mask.on ? 0.9f : 0.35f), ImDrawFlags_Closed, 1.5f);
  }
}

void draw_handles(const MappingEditor& editor, const Frame& frame) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (const stage::MappingPoint& point : stage::mapping_points(editor.mapping())) {
    const auto place = stage::place_of(editor.mapping(), point);
    if (!place) continue;
    const ImVec4& colour = point == editor.selected()  ? theme::kWarning
                           : point.kind == Kind::kMask ? theme::kAlarm
                                                       : theme::kCool;
    const float radius = (point.kind == Kind::kCorner ? 0.32f : 0.22f) * em();
    list->AddCircleFilled(frame.at(*place), radius, theme::ink(theme::kPanel, 0.7f));
    list->AddCircle(frame.at(*place), radius, theme::ink(colour), 0, point == editor.selected() ? 2.5f : 1.5f);
  }
}

// Selects the point next to the mouse, where one is near; of two in one place a mesh point before a corner.
bool select_near(MappingEditor& editor, const Frame& frame) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  double nearest = 0.8 * em();
  stage::MappingPoint found;
  for (const stage::MappingPoint& point : stage::mapping_points(editor.mapping())) {
    const auto place = stage::place_of(editor.mapping(), point);
    if (!place) continue;
    const ImVec2 at = frame.at(*place);
    const double away = glm::length(glm::dvec2(at.x - mouse.x, at.y - mouse.y));
    // what is selected already stays so
    if (away < nearest || (away <= nearest && point == editor.selected())) nearest = away, found = point;
  }
  if (found.kind == Kind::kNone) return false;
  editor.select(found);
  return true;
}

void drag(DeskContext& desk, const Frame& frame) {
  MappingEditor& editor = *desk.view.mapping;
  DeskMemory& memory = desk.memory;
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsItemActivated()) {
    memory.mapping_held = select_near(editor, frame);
    if (!memory.mapping_held) return;
    editor.hold();
    const glm::dvec2 place = stage::place_of(editor.mapping(), editor.selected()).value_or(glm::dvec2(0.0));
    memory.mapping_x = place.x, memory.mapping_y = place.y;
  } else if (ImGui::IsItemActive() && memory.mapping_held && (io.MouseDelta.x != 0.0f || io.MouseDelta.y != 0.0f)) {
    const double share = io.KeyShift ? kFine : 1.0;
    memory.mapping_x += share * io.MouseDelta.x / frame.size.x;
    memory.mapping_y += share * io.MouseDelta.y / frame.size.y;
    editor.move_selected({memory.mapping_x, memory.mapping_y});
  }
}

}  // namespace

void draw_mapping_canvas(DeskContext& desk, float height) {
  MappingEditor& editor = *desk.view.mapping;
  const double width = std::max(ImGui::GetContentRegionAvail().x, 4.0f * em());
  const double shape = editor.size().x / editor.size().y, room = 1.0 + 2.0 * kAround;
  const double high = std::min<double>(height / room, width / room / shape);
  const ImVec2 low = ImGui::GetCursorScreenPos();
  const ImVec2 size(static_cast<float>(width), static_cast<float>(high * room));
  const Frame frame{{low.x + 0.5 * (width - high * shape), low.y + 0.5 * (size.y - high)}, {high * shape, high}};
  ImGui::InvisibleButton("mapping canvas", size);
  keep_place(desk.memory, "mapping canvas");
  drag(desk, frame);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(low, {low.x + size.x, low.y + size.y}, true);
  list->AddRectFilled(low, {low.x + size.x, low.y + size.y}, theme::ink(theme::kWell));
  list->AddRectFilled(frame.at({0.0, 0.0}), frame.at({1.0, 1.0}), IM_COL32(0, 0, 0, 255));
  draw_picture(desk, frame);
  list->AddRect(frame.at({0.0, 0.0}), frame.at({1.0, 1.0}), theme::ink(theme::kText, 0.35f));
  draw_lines(editor.mapping(), frame);
  draw_handles(editor, frame);
  list->PopClipRect();
}

}  // namespace ombra::show
