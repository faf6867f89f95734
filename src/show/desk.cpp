#include "show/desk.hpp"

#include "show/desk_panels.hpp"
#include "show/desk_widgets.hpp"

#include <SDL.h>
#include <backends/imgui_impl_opengl3.h>
#if __has_include(<backends/imgui_impl_sdl2.h>)  // its name from Dear ImGui 1.89 on
#include <backends/imgui_impl_sdl2.h>
#else
#include <backends/imgui_impl_sdl.h>
#endif
#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace ombra::show {
namespace {

constexpr std::size_t kBeatPanel = 1;
constexpr float kPanelEms = 25.0f;  // width of the desk in text heights
constexpr double kHideMouseAfter_s = 2.0;
constexpr int kComingFrames = 6;   // ImGui gives a field the keyboard in the second frame
constexpr float kLabelEms = 8.0f;  // left of a field, where its name stands

// -> text height that fits a window of this height: 15 pixels at 720, 19 at 1080, 38 at 2160
float text_height(int window_height, float scale) {
  return std::round(std::clamp(scale * std::max(15.0f, static_cast<float>(window_height) / 57.0f), 10.0f, 96.0f));
}

// Sixty samples a second, whatever the frame rate, so that the strip always runs at one pace.
void remember_sound(DeskMemory& memory, const AudioFrame& audio, double step_s) {
  memory.strip_debt_s = std::min(memory.strip_debt_s + step_s, 0.25);
  for (; memory.strip_debt_s >= 1.0 / 60.0; memory.strip_debt_s -= 1.0 / 60.0) {
    const auto at = static_cast<std::size_t>(memory.strip_at);
    memory.level[at] = audio.level;
    memory.bass[at] = audio.bass;
    memory.onset[at] = audio.onset_count != memory.onsets ? std::max(0.2f, audio.onset) : 0.0f;
    memory.onsets = audio.onset_count;
    memory.strip_at = (memory.strip_at + 1) % DeskMemory::kStrip;
  }
}

void draw_header(const DeskContext& desk) {
  ImGui::PushFont(desk.fonts.large);
  ImGui::TextColored(theme::kWarm, "Ombra");
  ImGui::PopFont();
  if (!desk.view.stats) return;
  const bool held = desk.view.governor && desk.view.governor->holding();
  const std::string text = fmt::format("{}{:.0f} fps  p99 {:.0f} ms",
                                       held ? fmt::format("{:.0f} %  ", 100.0 * desk.view.governor->scale()) : "",
                                       desk.view.stats->fps(), desk.view.stats->p99_ms());
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(text.c_str()).x);
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 0.5f * em());
  ImGui::TextDisabled("%s", text.c_str());
}

// One row of buttons, one panel open.
void draw_tabs(DeskContext& desk) {
  using Draw = void (*)(DeskContext&);
  static constexpr std::array<std::pair<const char*, Draw>, 5> kPanels = {{
      {"Dance",
       [](DeskContext& d) {
         draw_dancer(d);
         section("seed phrases");
         draw_seeds(d);
       }},
      {"Beat", draw_beat},
      {"Look", draw_look},
      {"Music", draw_modulation},
      {"Machine", draw_machine},
  }};
  static_assert(kBeatPanel == 1);
  for (std::size_t i = 0; i < kPanels.size(); ++i) {
    const bool open = desk.memory.panel == i;
    if (i > 0) ImGui::SameLine(0.0f, 0.3f * em());
    ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(open ? ImGuiCol_TabActive : ImGuiCol_Tab));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered,
                          ImGui::GetStyleColorVec4(open ? ImGuiCol_TabActive : ImGuiCol_TabHovered));
    if (ImGui::Button(kPanels[i].first)) desk.memory.panel = i;
    ImGui::PopStyleColor(2);
  }
  ImGui::Separator();
  ImGui::PushID(kPanels[desk.memory.panel].first);
  ImGui::BeginChild("content", {0.0f, -1.3f * em()}, false);
  kPanels[desk.memory.panel].second(desk);
  ImGui::EndChild();
  ImGui::PopID();
}

constexpr const char* kKeyHelp =
    "Tab hides the desk, F11 fullscreen, Space holds the pose, 1 to 9 seed phrases, J jumps, L next look, D more "
    "dancers, M "
    "mirror, arrows left and right temperature, up and down energy, Esc asks before it quits. The beat: T tap, Enter "
    "this is "
    "the 1, [ earlier, ] later (the two keys right of P, whatever is printed on them), comma half, full stop double, F "
    "free "
    "run, B type the tempo, Backspace gives it back. K calibrates the offset. R records. Ctrl+L locks the keys. On "
    "sliders a "
    "double click takes the default, a click with Ctrl lets you type a number.";

