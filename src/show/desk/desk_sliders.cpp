// Sliders whose number steps aside for the handle.
#include "show/desk/desk_widgets.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::show {
namespace {

constexpr float kEdge = 2.0f;  // ImGui's, between a slider's frame and its handle

// While it lives, ImGui's own number is not to be seen: it would stand where the handle does. One that is typed is.
class NumberAside {
 public:
  explicit NumberAside(const char* id) : typed_(ImGui::TempInputIsActive(ImGui::GetID(id))) {
    if (!typed_) ImGui::PushStyleColor(ImGuiCol_Text, {0.0f, 0.0f, 0.0f, 0.0f});
  }
  // After the slider. t: place of the handle's middle in its way, 0..1; grab: its width in pixels.
  void draw(const char* text, float t, float grab) const {
    if (typed_) return;
    ImGui::PopStyleColor();
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax(), size = ImGui::CalcTextSize(text);
    const float handle = low.x + kEdge + 0.5f * grab + t * (high.x - low.x - 2.0f * kEdge - grab);
    const float reach = 0.5f * grab + 0.25f * em(), middle = 0.5f * (low.x + high.x);
    const float left = handle - reach - size.x, right = handle + reach;
    const bool left_fits = left >= low.x + kEdge, right_fits = right + size.x <= high.x - kEdge;
    float x = middle - 0.5f * size.x;
    if (handle + reach > x && handle - reach < x + size.x) {
      if (left_fits && (handle > middle || !right_fits))
        x = left;
      else if (right_fits)
        x = right;
    }
    ImGui::GetWindowDrawList()->AddText({std::round(x), low.y + 0.5f * (high.y - low.y - size.y)},
                                        ImGui::GetColorU32(ImGuiCol_Text), text);
  }

 private:
  bool typed_;
};

float place(float value, const SliderRange& range) {
  constexpr float kLeast = 0.01f;  // where ImGui's logarithm begins that reaches 0
  if (!range.logarithmic) return (value - range.low) / (range.high - range.low);
  const float low = std::max(range.low, kLeast);
  return std::log(std::max(value, low) / low) / std::log(range.high / low);
}

}  // namespace

bool draw_slider_alone(const char* id, float& value, const SliderRange& range, const char* format, int flags) {
  const NumberAside number(id);
  const bool changed = ImGui::SliderFloat(id, &value, range.low, range.high, format,
                                          flags | (range.logarithmic ? ImGuiSliderFlags_Logarithmic : 0));
  std::array<char, 64> text{};
  ImGui::DataTypeFormatString(text.data(), static_cast<int>(text.size()), ImGuiDataType_Float, &value, format);
  number.draw(text.data(), std::clamp(place(value, range), 0.0f, 1.0f), ImGui::GetStyle().GrabMinSize);
  return changed;
}

bool draw_slider_alone(const char* id, int& value, int low, int high) {
  const NumberAside number(id);
  const bool changed = ImGui::SliderInt(id, &value, low, high);
  const auto steps = static_cast<float>(high - low);
  const float way = ImGui::GetItemRectSize().x - 2.0f * kEdge;
  const float grab = std::max(way / (steps + 1.0f), ImGui::GetStyle().GrabMinSize);
  number.draw(std::to_string(value).c_str(), static_cast<float>(value - low) / steps, grab);
  return changed;
}

bool draw_slider(const char* id, float& value, const SliderRange& range, const char* format, const std::string& text) {
  bool changed = draw_slider_alone(id, value, range, format, ImGuiSliderFlags_AlwaysClamp);
  if (reset_clicked()) value = range.initial, changed = true;
  mark_typing();
  help(text + kSliderHelp);
  return changed;
}

bool reset_clicked() {
  if (!ImGui::IsItemHovered() || !ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) return false;
  // in a number that is being typed a double click marks a word
  if (ImGui::GetIO().KeyCtrl || ImGui::TempInputIsActive(ImGui::GetItemID())) return false;
  ImGui::ClearActiveID();  // or it would follow the mouse on from here
  return true;
}

void mark_typing() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  if (!ImGui::IsItemActive() || g.ActiveId != g.InputTextState.ID) return;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  ImGui::GetWindowDrawList()->AddRect(low, high, theme::ink(theme::kWarm), ImGui::GetStyle().FrameRounding, 0,
                                      std::max(1.5f, 0.12f * em()));
}

}  // namespace ombra::show
