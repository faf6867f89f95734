// The keyboard and the mouse of the desk: what goes to its fields, what to the keys of the show.
#include "show/desk/desk.hpp"

#include "show/keys/mapping_keys.hpp"
#include "show/live/mapping_editor.hpp"

#include <SDL.h>
#if __has_include(<backends/imgui_impl_sdl2.h>)  // its name from Dear ImGui 1.89 on
#include <backends/imgui_impl_sdl2.h>
#else
#include <backends/imgui_impl_sdl.h>
#endif
#include <imgui_internal.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace ombra::show {
namespace {

constexpr int kComingFrames = 6;  // ImGui gives a field the keyboard in the second frame

// Many keypads send a comma where numbers have their point; ImGui takes only points.
bool in_number_field() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  constexpr int kNumbers = ImGuiInputTextFlags_CharsDecimal | ImGuiInputTextFlags_CharsScientific;
  return g.ActiveId != 0 && g.ActiveId == g.InputTextState.ID && (g.InputTextState.Flags & kNumbers) != 0;
}

// -> of which window it is; 0: of none
Uint32 window_of(const SDL_Event& event) {
  switch (event.type) {
    case SDL_WINDOWEVENT:
    case SDL_KEYDOWN:
    case SDL_KEYUP:
    case SDL_TEXTEDITING:
    case SDL_TEXTINPUT:
    case SDL_MOUSEMOTION:
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
    case SDL_MOUSEWHEEL:
      return event.window.windowID;  // SDL begins all of them alike
    default:
      return 0;
  }
}

KeyPress key_press(const SDL_Event& event) {
  const SDL_Keysym& k = event.key.keysym;
  return {k.sym, static_cast<int>(k.scancode), k.mod, event.key.repeat != 0};
}

}  // namespace

void Desk::event(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  const Uint32 window = window_of(event);
  if (window != 0 && window != SDL_GetWindowID(window_.handle())) return output_event(event, params, actions);
  if (keep_text(event) || keep_up(event)) return;
  const bool entered = event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_ENTER;
  if (entered || (event.type == SDL_MOUSEMOTION && window != 0)) over_output_ = false;
  if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_CLOSE && !close_told_) {
    ask_to_close(params, actions);
    close_told_ = true;
  }
  // a click on the list of keys ends it, and is nothing to what lies under it
  if (event.type == SDL_MOUSEBUTTONUP && std::exchange(help_clicked_, false)) keys_.show_help(false);
  if (event.type == SDL_MOUSEBUTTONDOWN && keys_.help_shown() && keys_.question() == Question::kNone) {
    help_clicked_ = true;
    return;
  }
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
    if (event.type == SDL_MOUSEBUTTONDOWN && number == 0 && !params.get(params.key_lock))
      click(static_cast<float>(event.button.x), static_cast<float>(event.button.y));
  }
  if (event.type == SDL_KEYDOWN) press(event, params, actions);
}

// What happens in a window that shows the picture: keys are the show's, whatever is being typed on the desk, but for
// those that follow the one that opens a field there.
void Desk::output_event(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  if (keep_text(event)) return;
  if (event.type == SDL_KEYDOWN) {
    if (!open_first(params) || !meant_for_field(event)) press_show(event, params, actions);
    if (actions.type_tempo) SDL_RaiseWindow(window_.handle());  // where it is typed
  } else if (event.type == SDL_WINDOWEVENT) {
    if (event.window.event == SDL_WINDOWEVENT_ENTER) over_output_ = true;
    if (event.window.event == SDL_WINDOWEVENT_LEAVE) over_output_ = false;
    if (event.window.event == SDL_WINDOWEVENT_CLOSE) ask_to_close(params, actions);
  }
}

// The innermost thing has the keyboard: the question, a field, an open list or menu, then the show.
void Desk::press(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  const SDL_Keysym& k = event.key.keysym;
  const bool escape = k.sym == SDLK_ESCAPE;
  if (open_first(params) && !keys_.passes_fields(key_press(event))) {
    if (typing_ == Typing::kPaused && (escape || k.sym == SDLK_RETURN || k.sym == SDLK_KP_ENTER)) {
      typing_ = Typing::kNo;
      return;
    }
    if (meant_for_field(event) || typing_ != Typing::kNo || ImGui::GetIO().WantTextInput) return;
    if (ImGui::GetCurrentContext()->OpenPopupStack.Size > close_popups_) {
      if (escape && event.key.repeat == 0) ++close_popups_;
      return;
    }
  }
  press_show(event, params, actions);
}

// -> do keys belong to what is open: a field, a list, a mapping that is edited? To a question or the lock before them
bool Desk::open_first(const ShowParams& params) const {
  return keys_.question() == Question::kNone && !params.get(params.key_lock);
}

// What a key does to the show, whichever window has the keyboard.
void Desk::press_show(const SDL_Event& event, ShowParams& params, DeskActions& actions) {
  const KeyPress press = key_press(event);
  if (keys_.question() == Question::kNone && memory_.own_window && keys_.command(press) == "desk")
    return;  // it always shows itself there
  const bool edits = mapping_ && open_first(params) && !params.get(params.calibrate) && !keys_.goes_first(press);
  if (edits && press_mapping(press, *mapping_)) return;
  keys_.press(press, params, actions);
  end_editing(params);
  if (actions.type_tempo) await_field();
}

// Under a lock nothing can be edited: the test card that is shown for it would only stay.
void Desk::end_editing(const ShowParams& params) {
  if (mapping_ && params.get(params.key_lock)) mapping_->edit(false);
}

void Desk::await_field() { typing_ = Typing::kComing, coming_frames_ = kComingFrames; }

// A key that goes down before the field has the keyboard; its letters are kept. Esc gives the field up.
bool Desk::meant_for_field(const SDL_Event& event) {
  if (typing_ != Typing::kComing || keys_.passes_fields(key_press(event))) return false;
  if (event.key.keysym.sym == SDLK_ESCAPE) typing_ = Typing::kNo, memory_.focus.clear();
  return true;
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
    if (typing_ != Typing::kYes) await_field();
  }
}

void Desk::close(const ShowParams& params, DeskActions& actions) {
  if (!std::exchange(close_told_, false)) ask_to_close(params, actions);
}

void Desk::ask_to_close(const ShowParams& params, DeskActions& actions) {
  if (params.get(params.key_lock)) {
    actions.locked_key = true;
    return;
  }
  if (keys_.question() == Question::kEnd) return keys_.answer(true, actions);
  keys_.ask_end();
  SDL_RestoreWindow(window_.handle());  // a question on a window that is put away would not be seen
}

// After the frame has ended: which field has the keyboard now, or is about to get it.
void Desk::follow_typing(bool locked) {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiIO& io = ImGui::GetIO();
  const bool active = g.ActiveId != 0 && g.ActiveId == g.InputTextState.ID;
  const bool clicked = io.MouseClicked[ImGuiMouseButton_Left], nothing = !ImGui::IsAnyItemHovered();
  const bool on_desk = g.HoveredWindow != nullptr;
  if (clicked && nothing && on_desk && !active && !locked) {
    const float near = 0.8f * fonts_.height;
    for (const DeskMemory::Field& f : memory_.fields) {
      const bool hit = io.MousePos.x > f.from && io.MousePos.x < f.right + near && io.MousePos.y > f.top - near &&
                       io.MousePos.y < f.bottom + near;
      if (hit) memory_.focus = f.name, await_field();
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

}  // namespace ombra::show
