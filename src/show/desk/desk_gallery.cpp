#include "show/desk/desk_gallery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::show {
namespace {

constexpr int kColumns = 8;  // of the texture
constexpr float kRound = 0.25f;

int rows_of(const FieldImage& field) { return (field.dancers + kColumns - 1) / kColumns; }

// Warm figures on a transparent ground.
std::vector<std::uint8_t> pixels_of(const FieldImage& field) {
  const int size = field.size, width = kColumns * size;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(rows_of(field) * size) *
                                   4u);
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
  return pixels;
}

// -> was it clicked?
bool draw_card(const PictureSheet& sheet, int n, int picture, float side) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(n);
  const bool clicked = ImGui::InvisibleButton("card", {side, side}), hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + side, at.y + side};
  list->AddRectFilled(at, end, theme::ink(hovered ? theme::kWellHover : theme::kWell), kRound * em());
  const ImVec2 cell{1.0f / kColumns, 1.0f / static_cast<float>(rows_of(*sheet.field))};
  const ImVec2 low{cell.x * static_cast<float>(picture % kColumns), cell.y * static_cast<float>(picture / kColumns)};
  list->AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(sheet.texture.get())), at, end, low,
                 {low.x + cell.x, low.y + cell.y}, theme::ink({1, 1, 1, 1}, hovered ? 1.0f : 0.8f));
  return clicked;
}

struct Fit {
  int columns;
  float side;  // of a card, pixels; 0: as the width gives
};

// The largest cards of which all have room; where that is too small to tell them apart, some that scroll.
Fit fit_cards(int count, ImVec2 room, float gap) {
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

bool keep_pictures(PictureSheet& sheet, const std::shared_ptr<const FieldImage>& field) {
  if (sheet.field == field) return false;
  sheet.field = field;
  sheet.texture = {};
  if (!field || field->dancers <= 0 || field->size <= 0) return true;
  sheet.texture = gfx::Texture(GL_RGBA8, kColumns * field->size, rows_of(*field) * field->size);
  sheet.texture.fill_rgba8(pixels_of(*field));
  return true;
}

void draw_gallery(const PictureSheet& sheet, const Gallery& gallery, float height) {
  const float gap = 0.3f * em(), width = ImGui::GetContentRegionAvail().x;
  const Fit fit = height > 0.0f ? fit_cards(gallery.cards, {width, height}, gap)
                                : Fit{std::max(3, static_cast<int>(width / (4.0f * em()))), 0.0f};
  if (height > 0.0f) ImGui::BeginChild(gallery.id, {0.0f, height}, false);
  const float room = ImGui::GetContentRegionAvail().x;  // less where there is a scroll bar
  const float columns = static_cast<float>(fit.columns);
  const float widest = std::floor((room - gap * (columns - 1.0f)) / columns);
  const float side = fit.side > 0.0f ? std::min(fit.side, widest) : widest;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushID(gallery.id);
  for (int n = 0; n < gallery.cards; ++n) {
    if (n % fit.columns != 0) ImGui::SameLine(0.0f, gap);
    gallery.after(n, draw_card(sheet, n, n * gallery.each + gallery.shown, side));
  }
  ImGui::PopID();
  ImGui::PopStyleVar();
  if (height > 0.0f) ImGui::EndChild();
}

void frame_card(const ImVec4& colour, float opacity, float inside) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const float in = inside * em();
  ImGui::GetWindowDrawList()->AddRect({low.x + in, low.y + in}, {high.x - in, high.y - in}, theme::ink(colour, opacity),
                                      kRound * em(), 0, 0.1f * em());
}

void number_card(int number) {
  const ImVec2 low = ImGui::GetItemRectMin();
  ImGui::GetWindowDrawList()->AddText({low.x + 0.2f * em(), low.y + 0.05f * em()}, theme::ink(theme::kDim),
                                      fmt::format("{}", number).c_str());
}

}  // namespace ombra::show
