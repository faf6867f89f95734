// How the picture lies on the outputs: which part of it, where, bent how, in which colours, covered by what.
#include "show/desk/desk_widgets.hpp"
#include "show/live/mapping_editor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace ombra::show {
namespace {

constexpr float kLabelEms = 7.2f;  // where values begin

// What the mouse does to a control until it is let go is one step to undo.
void change(MappingEditor& editor, const std::function<void(stage::Mapping&)>& what) {
  if (ImGui::IsAnyItemActive() && !editor.held()) editor.hold();
  editor.change(what);
}

void label(const char* name) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(name);
  ImGui::SameLine(kLabelEms * em());
  ImGui::SetNextItemWidth(-1.0f);
}

struct Range {
  double low, high, usual;
  const char* format = "%.3f";
  double shown = 1.0;  // the slider's number for 1
};
constexpr Range kShare{0.0, 1.0, 0.0, "%.1f %%", 100.0};

// A slider for a number of the mapping. where: that number in any mapping
void draw_number(DeskContext& desk, const char* name, const Range& range, const std::string& text,
                 const std::function<double&(stage::Mapping&)>& where) {
  MappingEditor& editor = *desk.view.mapping;
  stage::Mapping copy = editor.mapping();
  auto value = static_cast<float>(where(copy) * range.shown);
  label(name);
  const SliderRange slider{static_cast<float>(range.low * range.shown), static_cast<float>(range.high * range.shown),
                           static_cast<float>(range.usual * range.shown)};
  if (draw_slider((std::string("##") + name).c_str(), value, slider, range.format, text))
    change(editor, [&](stage::Mapping& m) { where(m) = value / range.shown; });
}

bool draw_button(DeskContext& desk, const char* name, const char* text, float width = 0.0f) {
  const bool clicked = ImGui::Button(name, {width, 0.0f});
  keep_place(desk.memory, name);
  help(text);
  return clicked;
}

void draw_output_choice(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  std::vector<std::string> names;
  for (const MappedOutput& output : editor.outputs()) {
    const OutputSettings& s = output.settings;
    names.push_back(display_title(s.display, s.connector));
  }
  if (names.size() > 1) {
    const int chosen = draw_segments("output", names, static_cast<int>(editor.output()));
    if (chosen >= 0) editor.choose_output(static_cast<std::size_t>(chosen));
  } else {
    ImGui::TextDisabled("%s", fit(names.front(), ImGui::GetContentRegionAvail().x).c_str());
  }
}

void draw_steps(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  const bool editing = editor.editing();
  if (editing)
    ImGui::PushStyleColor(ImGuiCol_Button, theme::kWarning), ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
  const bool clicked = ImGui::Button("Edit on the wall");
  keep_place(desk.memory, "Edit on the wall");
  if (editing) ImGui::PopStyleColor(2);
  help(
      "The outputs show the test card and the points. Arrow keys move the chosen point by a pixel, with Shift by a "
      "tenth; N and P choose the next and the one before; Ctrl+Z undo, Ctrl+Y redo; Esc ends.");
  if (clicked) editor.edit(!editing);
  ImGui::SameLine();
  ImGui::BeginDisabled(!editor.can_undo());
  if (draw_button(desk, "Undo", "Ctrl+Z while you edit on the wall.")) editor.undo();
  ImGui::EndDisabled();
  ImGui::SameLine();
  ImGui::BeginDisabled(!editor.can_redo());
  if (draw_button(desk, "Redo", "Ctrl+Y while you edit on the wall.")) editor.redo();
  ImGui::EndDisabled();
}

void draw_selected(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  const auto place = stage::place_of(editor.mapping(), editor.selected());
  if (!place) return ImGui::TextDisabled("Drag a point; Shift moves it a tenth as far.");
  static constexpr const char* kKinds[] = {"", "Corner", "Mesh point", "Mask's point"};
  const glm::dvec2 pixels = *place * editor.size();
  ImGui::TextDisabled("%s", fmt::format("{} {}: {:.1f}, {:.1f} px", kKinds[static_cast<int>(editor.selected().kind)],
                                        editor.selected().index + 1, pixels.x, pixels.y)
                                .c_str());
}