// What the keyboard does at this moment, and the lock.
void draw_footer(DeskContext& desk, const char* typing) {
  ShowParams& p = desk.params;
  const bool locked = p.get(p.key_lock);
  if (typing) {
    ImGui::TextColored(theme::kWarm, "%s", typing);
  } else {
    ImGui::TextDisabled(
        "%s", locked ? "Tab hide  F11 full  Ctrl+L unlock" : "Tab hide  F11 full  R record  L look  Esc quit");
  }
  help(kKeyHelp);
  const char* text = locked ? "keys locked" : "keys on";
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize("keys locked").x);
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = ImGui::CalcTextSize("keys locked");
  if (ImGui::InvisibleButton("keys", size)) p.set(p.key_lock.index, locked ? 0.0 : 1.0);
  const ImVec4& colour = locked ? theme::kWarning : ImGui::IsItemHovered() ? theme::kText : theme::kDim;
  ImGui::GetWindowDrawList()->AddText({at.x + size.x - ImGui::CalcTextSize(text).x, at.y}, theme::ink(colour), text);
  help("Locks the keys and unlocks them (Ctrl+L): then only Esc, Tab and F11 act.");
}

void draw_question(Keys& keys, DeskActions& actions, int width, int height) {
  ImGui::SetNextWindowPos({0.5f * static_cast<float>(width), 0.5f * static_cast<float>(height)}, ImGuiCond_Always,
                          {0.5f, 0.5f});
  ImGui::SetNextWindowBgAlpha(0.95f);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                                 ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings;
  const bool end = keys.question() == Question::kEnd;
  if (ImGui::Begin("question", nullptr, flags)) {
    const std::string text =
        end ? "End the show?" : fmt::format("There is a preset {}. Replace it?", fit(keys.preset(), 12.0f * em()));
    ImGui::TextUnformatted(text.c_str());
    ImGui::Dummy({0.0f, 0.3f * em()});
    if (ImGui::Button(end ? "End it (Enter or Y)" : "Replace (Enter or Y)", {11.0f * em(), 0.0f}))
      keys.answer(true, actions);
    ImGui::SameLine();
    if (ImGui::Button(end ? "Go on (any other key)" : "Keep it (any other key)", {11.0f * em(), 0.0f}))
      keys.answer(false, actions);
  }
  ImGui::End();
}

// Many keypads send a comma where numbers have their point; ImGui takes only points.
bool in_number_field() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  constexpr int kNumbers = ImGuiInputTextFlags_CharsDecimal | ImGuiInputTextFlags_CharsScientific;
  return g.ActiveId != 0 && g.ActiveId == g.InputTextState.ID && (g.InputTextState.Flags & kNumbers) != 0;
}

}  // namespace

Desk::Desk(gfx::Window& window) : window_(window) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui_ImplSDL2_InitForOpenGL(window.handle(), window.context());
  ImGui_ImplOpenGL3_Init("#version 430 core");
}

Desk::~Desk() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplSDL2_Shutdown();
  ImGui::DestroyContext();
}

void Desk::build_fonts(float height) {
  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  ImFontConfig config;
  config.OversampleH = 2;
  const std::string file = theme::font_file();
  const auto add = [&](float pixels) {
    if (!file.empty())
      return io.Fonts->AddFontFromFileTTF(file.c_str(), pixels, &config, pixels > height ? nullptr : theme::letters());
    ImFontConfig own;
    own.SizePixels = pixels;
    return io.Fonts->AddFontDefault(&own);
  };
  fonts_ = {add(height), add(1.9f * height), height};
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  ImGui_ImplOpenGL3_CreateFontsTexture();
  theme::apply(height);
}

