// The gallery of seed phrases: a click lets the dancers go on from that phrase at the next beat.
#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::show {
namespace {

constexpr int kColumns = 8;  // of the texture

// All pictures in one texture: warm figures on a transparent ground.
void build_texture(DeskMemory& memory) {
  const FieldImage& field = *memory.seeds;
  if (field.dancers <= 0 || field.size <= 0) {
    memory.seed_texture = {};
    return;
  }
  const int size = field.size, rows = (field.dancers + kColumns - 1) / kColumns, width = kColumns * size;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows * size) * 4u);
  for (int n = 0; n < field.dancers; ++n) {
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        const float d = field.distance[static_cast<std::size_t>((n * size + y) * size + x)];
        const float cover = std::clamp(0.5f - d * static_cast<float>(size), 0.0f, 1.0f);
        const int row = (n / kColumns) * size + y, column = (n % kColumns) * size + x;
        std::uint8_t* pixel = pixels.data() + 4 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                                                   static_cast<std::size_t>(column));
        const float light = 1.0f - 0.35f * static_cast<float>(y) / static_cast<float>(size);
        pixel[0] = static_cast<std::uint8_t>(255.0f * light);
        pixel[1] = static_cast<std::uint8_t>(226.0f * light);
        pixel[2] = static_cast<std::uint8_t>(200.0f * light);
        pixel[3] = static_cast<std::uint8_t>(255.0f * cover);
      }
    }
  }
  memory.seed_texture = gfx::Texture(GL_RGBA8, width, rows * size);
  memory.seed_texture.fill_rgba8(pixels);
}

void draw_card(DeskContext& desk, int n, float side) {
  DeskMemory& m = desk.memory;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(n);
  if (ImGui::InvisibleButton("seed", {side, side})) {
    desk.params.set(desk.params.seed.index, n + 1);
  }
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + side, at.y + side};
  list->AddRectFilled(at, end, theme::ink(hovered ? theme::kWellHover : theme::kWell), 0.25f * em());
  const int rows = (m.seeds->dancers + kColumns - 1) / kColumns;
  const ImVec2 cell{1.0f / kColumns, 1.0f / static_cast<float>(rows)};
  const ImVec2 low{cell.x * static_cast<float>(n % kColumns), cell.y * static_cast<float>(n / kColumns)};
  list->AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(m.seed_texture.get())), at, end, low,
                 {low.x + cell.x, low.y + cell.y}, theme::ink({1, 1, 1, 1}, hovered ? 1.0f : 0.8f));
  if (n < 9)
    list->AddText({at.x + 0.2f * em(), at.y + 0.05f * em()}, theme::ink(theme::kDim), fmt::format("{}", n + 1).c_str());
  if (n == m.chosen_seed) list->AddRect(at, end, theme::ink(theme::kWarm), 0.25f * em(), 0, 0.1f * em());
}

struct Gallery {
  int columns;
  float side;  // of a card, pixels; 0: as the width gives
};

// The largest cards of which all have room; where that is too small to tell them apart, some that scroll.
Gallery fit_gallery(int count, ImVec2 room, float gap) {
  const float least = 2.3f * em(), most = 4.5f * em();
  for (int columns = std::max(1, static_cast<int>(room.x / most)); columns <= count; ++columns) {
    const float side = std::floor((room.x + gap) / static_cast<float>(columns) - gap);
    if (side < least) break;
    const auto rows = static_cast<float>((count + columns - 1) / columns);
    if (rows * (side + gap) - gap <= room.y) return {columns, std::min(side, most)};
  }
  return {std::max(3, static_cast<int>(room.x / (3.2f * em()))), 0.0f};
}

}  // namespace

void draw_seeds(DeskContext& desk, float height) {
  DeskMemory& m = desk.memory;
  if (desk.view.seeds != m.seeds) {
    m.seeds = desk.view.seeds;
    m.chosen_seed = -1;
    if (m.seeds) build_texture(m);
  }
  if (!m.seeds || m.seeds->dancers == 0) {
    ImGui::TextDisabled("this dancer has no seed phrases");
    return;
  }
  const float gap = 0.3f * em(), width = ImGui::GetContentRegionAvail().x;
  const Gallery gallery = height > 0.0f ? fit_gallery(m.seeds->dancers, {width, height}, gap)
                                        : Gallery{std::max(3, static_cast<int>(width / (4.0f * em()))), 0.0f};
  if (height > 0.0f) ImGui::BeginChild("seeds", {0.0f, height}, false);
  const float room = ImGui::GetContentRegionAvail().x;  // less where there is a scroll bar
  const float columns = static_cast<float>(gallery.columns);
  const float widest = std::floor((room - gap * (columns - 1.0f)) / columns);
  const float side = gallery.side > 0.0f ? std::min(gallery.side, widest) : widest;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  for (int n = 0; n < m.seeds->dancers; ++n) {
    if (n % gallery.columns != 0) ImGui::SameLine(0.0f, gap);
    draw_card(desk, n, side);
    help("Continue from here at the next beat.");
  }
  ImGui::PopStyleVar();
  if (height > 0.0f) ImGui::EndChild();
}

}  // namespace ombra::show