void draw_place(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  using stage::Mapping;
  section("picture");
  if (draw_button(desk, "Turn", "A quarter to the right."))
    editor.change([](Mapping& m) { m.quarter_turns = (m.quarter_turns + 1) % 4; });
  ImGui::SameLine();
  if (draw_button(desk, "Flip sideways", "Left and right change places: for a screen seen from behind."))
    editor.change([](Mapping& m) { m.flip_x = !m.flip_x; });
  ImGui::SameLine();
  if (draw_button(desk, "Upside down", "Above and below change places: for a projector that hangs."))
    editor.change([](Mapping& m) { m.flip_y = !m.flip_y; });
  bool keep = editor.mapping().keep_shape;
  if (ImGui::Checkbox("Keep the picture's shape", &keep)) editor.change([&](Mapping& m) { m.keep_shape = keep; });
  help("Black beside the picture where the output has another shape; else it is stretched.");
  const Range scale{0.1, 4.0, 1.0, "%.3f"}, offset{-1.0, 1.0, 0.0, "%.1f %%", 100.0};
  draw_number(desk, "Scale across", scale, "Width of the picture on its surface.",
              [](Mapping& m) -> double& { return m.scale.x; });
  draw_number(desk, "Scale up", scale, "Height of the picture on its surface.",
              [](Mapping& m) -> double& { return m.scale.y; });
  draw_number(desk, "Shift across", offset, "To the right, in widths.",
              [](Mapping& m) -> double& { return m.offset.x; });
  draw_number(desk, "Shift down", offset, "Down, in heights.", [](Mapping& m) -> double& { return m.offset.y; });
  section("part of the picture");
  const Range length{stage::kMinSource, 1.0, 1.0, "%.1f %%", 100.0};
  draw_number(desk, "From the left", kShare, "Where the part begins.",
              [](Mapping& m) -> double& { return m.source.x; });
  draw_number(desk, "From above", kShare, "Where the part begins.", [](Mapping& m) -> double& { return m.source.y; });
  draw_number(desk, "Width", length, "Of the part: a slice of a wide picture.",
              [](Mapping& m) -> double& { return m.source.width; });
  draw_number(desk, "Height", length, "Of the part.", [](Mapping& m) -> double& { return m.source.height; });
}

// A slider for how many points the mesh has one way. -> was it changed?
bool draw_points(DeskContext& desk, const char* name, int& points) {
  label(name);
  bool changed = draw_slider_alone(name, points, stage::kMinMeshPoints, stage::kMaxMeshPoints);
  keep_place(desk.memory, name);
  if (reset_clicked()) points = stage::Mesh{}.columns, changed = true;
  mark_typing();
  help(std::string("Points of the mesh, for walls that are bent. 2 by 2 is the corners alone.") + kSliderHelp);
  return changed;
}

void draw_mesh(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  section("surface");
  int columns = editor.mapping().mesh.columns, rows = editor.mapping().mesh.rows;
  const bool across = draw_points(desk, "Mesh across", columns), down = draw_points(desk, "Mesh down", rows);
  if (across || down) {
    if (ImGui::IsAnyItemActive() && !editor.held()) editor.hold();
    editor.set_mesh(columns, rows);
  }
  if (draw_button(desk, "Straight corners", "The corners back to those of the output."))
    editor.reset(MappingPart::kCorners);
  ImGui::SameLine();
  if (draw_button(desk, "Flat mesh", "The mesh bends nothing.")) editor.reset(MappingPart::kMesh);
}