void Desk::event(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  if (keep_text(event) || keep_up(event)) return;
  if (event.type == SDL_TEXTINPUT && std::string_view(event.text.text) == "," && in_number_field()) {
    SDL_Event point = event;
    point.text.text[0] = '.';
    ImGui_ImplSDL2_ProcessEvent(&point);
  } else {
    ImGui_ImplSDL2_ProcessEvent(&event);
  }
  if (event.type == SDL_MOUSEMOTION || event.type == SDL_MOUSEBUTTONDOWN) mouse_still_s_ = 0.0;
  if (event.type == SDL_MOUSEMOTION) {
    mouse_x_ = static_cast<float>(event.motion.x), mouse_y_ = static_cast<float>(event.motion.y);
  } else if (event.type == SDL_MOUSEBUTTONDOWN || event.type == SDL_MOUSEBUTTONUP) {
    const int number = event.button.button == SDL_BUTTON_LEFT ? 0 : event.button.button == SDL_BUTTON_RIGHT ? 1 : 2;
    mouse_down_[static_cast<std::size_t>(number)] = event.type == SDL_MOUSEBUTTONDOWN;
    if (event.type == SDL_MOUSEBUTTONDOWN && number == 0)
      click(static_cast<float>(event.button.x), static_cast<float>(event.button.y));
  }
  if (event.type == SDL_KEYDOWN) press(event, params, actions);
}

// The innermost thing has the keyboard: the question, a field, an open list or menu, then the show.
void Desk::press(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  const SDL_Keysym& k = event.key.keysym;
  const bool escape = k.sym == SDLK_ESCAPE;
  if (keys_.question() == Question::kNone && k.sym != SDLK_F11 && !(k.sym == SDLK_l && (k.mod & KMOD_CTRL) != 0)) {
    if (typing_ == Typing::kPaused && (escape || k.sym == SDLK_RETURN || k.sym == SDLK_KP_ENTER)) {
      typing_ = Typing::kNo;
      return;
    }
    if (typing_ == Typing::kComing && escape) typing_ = Typing::kNo, memory_.focus.clear();
    if (typing_ != Typing::kNo || ImGui::GetIO().WantTextInput) return;
    if (ImGui::GetCurrentContext()->OpenPopupStack.Size > close_popups_) {
      if (escape && event.key.repeat == 0) ++close_popups_;
      return;
    }
  }
  keys_.press({k.sym, static_cast<int>(k.scancode), k.mod, event.key.repeat != 0}, params, actions);
  if (actions.type_tempo) typing_ = Typing::kComing, coming_frames_ = kComingFrames;
}

// Text that is typed before the field has the keyboard waits for it. -> is it kept?
bool Desk::keep_text(const SDL_Event& event) {
  if (event.type != SDL_TEXTINPUT || typing_ != Typing::kComing) return false;
  kept_text_ += event.text.text;
  return true;
}

// ImGui looks at keys once a frame: one that goes down and up between two frames would not be seen. -> is it kept?
bool Desk::keep_up(const SDL_Event& event) {
  if (event.type == SDL_KEYDOWN) pressed_.push_back(event.key.keysym.scancode);
  if (event.type != SDL_KEYUP || std::ranges::find(pressed_, event.key.keysym.scancode) == pressed_.end()) return false;
  kept_ups_.push_back(event);
  return true;
}

// A field gets the keyboard by a click in it, or a little beside it where nothing else is.
void Desk::click(float x, float y) {
  if (keys_.question() != Question::kNone || !desk_drawn_) return;
  for (const DeskMemory::Field& field : memory_.fields) {
    if (x < field.left || x > field.right || y < field.top || y > field.bottom) continue;
    if (typing_ != Typing::kYes) typing_ = Typing::kComing, coming_frames_ = kComingFrames;
  }
}

void Desk::close(DeskActions& actions) {
  if (keys_.question() == Question::kEnd) return keys_.answer(true, actions);
  keys_.ask_end();
  SDL_RestoreWindow(window_.handle());  // a question on a window that is put away would not be seen
}

