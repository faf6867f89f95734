#include "show/desk/desk_tabs.hpp"

#include "show/desk/desk_widgets.hpp"
#include "show/live/mapping_editor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace ombra::show {
namespace {

struct Panel {
  const char* name;
  void (*draw)(DeskContext&);
  bool (*there)(const DeskContext&) = nullptr;  // null: always
};

constexpr auto kPanels = std::to_array<Panel>({
    {"Show", draw_show},
    {"Look", draw_look},
    {"Dance", draw_dance},
    {"People", draw_people, knows_people},
    {"Beat", draw_beat},
    {"Music", draw_modulation},
    {"Title", draw_title},
    {"Outputs", draw_outputs, [](const DeskContext& desk) { return desk.memory.narrow; }},
    {"Mapping", draw_mapping,
     [](const DeskContext& desk) { return desk.view.mapping && !desk.view.mapping->outputs().empty(); }},
    {"Share", draw_sharing},
    {"Setup", draw_setup},
    {"Machine", draw_machine},
});
static_assert(kPanels.size() >= DeskMemory::kMaxColumns);

bool there(const DeskContext& desk, std::size_t panel) {
  return panel < kPanels.size() && (!kPanels[panel].there || kPanels[panel].there(desk));
}

// -> the column among the first that shows it, or `columns`
std::size_t column_of(const DeskMemory& memory, std::size_t panel, std::size_t columns) {
  const auto end = memory.open.begin() + static_cast<std::ptrdiff_t>(columns);
  return static_cast<std::size_t>(std::find(memory.open.begin(), end, panel) - memory.open.begin());
}

// Of a tab, for place_of: in the first column "Look", in the second "Look 2".
std::string_view place_name(std::size_t panel, std::size_t column) {
  static const auto kNames = [] {
    std::array<std::array<std::string, DeskMemory::kMaxColumns>, kPanels.size()> names;
    for (std::size_t p = 0; p < kPanels.size(); ++p) {
      for (std::size_t c = 0; c < DeskMemory::kMaxColumns; ++c)
        names[p][c] = c == 0 ? kPanels[p].name : fmt::format("{} {}", kPanels[p].name, c + 1);
    }
    return names;
  }();
  return kNames[panel][column];
}

// -> how wide their names are together
float words_of(std::span<const std::size_t> panels) {
  float words = 0.0f;
  for (const std::size_t panel : panels) words += ImGui::CalcTextSize(kPanels[panel].name).x;
  return words;
}

void draw_tab(DeskContext& desk, std::size_t panel, std::size_t column, float width) {
  DeskMemory& m = desk.memory;
  const std::size_t where = column_of(m, panel, m.columns);
  const bool open = where == column, elsewhere = !open && where < m.columns;
  const ImVec4& ground = ImGui::GetStyleColorVec4(open ? ImGuiCol_TabActive : ImGuiCol_Tab);
  ImGui::PushStyleColor(ImGuiCol_Button, ground);
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, open ? ground : ImGui::GetStyleColorVec4(ImGuiCol_TabHovered));
  ImGui::PushStyleColor(ImGuiCol_Text, elsewhere ? theme::kDim : theme::kText);
  if (ImGui::Button(kPanels[panel].name, {width, 0.0f})) {
    if (where >= m.columns) m.open[column] = panel;
    if (elsewhere) m.flash_column = where, m.flash_s = kTabFlashS;
  }
  ImGui::PopStyleColor(3);
  keep_place(m, place_name(panel, column));
  if (elsewhere) help("Open in another column: a click shows where.");
}

}  // namespace

void settle_panels(const DeskContext& desk, std::size_t columns) {
  DeskMemory& m = desk.memory;
  m.columns = columns;
  for (std::size_t c = 0; c < columns; ++c) {
    if (there(desk, m.open[c]) && column_of(m, m.open[c], c) == c) continue;
    for (std::size_t p = 0; p < kPanels.size(); ++p) {
      if (!there(desk, p) || column_of(m, p, columns) < columns) continue;
      m.open[c] = p;
      break;
    }
  }
}

void open_panel(DeskMemory& memory, std::string_view name, std::size_t columns) {
  for (std::size_t p = 0; p < kPanels.size(); ++p) {
    if (kPanels[p].name == name && column_of(memory, p, columns) >= columns) memory.open[columns - 1] = p;
  }
}

void draw_tabs(DeskContext& desk, std::size_t column) {
  std::vector<std::size_t> shown;
  float widest = 0.0f;
  for (std::size_t p = 0; p < kPanels.size(); ++p) {
    if (!there(desk, p)) continue;
    shown.push_back(p);
    widest = std::max(widest, ImGui::CalcTextSize(kPanels[p].name).x);
  }
  const auto count = static_cast<float>(shown.size());
  const float gap = 0.2f * em(), room = ImGui::GetContentRegionAvail().x;
  const float around = (room - words_of(shown) - gap * (count - 1.0f)) / count;  // each, where all stand in one row
  const std::size_t rows = around >= 0.7f * em() ? 1 : 2, each = (shown.size() + rows - 1) / rows;
  const float equal = std::floor((room - gap * static_cast<float>(each - 1)) / static_cast<float>(each));
  const bool alike = rows > 1 && equal >= widest + 0.3f * em();
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0.0f, 0.18f * em()});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, 0.2f * em()});
  ImGui::PushID(static_cast<int>(column));
  for (std::size_t i = 0; i < shown.size(); i += each) {
    const std::span row(shown.data() + i, std::min(each, shown.size() - i));
    const float spare =
        (room - words_of(row) - gap * static_cast<float>(row.size() - 1)) / static_cast<float>(row.size());
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k != 0) ImGui::SameLine(0.0f, gap);
      const float word = ImGui::CalcTextSize(kPanels[row[k]].name).x;
      draw_tab(desk, row[k], column, alike ? equal : std::floor(word + spare));
    }
  }
  ImGui::PopID();
  ImGui::PopStyleVar(2);
  ImGui::Dummy({0.0f, 0.1f * em()});
}

void draw_open_panel(DeskContext& desk, std::size_t column, float below) {
  DeskMemory& m = desk.memory;
  const Panel& panel = kPanels[m.open[column]];
  ImGui::PushID(panel.name);
  const bool opened = ImGui::BeginChild("content", {0.0f, -below}, false);
  if (opened) panel.draw(desk);
  const ImVec2 at = ImGui::GetWindowPos(), size = ImGui::GetWindowSize();
  m.panels.push_back({panel.name, at.x, at.y, at.x + size.x, at.y + size.y, ImGui::GetScrollMaxY()});
  ImGui::EndChild();
  ImGui::PopID();
}

}  // namespace ombra::show
