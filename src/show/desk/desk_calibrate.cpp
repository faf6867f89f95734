// The calibration screen: a disc that flashes with the click, and a dot that passes the middle of a rule with it.
#include "show/desk/desk_widgets.hpp"

#include "show/live/calibrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

struct Sheet {
  ImDrawList* list;
  float width, height, unit;  // unit: a hundredth of the height
  const DeskFonts& fonts;

  // text, centred at x
  void words(const std::string& text, float x, float y, const ImVec4& colour, bool large = false) const {
    const ImFont* font = large ? fonts.large : fonts.text;
    const float size = font->FontSize;
    const ImVec2 extent = font->CalcTextSizeA(size, width, 0.0f, text.c_str());
    list->AddText(font, size, {std::round(x - 0.5f * extent.x), std::round(y - 0.5f * extent.y)}, theme::ink(colour),
                  text.c_str());
  }
};

void draw_disc(const Sheet& sheet, bool flash) {
  const ImVec2 middle{0.5f * sheet.width, 0.42f * sheet.height};
  const float radius = 17.0f * sheet.unit;
  if (flash) {
    for (int ring = 20; ring >= 1; --ring) {  // light spills over its edge
      const float out = static_cast<float>(ring) / 20.0f;
      sheet.list->AddCircleFilled(middle, radius * (1.0f + 0.42f * out * out), theme::ink(theme::kText, 0.022f), 96);
    }
    sheet.list->AddCircleFilled(middle, radius, IM_COL32_WHITE, 96);
  } else {
    sheet.list->AddCircleFilled(middle, radius, theme::ink(theme::kWell, 0.7f), 96);
    sheet.list->AddCircle(middle, radius, theme::ink(theme::kText, 0.16f), 96, std::max(1.0f, 0.22f * sheet.unit));
  }
}

// Half a beat to either side: the dot is in the middle when the flash begins.
void draw_rule(const Sheet& sheet, double since_click_s) {
  const float middle = 0.5f * sheet.width, y = 0.70f * sheet.height, half = 0.28f * sheet.width;
  const float thin = std::max(1.0f, 0.18f * sheet.unit);
  sheet.list->AddLine({middle - half, y}, {middle + half, y}, theme::ink(theme::kText, 0.18f), thin);
  for (int tick = -4; tick <= 4; ++tick) {  // every 50 ms
    const float x = middle + half * static_cast<float>(tick) / 5.0f;
    const float tall = (tick == 0 ? 3.2f : 1.0f) * sheet.unit;
    const ImU32 colour = tick == 0 ? theme::ink(theme::kWarm, 0.9f) : theme::ink(theme::kText, 0.18f);
    sheet.list->AddLine({x, y - tall}, {x, y + tall}, colour, tick == 0 ? 1.6f * thin : thin);
  }
  const double place_s = since_click_s < 0.5 * kClickEveryS ? since_click_s : since_click_s - kClickEveryS;
  const auto along = static_cast<float>(place_s / (0.5 * kClickEveryS));
  for (int k = 6; k >= 0; --k) {  // with a tail
    const float x = middle + half * (along - 0.018f * static_cast<float>(k));
    if (x < middle - half) continue;
    sheet.list->AddCircleFilled({x, y}, (1.25f - 0.12f * static_cast<float>(k)) * sheet.unit,
                                theme::ink(theme::kCool, k == 0 ? 1.0f : 0.22f), 24);
  }
}

}  // namespace

void draw_calibration(const DeskContext& desk, int width, int height) {
  const auto w = static_cast<float>(width), h = static_cast<float>(height);
  const Sheet sheet{ImGui::GetBackgroundDrawList(), w, h, 0.01f * h, desk.fonts};
  const CalibrationView& view = desk.view.calibration;
  sheet.list->AddRectFilled({0.0f, 0.0f}, {w, h}, theme::ink(theme::kPanel));
  sheet.words("Make flash and click coincide where the audience stands", 0.5f * w, 9.0f * sheet.unit, theme::kText,
              true);
  sheet.words("Flash after the click: raise the offset.   Flash before the click: lower it.", 0.5f * w,
              15.5f * sheet.unit, theme::kDim);
  draw_disc(sheet, view.flash);
  draw_rule(sheet, view.since_click_s);
  const double offset_ms = std::round(desk.params.base(desk.params.offset_ms.index));
  sheet.words(offset_ms == 0.0 ? "Offset 0 ms" : fmt::format("Offset {:+.0f} ms", offset_ms), 0.5f * w,
              80.5f * sheet.unit, theme::kWarm, true);
  const std::string key = desk.keys.first("calibrate");
  sheet.words(fmt::format("Up, Down  1 ms      Shift  5 ms      0  none      {}Esc  done, the offset is kept",
                          key.empty() ? "" : key + " or "),
              0.5f * w, 87.5f * sheet.unit, theme::kText);
  sheet.words(view.sound, 0.5f * w, 94.0f * sheet.unit, view.audible ? theme::kDim : theme::kAlarm);
  const auto black = static_cast<float>(desk.view.black);
  sheet.list->AddRectFilled({0.0f, 0.0f}, {w, h}, theme::ink({0.0f, 0.0f, 0.0f, 1.0f}, black));
}

}  // namespace ombra::show
