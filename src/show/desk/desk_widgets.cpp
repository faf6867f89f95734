#include "show/desk/desk_widgets.hpp"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr float kLabelEms = 8.0f;  // left of a field, where its name stands

// Marks where the music pushes the value of the slider just drawn: a band from the operator's value to the value now.
void mark_push(const Params& params, int index) {
  const float grab = ImGui::GetStyle().GrabMinSize;
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const auto place = [&](double value) {
    const auto t = static_cast<float>(params.to_unit(index, value));
    return low.x + 2.0f + 0.5f * grab + t * (high.x - low.x - 4.0f - grab);
  };
  const float base = place(params.base(index)), now = place(params.now(index));
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float thick = std::max(2.0f, 0.14f * em());
  if (std::abs(now - base) > 0.5f) {
    list->AddRectFilled({std::min(base, now), high.y - 0.24f * em()}, {std::max(base, now), high.y - 1.0f},
                        theme::ink(theme::kCool, 0.55f), 1.0f);
  }
  list->AddRectFilled({now - 0.5f * thick, low.y + 1.0f}, {now + 0.5f * thick, high.y - 1.0f},
                      theme::ink(theme::kCool, 0.95f), 1.0f);
}

bool is_pushed(const Modulation& modulation, int index) {
  for (const ModulationRow& row : modulation.rows()) {
    if (row.target == index) return true;
  }
  return false;
}

void context_menu(DeskContext& desk, int index) {
  const Declaration& d = desk.params.declaration(index);
  if (!ImGui::BeginPopup("menu")) return;
  ImGui::TextDisabled("%s", d.path.c_str());
  if (ImGui::MenuItem("Back to the default")) desk.params.reset(index);
  if (d.modulatable && ImGui::BeginMenu("Let the music push it")) {
    for (int s = 0; s < kSources; ++s) {
      const auto source = static_cast<ModulationSource>(s);
      if (!ImGui::MenuItem(std::string(source_name(source)).c_str())) continue;
      std::vector<ModulationRow> rows = desk.modulation.rows();
      const float amount = source == ModulationSource::kTurn ? 1.0f : 0.3f;  // all the way round
      rows.push_back({.source = source, .amount = amount, .target = index});
      desk.modulation.set_rows(std::move(rows), desk.params);
    }
    ImGui::EndMenu();
  }
  ImGui::EndPopup();
}

// A pill with a knob, lit when on. -> was it clicked?
bool draw_switch(bool on) {
  const float height = 0.95f * em(), width = 1.9f * em(), frame = ImGui::GetFrameHeight();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton("switch", {ImGui::GetContentRegionAvail().x, frame});
  const float top = at.y + 0.5f * (frame - height), radius = 0.5f * height;
  const ImVec4& ground = on ? theme::kWarm : ImGui::IsItemHovered() ? theme::kWellHover : theme::kWell;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({at.x, top}, {at.x + width, top + height}, theme::ink(ground), radius);
  const float knob = on ? at.x + width - radius : at.x + radius;
  list->AddCircleFilled({knob, top + radius}, radius - 0.12f * em(), theme::ink(on ? theme::kPanel : theme::kDim), 24);
  list->AddText({at.x + width + 0.5f * em(), at.y + ImGui::GetStyle().FramePadding.y}, theme::ink(theme::kDim),
                on ? "on" : "off");
  return clicked;
}

void draw_number(DeskContext& desk, int index) {
  Params& params = desk.params;
  const Declaration& d = params.declaration(index);
  const double range = d.high - d.low;
  ImGui::SetNextItemWidth(-1.0f);
  if (d.kind == Kind::kInteger) {
    int value = static_cast<int>(params.base(index));
    if (draw_slider_alone("##value", value, static_cast<int>(d.low), static_cast<int>(d.high)))
      params.set(index, value);
  } else {
    auto value = static_cast<float>(params.base(index));
    const std::string format = (range > 50.0 ? "%.0f" : "%.2f") + (d.unit.empty() ? "" : " " + d.unit);
    const SliderRange within{static_cast<float>(d.low), static_cast<float>(d.high), static_cast<float>(d.initial),
                             d.curve == Curve::kLog};
    if (draw_slider_alone("##value", value, within, format.c_str())) params.set(index, value);
  }
  if (reset_clicked()) params.reset(index);
  mark_typing();
  if (d.kind == Kind::kFloat && is_pushed(desk.modulation, index)) mark_push(params, index);
}

// What is typed counts when it is entered, or left by a click elsewhere; Esc takes it back.
void draw_text(DeskContext& desk, int index) {
  Params& params = desk.params;
  const Declaration& d = params.declaration(index);
  std::vector<char> line(d.longest + 1, '\0');
  std::ranges::copy(params.text(index), line.begin());
  ImGui::SetNextItemWidth(-1.0f);
  DeskMemory& m = desk.memory;
  const bool entered = draw_field(m, d.path.c_str(), d.hint.c_str(), line.data(), line.size(), 0);
  if (ImGui::IsItemActive()) m.draft_of = index, m.draft = line.data();
  const bool left = ImGui::IsItemDeactivatedAfterEdit() && !desk.params.get(desk.params.key_lock);
  const bool taken_back = ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
  if (entered) params.set_line(index, line.data());
  if (!entered && left && !taken_back && m.draft_of == index) params.set_line(index, m.draft);
}