// After the frame has ended: which field has the keyboard now, or is about to get it.
void Desk::follow_typing() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiIO& io = ImGui::GetIO();
  const bool active = g.ActiveId != 0 && g.ActiveId == g.InputTextState.ID;
  const bool clicked = io.MouseClicked[ImGuiMouseButton_Left], nothing = !ImGui::IsAnyItemHovered();
  const bool on_desk = g.HoveredWindow != nullptr;
  if (clicked && nothing && on_desk && !active) {
    const float near = 0.8f * fonts_.height;
    for (const DeskMemory::Field& f : memory_.fields) {
      const bool hit = io.MousePos.x > f.left - kLabelEms * fonts_.height && io.MousePos.x < f.right + near &&
                       io.MousePos.y > f.top - near && io.MousePos.y < f.bottom + near;
      if (hit) memory_.focus = f.name, typing_ = Typing::kComing, coming_frames_ = kComingFrames;
    }
  }
  if (active) {
    if (in_number_field()) std::ranges::replace(kept_text_, ',', '.');
    if (typing_ == Typing::kComing && !kept_text_.empty()) io.AddInputCharactersUTF8(kept_text_.c_str());
    typing_ = Typing::kYes;
  } else if (typing_ == Typing::kYes) {
    typing_ = clicked && nothing && on_desk ? Typing::kPaused : Typing::kNo;
  } else if (typing_ == Typing::kPaused && clicked && !(nothing && on_desk)) {
    typing_ = Typing::kNo;
  } else if (typing_ == Typing::kComing && --coming_frames_ <= 0) {
    typing_ = Typing::kNo;
  }
  if (typing_ != Typing::kComing) kept_text_.clear();
}

void Desk::draw_desk(DeskContext& desk) {
  const float margin = 0.6f * desk.fonts.height;
  ImGui::SetNextWindowPos({margin, margin});
  ImGui::SetNextWindowSize({kPanelEms * desk.fonts.height, static_cast<float>(window_.height()) - 2.0f * margin});
  ImGui::SetNextWindowBgAlpha(desk.params.get(desk.params.desk_opacity));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus;
  memory_.fields.clear();
  if (ImGui::Begin("desk", nullptr, flags)) {
    ImGui::BeginDisabled(keys_.question() != Question::kNone);
    draw_header(desk);
    draw_status(desk);
    draw_meters(desk);
    draw_recording(desk);
    draw_tabs(desk);
    draw_footer(desk, typing_ == Typing::kPaused ? "Keys wait: Esc, or click a control"
                      : typing_ != Typing::kNo   ? "Typing: Enter takes it, Esc leaves"
                                                 : nullptr);
    ImGui::EndDisabled();
  }
  ImGui::End();
}

void Desk::draw(ShowParams& params, Modulation& modulation, const DeskView& view, DeskActions& actions) {
  const float height = text_height(window_.height(), params.get(params.desk_scale));
  // the scale slider itself must not change under the mouse: fonts are rebuilt when it is let go
  if (height != fonts_.height && !(fonts_.text && ImGui::IsAnyItemActive())) build_fonts(height);
  remember_sound(memory_, view.audio, view.step_s);
  if (const int seed = params.get(params.seed); seed > 0) memory_.chosen_seed = seed - 1;

  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  if (window_.offscreen()) {
    ImGui::GetIO().MousePos = {mouse_x_, mouse_y_};
    std::copy(mouse_down_.begin(), mouse_down_.end(), ImGui::GetIO().MouseDown);
  }
  ImGui::NewFrame();
  mouse_still_s_ += view.step_s;
  const bool calibrating = view.calibration.on, asking = keys_.question() != Question::kNone;
  const bool shown = params.get(params.desk_shown) || calibrating || asking;
  desk_drawn_ = params.get(params.desk_shown) && !calibrating;
  if ((!shown || calibrating) && mouse_still_s_ > kHideMouseAfter_s) ImGui::SetMouseCursor(ImGuiMouseCursor_None);
  if (std::exchange(actions.type_tempo, false)) memory_.panel = kBeatPanel, memory_.focus = kTempoField;
  // what a hidden desk, or one that asks, had open or was being told is over
  const int open = ImGui::GetCurrentContext()->OpenPopupStack.Size;
  const int closing = !desk_drawn_ || asking ? open : std::min(open, close_popups_);
  if (closing > 0) ImGui::ClosePopupToLevel(open - closing, true);
  close_popups_ = 0;
  if (!desk_drawn_ || asking) {
    if (typing_ != Typing::kNo) ImGui::ClearActiveID();
    memory_.focus.clear(), typing_ = Typing::kNo;
  }
  DeskContext context{params, modulation, view, actions, memory_, fonts_};
  if (calibrating) draw_calibration(context, window_.width(), window_.height());
  if (desk_drawn_) draw_desk(context);
  if (asking) draw_question(keys_, actions, window_.width(), window_.height());
  ImGui::EndFrame();
  for (const SDL_Event& up : kept_ups_) ImGui_ImplSDL2_ProcessEvent(&up);
  kept_ups_.clear(), pressed_.clear();
  follow_typing();  // what it gives ImGui to read is for the next frame
  ImGui::Render();
  if (shown) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace ombra::show
