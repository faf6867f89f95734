#include "show/desk/desk_theme.hpp"

#include <filesystem>

namespace ombra::show::theme {

ImU32 ink(const ImVec4& colour, float alpha) {
  return ImGui::ColorConvertFloat4ToU32({colour.x, colour.y, colour.z, colour.w * alpha});
}

ImVec4 mix(const ImVec4& a, const ImVec4& b, float part) {
  return {a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part, a.z + (b.z - a.z) * part, a.w + (b.w - a.w) * part};
}

void apply(float text_height) {
  ImGuiStyle style;
  const float em = text_height;
  style.WindowPadding = {0.8f * em, 0.7f * em};
  style.FramePadding = {0.45f * em, 0.22f * em};
  style.ItemSpacing = {0.5f * em, 0.36f * em};
  style.ItemInnerSpacing = {0.4f * em, 0.3f * em};
  style.CellPadding = {0.25f * em, 0.15f * em};
  style.ScrollbarSize = 0.7f * em;
  style.GrabMinSize = 0.45f * em;
  style.WindowBorderSize = style.PopupBorderSize = style.FrameBorderSize = 0.0f;
  style.WindowRounding = style.PopupRounding = 0.5f * em;
  style.FrameRounding = style.GrabRounding = style.ScrollbarRounding = style.TabRounding = 0.25f * em;
  style.IndentSpacing = em;

  ImVec4* c = style.Colors;
  const auto with = [](ImVec4 colour, float alpha) { return ImVec4{colour.x, colour.y, colour.z, alpha}; };
  c[ImGuiCol_Text] = kText;
  c[ImGuiCol_TextDisabled] = kDim;
  c[ImGuiCol_WindowBg] = kPanel;
  c[ImGuiCol_PopupBg] = with(kPanel, 0.97f);
  c[ImGuiCol_FrameBg] = kWell;
  c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_FrameBgActive] = kWellHover;
  c[ImGuiCol_SliderGrab] = with(kWarm, 0.9f);
  c[ImGuiCol_SliderGrabActive] = c[ImGuiCol_CheckMark] = kWarm;
  c[ImGuiCol_Button] = kWell;
  c[ImGuiCol_ButtonHovered] = kWellHover;
  c[ImGuiCol_ButtonActive] = with(kWarm, 0.45f);
  c[ImGuiCol_Header] = with(kWarm, 0.22f);
  c[ImGuiCol_HeaderHovered] = with(kWarm, 0.30f);
  c[ImGuiCol_HeaderActive] = with(kWarm, 0.40f);
  c[ImGuiCol_Tab] = with(kWell, 0.7f);
  c[ImGuiCol_TabHovered] = kWellHover;  // warm is the one that is open
  c[ImGuiCol_TabActive] = with(kWarm, 0.45f);
  c[ImGuiCol_Separator] = with(kText, 0.10f);
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = with(kText, 0.15f);
  c[ImGuiCol_ScrollbarGrabHovered] = with(kText, 0.25f);
  c[ImGuiCol_ScrollbarGrabActive] = with(kText, 0.35f);
  c[ImGuiCol_PlotLines] = c[ImGuiCol_PlotHistogram] = kCool;
  c[ImGuiCol_TextSelectedBg] = with(kWarm, 0.35f);
  ImGui::GetStyle() = style;
}

const ImWchar* letters() {
  static constexpr ImWchar kRanges[] = {0x0020, 0x024f,                  // Latin
                                        0x0370, 0x03ff,                  // Greek
                                        0x0400, 0x045f, 0x0490, 0x0491,  // Cyrillic
                                        0x1e00, 0x1eff,                  // Latin with two marks, as Vietnamese has them
                                        0x2010, 0x2027, 0x2030, 0x203a,  // dashes, quotation marks
                                        0x20ac, 0x20ac, 0x2122, 0x2122, 0x2190, 0x2193, 0};
  return kRanges;
}

std::string font_file() {
  for (const char* path :
       {"/usr/share/fonts/truetype/inter/Inter-Regular.ttf", "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/open-sans/OpenSans-Regular.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/truetype/freefont/FreeSans.ttf"}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return path;
  }
  return "";
}

}  // namespace ombra::show::theme