// A tooltip beside the one panel, where it covers no other control.
void show_beside(const std::string& text) {
  const ImGuiWindow* host = ImGui::GetCurrentWindow()->RootWindow;
  const ImVec2 screen = ImGui::GetIO().DisplaySize, pad = ImGui::GetStyle().WindowPadding;
  const float gap = 0.4f * em(), right = host->Pos.x + host->Size.x + gap;
  const bool beside = screen.x - right > 9.0f * em();
  const float wrap = std::min(20.0f * em(), screen.x - (beside ? right : 0.0f) - gap - 2.0f * pad.x);
  const float height = ImGui::CalcTextSize(text.c_str(), nullptr, false, wrap).y + 2.0f * pad.y;
  const ImVec2 item = ImGui::GetItemRectMin();
  if (beside) {
    ImGui::SetNextWindowPos({right, std::max(0.0f, std::min(item.y - pad.y, screen.y - height - gap))});
  } else {  // no room: at the end of the window that is further away
    ImGui::SetNextWindowPos({gap, item.y < 0.5f * screen.y ? screen.y - height - gap : gap});
  }
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(wrap + pad.x);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace

std::string key_hint(const DeskContext& desk, std::string_view path) {
  if (!ImGui::IsItemHovered()) return "";  // nobody reads it
  const std::string keys = desk.keys.text_for(path);
  return keys.empty() ? "" : "\nKey: " + keys;
}

float em() { return ImGui::GetFontSize(); }

void help(const std::string& text) {
  if (text.empty() || !ImGui::IsItemHovered()) return;
  auto* memory = static_cast<DeskMemory*>(ImGui::GetIO().UserData);
  if (memory && memory->own_window && !memory->narrow) {
    memory->help = text;
  } else {
    show_beside(text);
  }
}

void keep_place(DeskMemory& memory, std::string_view name, const ImVec2& low) {
  ImRect seen(low, ImGui::GetItemRectMax());
  seen.ClipWith(ImGui::GetCurrentWindow()->ClipRect);  // a panel may be scrolled
  if (seen.Min.x >= seen.Max.x || seen.Min.y >= seen.Max.y) return;
  memory.places.push_back({name, seen.Min.x, seen.Min.y, seen.Max.x, seen.Max.y});
}

void keep_place(DeskMemory& memory, std::string_view name) { keep_place(memory, name, ImGui::GetItemRectMin()); }

bool draw_field(DeskMemory& memory, const char* name, const char* hint, char* text, std::size_t size, int flags) {
  if (memory.focus == name) {
    memory.focus.clear();
    ImGui::SetKeyboardFocusHere();
  }
  ImGui::PushID(name);
  const bool entered =
      ImGui::InputTextWithHint("##field", hint, text, size, flags | ImGuiInputTextFlags_EnterReturnsTrue);
  ImGui::PopID();
  mark_typing();
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const float from = std::max(low.x - kLabelEms * em(), ImGui::GetWindowPos().x);  // not in another column
  memory.fields.push_back({name, low.x, low.y, high.x, high.y, from});
  return entered;
}

std::string fit(const std::string& text, float width) {
  if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
  std::string cut = text;
  while (!cut.empty()) {
    while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0xc0u) == 0x80u) cut.pop_back();
    if (!cut.empty()) cut.pop_back();
    if (ImGui::CalcTextSize((cut + "...").c_str()).x <= width) break;
  }
  return cut + "...";
}

int draw_segments(const char* id, const std::vector<std::string>& names, int chosen) {
  const float gap = 0.15f * em(), least = 0.4f * em();
  const auto count = static_cast<float>(std::max<std::size_t>(1, names.size()));
  float words = 0.0f, widest = 0.0f;
  for (const std::string& name : names) {
    const float width = ImGui::CalcTextSize(name.c_str()).x;
    words += width, widest = std::max(widest, width);
  }
  const float room = ImGui::GetContentRegionAvail().x - gap * (count - 1.0f);
  // all alike, else as wide as their words need, else a list
  const bool alike = room / count - widest >= least;
  const float around = (room - words) / count;
  const int shown = std::clamp(chosen, 0, std::max(0, static_cast<int>(names.size()) - 1));
  int clicked = -1;
  ImGui::PushID(id);
  if (!names.empty() && !alike && around < least) {
    ImGui::SetNextItemWidth(-1.0f);
    if (ImGui::BeginCombo("##list", names[static_cast<std::size_t>(shown)].c_str())) {
      for (int i = 0; i < static_cast<int>(names.size()); ++i) {
        if (ImGui::Selectable(names[static_cast<std::size_t>(i)].c_str(), i == chosen)) clicked = i;
      }
      ImGui::EndCombo();
    }
    ImGui::PopID();
    return clicked;
  }
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {0.0f, ImGui::GetStyle().FramePadding.y});
  for (int i = 0; i < static_cast<int>(names.size()); ++i) {
    const char* name = names[static_cast<std::size_t>(i)].c_str();
    if (i > 0) ImGui::SameLine(0.0f, gap);
    const bool lit = i == chosen;
    if (lit) {
      ImGui::PushStyleColor(ImGuiCol_Button, theme::kWarm);
      ImGui::PushStyleColor(ImGuiCol_ButtonHovered, theme::kWarm);
      ImGui::PushStyleColor(ImGuiCol_Text, theme::kPanel);
    }
    if (ImGui::Button(name, {alike ? room / count : ImGui::CalcTextSize(name).x + around, 0.0f})) clicked = i;
    if (lit) ImGui::PopStyleColor(3);
  }
  ImGui::PopStyleVar();
  ImGui::PopID();
  return clicked;
}

