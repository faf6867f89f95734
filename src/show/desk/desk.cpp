#include "show/desk/desk.hpp"

#include "show/desk/desk_frame.hpp"
#include "show/desk/desk_panels.hpp"
#include "show/desk/desk_plan.hpp"
#include "show/desk/desk_tabs.hpp"
#include "show/desk/desk_theme.hpp"
#include "show/params/presets.hpp"

#include <backends/imgui_impl_opengl3.h>
#if __has_include(<backends/imgui_impl_sdl2.h>)  // its name from Dear ImGui 1.89 on
#include <backends/imgui_impl_sdl2.h>
#else
#include <backends/imgui_impl_sdl.h>
#endif
#include <imgui_internal.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

constexpr float kPanelEms = 25.0f;  // width of the desk in text heights
constexpr double kHideMouseAfterS = 2.0;

// -> text height that fits a window of this size: 15 pixels at 1280x720, 19 at 1920x1080, 38 at 3840x2160
float text_height(int width, int height, float scale) {
  const float fits = std::min(static_cast<float>(height) / 57.0f, static_cast<float>(width) / 72.0f);
  return std::round(std::clamp(scale * std::max(15.0f, fits), 10.0f, 96.0f));
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

void clear(const ImVec4& colour, const Area& area, float height) {
  glScissor(static_cast<int>(area.left), static_cast<int>(height - area.bottom), static_cast<int>(area.width()),
            static_cast<int>(area.height()));
  glClearColor(colour.x, colour.y, colour.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
}

// The ground of a desk in a window of its own: cleared, since a software renderer takes far longer to blend it.
void clear_ground(const DeskPlan* plan, float width, float height) {
  glEnable(GL_SCISSOR_TEST);
  clear(theme::kPanel, {0.0f, 0.0f, width, height}, height);
  if (plan) clear(theme::kBars, plan->preview, height);
  for (std::size_t c = 0; plan && c < plan->columns.size(); ++c) clear(theme::kCard, plan->columns[c], height);
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace

Desk::Desk(gfx::Window& window) : window_(window) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui::GetIO().UserData = &memory_;
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

std::optional<DeskPlace> Desk::place_of(std::string_view name) const {
  const auto at = std::ranges::find(memory_.places, name, &DeskPlace::name);
  return at == memory_.places.end() ? std::nullopt : std::optional(*at);
}

void Desk::set_preset(const std::string& name, const ShowParams& params, const Modulation& modulation) {
  memory_.preset = name;
  memory_.preset_text = write_preset(params, modulation);
  memory_.preset_compared = params.changes();
  memory_.preset_changed = false;
}

const char* Desk::typing_hint() const {
  return typing_ == Typing::kPaused ? "Keys wait: Esc, or click a control"
         : typing_ != Typing::kNo   ? "Typing: Enter accepts, Esc cancels"
                                    : nullptr;
}

void Desk::draw_desk(DeskContext& desk) {
  const auto width = static_cast<float>(window_.width()), height = static_cast<float>(window_.height());
  const float em = desk.fonts.height, margin = 0.6f * em;
  const std::optional<DeskPlan> plan = desk.view.own_window ? plan_desk(width, height, em) : std::nullopt;
  memory_.narrow = desk.view.own_window && !plan;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, plan ? ImVec2{} : ImGui::GetStyle().WindowPadding);
  if (plan) {
    ImGui::SetNextWindowPos({});
    ImGui::SetNextWindowSize({width, height});
  } else {
    ImGui::SetNextWindowPos({margin, margin});
    ImGui::SetNextWindowSize({desk.view.own_window ? width - 2.0f * margin : kPanelEms * em, height - 2.0f * margin});
    ImGui::SetNextWindowBgAlpha(desk.params.get(desk.params.desk_opacity));
  }
  if (desk.view.own_window) clear_ground(plan ? &*plan : nullptr, width, height);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                 ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoBringToFrontOnFocus |
                                 (desk.view.own_window ? ImGuiWindowFlags_NoBackground : ImGuiWindowFlags_None);
  memory_.fields.clear(), memory_.panels.clear();
  const float seen_through = desk.view.own_window ? 0.0f : 1.0f - desk.params.get(desk.params.desk_opacity);
  ImGui::PushStyleColor(ImGuiCol_TextDisabled, theme::mix(theme::kDim, theme::kText, 2.0f * seen_through));
  const bool open = ImGui::Begin("desk", nullptr, flags);
  ImGui::PopStyleVar();
  const bool asking = keys_.question() != Question::kNone;
  const Shut shut{.all = asking, .most = asking || desk.params.get(desk.params.key_lock)};
  if (open && plan) draw_wide_desk(desk, *plan, shut, typing_hint());
  if (open && !plan) draw_one_panel(desk, shut, typing_hint());
  ImGui::PopStyleColor();
  ImGui::End();
}

// What a hidden desk, a locked one, or one that asks, had open or was being told is over.
void Desk::stop_what_is_open(bool locked, bool asking) {
  const bool stop = !desk_drawn_ || asking || locked || keys_.help_shown();
  const int open = ImGui::GetCurrentContext()->OpenPopupStack.Size;
  const int closing = stop ? open : std::min(open, close_popups_);
  if (closing > 0) ImGui::ClosePopupToLevel(open - closing, true);
  close_popups_ = 0;
  // a slider that is held follows the mouse no further
  if (stop && (typing_ != Typing::kNo || (locked && !locked_))) ImGui::ClearActiveID();
  if (stop) memory_.focus.clear(), typing_ = Typing::kNo;
  locked_ = locked;
}

void Desk::draw(ShowParams& params, Modulation& modulation, const DeskView& view, DeskActions& actions) {
  const float height = text_height(window_.width(), window_.height(), params.get(params.desk_scale));
  // the scale slider itself must not change under the mouse: fonts are rebuilt when it is let go
  if (height != fonts_.height && !(fonts_.text && ImGui::IsAnyItemActive())) build_fonts(height);
  remember_sound(memory_, view.audio, view.step_s);
  if (const int seed = params.get(params.seed); seed > 0) memory_.chosen_seed = seed - 1;

  mapping_ = view.mapping, memory_.own_window = view.own_window;
  glBindFramebuffer(GL_FRAMEBUFFER, 0);  // whatever was drawn into before
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  if (over_output_) {  // the backend asks for the pointer wherever it is
    ImGui::GetIO().MousePos = {-FLT_MAX, -FLT_MAX};
    std::ranges::fill(ImGui::GetIO().MouseDown, false);
  } else if (window_.offscreen()) {
    ImGui::GetIO().MousePos = {mouse_x_, mouse_y_};
    std::copy(mouse_down_.begin(), mouse_down_.end(), ImGui::GetIO().MouseDown);
  } else if (ImGui::IsAnyMouseDown()) {  // SDL's own place of the pointer stands still while it is grabbed on X11
    ImGui::GetIO().MousePos = {mouse_x_, mouse_y_};
  }
  ImGui::NewFrame();
  mouse_still_s_ += view.step_s;
  const bool calibrating = view.calibration.on, asking = keys_.question() != Question::kNone;
  const bool wanted = params.get(params.desk_shown) || view.own_window;
  const bool shown = wanted || calibrating || asking || keys_.help_shown();
  desk_drawn_ = wanted && !calibrating;
  const bool no_use = (!shown || calibrating) && mouse_still_s_ > kHideMouseAfterS;  // of the pointer
  if (no_use || over_output_) ImGui::SetMouseCursor(ImGuiMouseCursor_None);
  if (std::exchange(actions.type_tempo, false)) {
    open_panel(memory_, "Beat", memory_.columns);
    memory_.focus = kTempoField;
  }
  const bool locked = params.get(params.key_lock);
  stop_what_is_open(locked, asking);
  end_editing(params);
  memory_.places.clear();
  DeskContext context{params, modulation, view, actions, memory_, fonts_, keys_};
  if (calibrating) draw_calibration(context, window_.width(), window_.height());
  if (desk_drawn_) draw_desk(context);
  if (keys_.help_shown()) draw_keys(context, window_.width(), window_.height(), !asking);
  if (asking) draw_question(keys_, actions, window_.width(), window_.height());
  ImGui::EndFrame();
  for (const SDL_Event& up : kept_ups_) ImGui_ImplSDL2_ProcessEvent(&up);
  kept_ups_.clear(), pressed_.clear();
  close_told_ = false;
  follow_typing(locked);  // what it gives ImGui to read is for the next frame
  ImGui::Render();
  if (shown) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace ombra::show
