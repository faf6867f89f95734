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

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::show {
namespace {

constexpr std::size_t kBeatPanel = 1;
constexpr float kPanelEms = 25.0f;  // width of the desk in text heights
constexpr double kHideMouseAfter_s = 2.0;

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

void draw_messages(const DeskView& view) {
  for (const std::string& message : view.messages) {
    ImGui::PushTextWrapPos(0.0f);
    ImGui::TextColored(theme::kWarm, "%s", message.c_str());
    ImGui::PopTextWrapPos();
  }
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
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, ImGui::GetStyleColorVec4(ImGuiCol_TabHovered));
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

void draw_panel(DeskContext& desk, int height) {
  const float margin = 0.6f * desk.fonts.height;
  ImGui::SetNextWindowPos({margin, margin});
  ImGui::SetNextWindowSize({kPanelEms * desk.fonts.height, static_cast<float>(height) - 2.0f * margin});
  ImGui::SetNextWindowBgAlpha(desk.params.get(desk.params.desk_opacity));
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus;
  if (ImGui::Begin("desk", nullptr, flags)) {
    draw_header(desk);
    draw_messages(desk.view);
    draw_meters(desk);
    draw_recording(desk);
    draw_tabs(desk);
    ImGui::TextDisabled("Tab hide  F11 full  R record  L look  Esc quit");
    help(
        "Tab hides the desk, F11 fullscreen, Space holds the pose, 1 to 9 seed phrases, J jumps, L next look, D more "
        "dancers, M mirror, arrows left and right temperature, up and down energy, Esc asks before it quits. The beat: "
        "T "
        "tap, Enter this is the 1, [ earlier, ] later, comma half, full stop double, F free run, B type the tempo, "
        "Backspace "
        "gives it back. K calibrates the offset. R records.");
  }
  ImGui::End();
}

void draw_question(Keys& keys, DeskActions& actions, int width, int height) {
  ImGui::SetNextWindowPos({0.5f * static_cast<float>(width), 0.5f * static_cast<float>(height)}, ImGuiCond_Always,
                          {0.5f, 0.5f});
  ImGui::SetNextWindowBgAlpha(0.95f);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                                 ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings;
  if (ImGui::Begin("question", nullptr, flags)) {
    ImGui::TextUnformatted("End the show?");
    ImGui::Dummy({0.0f, 0.3f * em()});
    if (ImGui::Button("End it (Enter or Y)", {11.0f * em(), 0.0f})) actions.quit = true;
    ImGui::SameLine();
    if (ImGui::Button("Go on (any other key)", {11.0f * em(), 0.0f})) keys.ask(false);
  }
  ImGui::End();
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
    if (!file.empty()) return io.Fonts->AddFontFromFileTTF(file.c_str(), pixels, &config);
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
  ImGui_ImplSDL2_ProcessEvent(&event);
  if (event.type == SDL_MOUSEMOTION || event.type == SDL_MOUSEBUTTONDOWN) mouse_still_s_ = 0.0;
  if (event.type == SDL_MOUSEMOTION) {
    mouse_x_ = static_cast<float>(event.motion.x), mouse_y_ = static_cast<float>(event.motion.y);
  } else if (event.type == SDL_MOUSEBUTTONDOWN || event.type == SDL_MOUSEBUTTONUP) {
    const int number = event.button.button == SDL_BUTTON_LEFT ? 0 : event.button.button == SDL_BUTTON_RIGHT ? 1 : 2;
    mouse_down_[static_cast<std::size_t>(number)] = event.type == SDL_MOUSEBUTTONDOWN;
  }
  if (event.type != SDL_KEYDOWN || (ImGui::GetIO().WantTextInput && !keys_.asking())) return;
  keys_.press(event.key.keysym.sym, event.key.keysym.mod, event.key.repeat != 0, params, actions);
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
  const bool calibrating = view.calibration.on;
  const bool shown = params.get(params.desk_shown) || calibrating || keys_.asking();
  if ((!shown || calibrating) && mouse_still_s_ > kHideMouseAfter_s) ImGui::SetMouseCursor(ImGuiMouseCursor_None);
  if (std::exchange(actions.type_tempo, false)) memory_.panel = kBeatPanel, memory_.type_tempo = true;
  DeskContext context{params, modulation, view, actions, memory_, fonts_};
  if (calibrating) {
    draw_calibration(context, window_.width(), window_.height());
  } else if (params.get(params.desk_shown)) {
    draw_panel(context, window_.height());
  }
  if (keys_.asking()) draw_question(keys_, actions, window_.width(), window_.height());
  ImGui::Render();
  if (shown) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace ombra::show