void begin_opaque(ImDrawList* list) {
  list->AddCallback([](const ImDrawList*, const ImDrawCmd*) { glDisable(GL_BLEND); }, nullptr);
}

void end_opaque(ImDrawList* list) { list->AddCallback(ImDrawCallback_ResetRenderState, nullptr); }

ImTextureID texture_id(const PreviewView& picture) {
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(picture.texture));
}

void section(const char* title) {
  ImGui::Dummy({0.0f, 0.25f * em()});
  ImGui::TextDisabled("%s", title);
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  const float y = 0.5f * (low.y + high.y), right = ImGui::GetWindowPos().x + ImGui::GetWindowContentRegionMax().x;
  ImGui::GetWindowDrawList()->AddLine({high.x + 0.5f * em(), y}, {right, y}, theme::ink(theme::kText, 0.12f));
}

void value_line(const char* name, const std::string& value, const std::string& text, const ImVec4& colour) {
  ImGui::TextDisabled("%s", name);
  help(text);
  ImGui::SameLine(kValueEms * em());
  ImGui::TextColored(colour, "%s", value.c_str());
  help(text);
}

void draw_param(DeskContext& desk, int index) {
  Params& params = desk.params;
  const Declaration& d = params.declaration(index);
  ImGui::PushID(index);
  if (d.kind == Kind::kTrigger) {
    if (ImGui::Button(d.label.c_str(), {-1.0f, 0.0f})) params.fire(index);
    keep_place(desk.memory, d.path);
    help(d.help + key_hint(desk, d.path));
    ImGui::PopID();
    return;
  }
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(fit(d.label, kValueEms * em() - ImGui::GetStyle().ItemSpacing.x).c_str());
  const ImVec2 label = ImGui::GetItemRectMin();
  const bool slides = d.kind == Kind::kFloat || d.kind == Kind::kInteger;
  const std::string text = d.help + (slides ? kSliderHelp : "\nDouble click on the name: the default.");
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) params.reset(index);
  if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right)) ImGui::OpenPopup("menu");
  help(text + key_hint(desk, d.path));
  ImGui::SameLine(kValueEms * em());
  ImGui::BeginGroup();
  switch (d.kind) {
    case Kind::kFloat:
    case Kind::kInteger:
      draw_number(desk, index);
      break;
    case Kind::kChoice:
      if (const int choice = draw_segments("choice", d.choices, static_cast<int>(params.base(index))); choice >= 0) {
        params.set(index, choice);
      }
      break;
    case Kind::kBool:
      if (draw_switch(params.base(index) != 0.0)) params.set(index, params.base(index) != 0.0 ? 0.0 : 1.0);
      break;
    case Kind::kColour: {
      const Colour colour = params.colour(index);
      float rgb[3] = {colour.r, colour.g, colour.b};
      ImGui::SetNextItemWidth(-1.0f);
      if (ImGui::ColorEdit3("##colour", rgb, ImGuiColorEditFlags_DisplayHex | ImGuiColorEditFlags_PickerHueWheel)) {
        params.set_colour(index, {rgb[0], rgb[1], rgb[2]});
      }
      mark_typing();
      break;
    }
    case Kind::kText:
      draw_text(desk, index);
      break;
    case Kind::kTrigger:
      break;
  }
  ImGui::EndGroup();
  keep_place(desk.memory, d.path, {label.x, ImGui::GetItemRectMin().y});
  // a colour's own field has a menu of ImGui's, and a text's belongs to its letters
  if (d.kind != Kind::kColour && d.kind != Kind::kText && ImGui::IsItemHovered() &&
      ImGui::IsMouseReleased(ImGuiMouseButton_Right))
    ImGui::OpenPopup("menu");
  help(text + key_hint(desk, d.path));
  context_menu(desk, index);
  ImGui::PopID();
}

void draw_params(DeskContext& desk, Section where) {
  for (int i = 0; i < desk.params.size(); ++i) {
    if (desk.params.declaration(i).stands_in(where)) draw_param(desk, i);
  }
}

}  // namespace ombra::show