void draw_masks(DeskContext& desk) {
  MappingEditor& editor = *desk.view.mapping;
  section("masks");
  if (draw_button(desk, "Add a mask", "Hides what is inside it. Drag its points.")) editor.add_mask();
  const std::size_t count = editor.mapping().masks.size();
  if (editor.selected().kind == stage::MappingPoint::Kind::kMask)
    desk.memory.mapping_mask = static_cast<std::size_t>(editor.selected().mask);
  if (count == 0) return;
  std::size_t& chosen = desk.memory.mapping_mask;
  chosen = std::min(chosen, count - 1);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(fmt::format("{}", i + 1));
  if (const int clicked = draw_segments("mask", names, static_cast<int>(chosen)); clicked >= 0)
    editor.select({stage::MappingPoint::Kind::kMask, 0, clicked}), chosen = static_cast<std::size_t>(clicked);
  const std::size_t n = chosen;
  bool on = editor.mapping().masks[n].on, inverted = editor.mapping().masks[n].inverted;
  if (ImGui::Checkbox("On", &on)) editor.change([&](stage::Mapping& m) { m.masks[n].on = on; });
  ImGui::SameLine();
  if (ImGui::Checkbox("Inverted", &inverted)) editor.change([&](stage::Mapping& m) { m.masks[n].inverted = inverted; });
  help("Hides what is outside.");
  draw_number(desk, "Feather", {0.0, stage::kMaxFeather, 0.0, "%.1f %%", 100.0},
              "Width of the soft edge, against the output's height.",
              [n](stage::Mapping& m) -> double& { return m.masks[n].feather; });
  const bool here = editor.selected().kind == stage::MappingPoint::Kind::kMask;
  if (draw_button(desk, "Add a point", "Half-way from the chosen point to the next."))
    editor.add_mask_point(n, here ? static_cast<std::size_t>(editor.selected().index) : 0);
  ImGui::SameLine();
  ImGui::BeginDisabled(!here);
  if (draw_button(desk, "Remove the point", "A mask has at least three.")) editor.remove_selected();
  ImGui::EndDisabled();
  ImGui::SameLine();
  if (draw_button(desk, "Remove the mask", "Undo brings it back.")) editor.remove_mask(n);
}

void draw_colours(DeskContext& desk) {
  using stage::Mapping;
  section("colours");
  draw_number(desk, "Brightness", {-stage::kMaxBrightness, stage::kMaxBrightness, 0.0}, "Added to every colour.",
              [](Mapping& m) -> double& { return m.colours.brightness; });
  draw_number(desk, "Contrast", {0.0, stage::kMaxContrast, 1.0}, "Around a middle grey.",
              [](Mapping& m) -> double& { return m.colours.contrast; });
  draw_number(desk, "Gamma", {stage::kMinGamma, stage::kMaxGamma, 1.0}, "More lightens what is dark.",
              [](Mapping& m) -> double& { return m.colours.gamma; });
  static constexpr const char* kGains[] = {"Red", "Green", "Blue"};
  for (int i = 0; i < 3; ++i) {
    draw_number(desk, kGains[i], {0.0, stage::kMaxGain, 1.0}, "To match projectors, or a coloured wall.",
                [i](Mapping& m) -> double& { return m.colours.gains[i]; });
  }
}

void draw_blends(DeskContext& desk) {
  using stage::Mapping;
  section("blend with neighbours");
  static constexpr const char* kWidths[] = {"Left", "Right", "Above", "Below"};
  static constexpr const char* kCurves[] = {"Left curve", "Right curve", "Above curve", "Below curve"};
  for (std::size_t side = 0; side < stage::kSides; ++side) {
    draw_number(desk, kWidths[side], {0.0, stage::kMaxBlend, 0.0, "%.1f %%", 100.0},
                "How much of the slice overlaps with the neighbour, which has the same here.",
                [side](Mapping& m) -> double& { return m.blends[side].width; });
    if (desk.view.mapping->mapping().blends[side].width > 0.0) {
      draw_number(desk, kCurves[side], {stage::kMinCurve, stage::kMaxCurve, 2.0, "%.2f"},
                  "1 fades evenly, more fades faster in the middle. The same at both projectors.",
                  [side](Mapping& m) -> double& { return m.blends[side].curve; });
    }
  }
  draw_number(desk, "Projector's gamma", {stage::kMinLightGamma, stage::kMaxLightGamma, 2.2, "%.2f"},
              "Right when the overlap is neither lighter nor darker than the rest.",
              [](Mapping& m) -> double& { return m.light_gamma; });
}

}  // namespace

void draw_mapping(DeskContext& desk) {
  MappingEditor* editor = desk.view.mapping;
  if (!editor || editor->outputs().empty()) return;
  if (editor->held() && !ImGui::IsAnyItemActive()) editor->release(), desk.memory.mapping_held = false;
  draw_output_choice(desk);
  draw_steps(desk);
  draw_mapping_canvas(desk, std::max(9.0f * em(), 0.45f * ImGui::GetWindowHeight()));
  draw_selected(desk);
  draw_mesh(desk);
  draw_place(desk);
  draw_masks(desk);
  draw_colours(desk);
  draw_blends(desk);
  ImGui::Dummy({0.0f, 0.3f * em()});
  if (draw_button(desk, "Forget the whole mapping", "Undo brings it back.")) editor->reset(MappingPart::kAll);
}

}  // namespace ombra::show
