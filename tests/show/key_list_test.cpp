// The list of keys on the desk, and the keys, clicks and texts of windows that are not the desk's.

#include "show/operated_show.hpp"

namespace ombra::show {
namespace {

constexpr Uint32 kOther = 4711;  // a window that is not the desk's

void press_there(SDL_Keycode key) { press(key, KMOD_NONE, kOther); }

void click_there(Spot at) {
  for (const bool down : {true, false}) {
    SDL_Event event{};
    event.type = SDL_MOUSEMOTION;
    event.motion.windowID = kOther;
    event.motion.x = at.x, event.motion.y = at.y;
    SDL_PushEvent(&event);
    event = {};
    event.type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;
    event.button.windowID = kOther;
    event.button.button = SDL_BUTTON_LEFT;
    event.button.x = at.x, event.button.y = at.y;
    SDL_PushEvent(&event);
  }
}

void type_there(const char* utf8) {
  SDL_Event event{};
  event.type = SDL_TEXTINPUT;
  event.text.windowID = kOther;
  std::snprintf(event.text.text, sizeof event.text.text, "%s", utf8);
  SDL_PushEvent(&event);
}

void tell_window(Uint32 window, SDL_WindowEventID what) {
  SDL_Event event{};
  event.type = SDL_WINDOWEVENT;
  event.window.windowID = window;
  event.window.event = static_cast<Uint8>(what);
  SDL_PushEvent(&event);
}

bool list_shown(const Show& show) { return show.on_desk("keys/blackout"); }

TEST(KeyList, IsSeenAfterF1AndGoneAfterEsc) {
  for (const std::string shown : {"desk/shown=on", "desk/shown=off"}) {
    Show show({shown});
    show.frames(3);
    EXPECT_FALSE(list_shown(show));
    const gfx::Image before = show.picture();
    press(SDLK_F1);
    show.frames(2);
    EXPECT_TRUE(list_shown(show)) << shown;
    EXPECT_NE(show.picture().pixels, before.pixels);
    press(SDLK_m);
    show.frames(1);
    EXPECT_TRUE(show.session->params().get(show.session->params().mirror)) << "keys may be tried";
    press(SDLK_ESCAPE);
    show.frames(2);
    EXPECT_FALSE(list_shown(show));
    press(SDLK_y);  // would end the show if Esc had asked
    show.frames(2);
  }
}

TEST(KeyList, AClickEndsItAndIsNothingElse) {
  for (const bool quick : {true, false}) {
    Show show({"desk/shown=on", "desk/scale=0.8"}, 480, 720);
    const ShowParams& p = show.session->params();
    show.frames(3);
    const Spot hold = show.spot("dancer/hold", 0.35f);
    press(SDLK_F1);
    show.frames(2);
    ASSERT_TRUE(list_shown(show));
    if (quick) {
      point_at(hold);
      press_button(true, hold);
      press_button(false, hold);
      show.frames(2);
    } else {
      show.click(hold);
    }
    EXPECT_FALSE(list_shown(show));
    show.frames(2);
    EXPECT_FALSE(p.get(p.hold));
    show.click(hold);
    EXPECT_TRUE(p.get(p.hold)) << "the switch is there";
  }
}

TEST(KeyList, FitsEveryWindow) {
  for (const auto& [width, height] : {std::pair{800, 600}, {1920, 1080}, {480, 720}}) {
    for (const std::string scale : {"1", "2.5"}) {
      if (scale != "1" && width != 800) continue;
      Show show({"desk/shown=on", "desk/scale=" + scale}, width, height);
      show.frames(2);
      press(SDLK_F1);
      press(SDLK_k);  // with the keys of the calibration
      show.frames(2);
      for (const KeyLine& line : show.session->desk().keys().lines()) {
        const std::string name = "keys/" + std::string(line.first);
        const auto place = show.session->desk().place_of(name);
        ASSERT_TRUE(place) << name;
        EXPECT_GE(place->left, 0.0f) << name;
        EXPECT_GE(place->top, 0.0f) << name;
        EXPECT_LE(place->right, static_cast<float>(width)) << name << " at " << width;
        EXPECT_LE(place->bottom, static_cast<float>(height)) << name << " at " << width;
        EXPECT_GE(place->bottom - place->top, width < 800 ? 6.0f : 10.0f) << "it can be read at " << width;
      }
    }
  }
}

TEST(KeyList, ClosesForATempoThatIsTyped) {
  Show show({"desk/shown=on"});
  const ShowParams& p = show.session->params();
  show.frames(3);
  press(SDLK_F1);
  show.frames(2);
  press(SDLK_b);
  show.frames(8);
  EXPECT_FALSE(list_shown(show));
  type_text("128");
  show.frames(2);
  press(SDLK_RETURN);
  show.frames(3);
  EXPECT_EQ(p.base(p.typed_bpm.index), 128.0);
}

TEST(OtherWindows, TheirKeysAreTheShowsAndTypeNothing) {
  Show show({"desk/shown=on"});
  ShowParams& p = show.session->params();
  show.frames(3);
  press(SDLK_b);  // the field for the tempo has the keyboard of the desk
  show.frames(8);
  press(SDLK_x);
  show.frames(1);
  EXPECT_FALSE(p.get(p.blackout)) << "typing";
  press_there(SDLK_x);
  show.frames(1);
  EXPECT_TRUE(p.get(p.blackout));
  type_there("7");
  press_there(SDLK_RETURN);
  show.frames(2);
  EXPECT_EQ(p.base(p.typed_bpm.index), 0.0);
  press_there(SDLK_ESCAPE);
  show.frames(2);
  press_there(SDLK_y);
  EXPECT_FALSE(show.session->frame()) << "the question is answered from there, too";
}

TEST(OtherWindows, ATempoThatIsBegunThereIsTypedOnTheDesk) {
  Show show({"desk/shown=on"});
  const ShowParams& p = show.session->params();
  show.frames(3);
  press_there(SDLK_b);
  for (const auto& [key, text] : {std::pair{SDLK_1, "1"}, {SDLK_2, "2"}, {SDLK_8, "8"}}) {
    press_there(key);
    type_there(text);
  }
  show.frames(1);
  EXPECT_EQ(p.get(p.seed), 0) << "no seed phrase is meant";
  show.frames(8);
  press(SDLK_RETURN);
  show.frames(3);
  EXPECT_EQ(p.base(p.typed_bpm.index), 128.0);
}

TEST(OtherWindows, TheirClicksAreNotTheDesks) {
  Show show({"desk/shown=on", "desk/scale=0.8"}, 480, 720);
  const ShowParams& p = show.session->params();
  show.frames(3);
  const Spot hold = show.spot("dancer/hold", 0.35f);
  click_there(hold);
  show.frames(3);
  EXPECT_FALSE(p.get(p.hold));
  point_at(hold);
  tell_window(kOther, SDL_WINDOWEVENT_ENTER);
  show.frames(1);
  press_button(true, hold);
  show.frames(1);
  press_button(false, hold);
  show.frames(1);
  EXPECT_FALSE(p.get(p.hold)) << "the pointer is elsewhere";
  tell_window(kOther, SDL_WINDOWEVENT_LEAVE);
  show.click(hold);
  EXPECT_TRUE(p.get(p.hold));
}

TEST(OtherWindows, TheirCloseAsksAsEscDoes) {
  Show show;
  show.frames(1);
  tell_window(kOther, SDL_WINDOWEVENT_CLOSE);
  show.frames(2);
  press(SDLK_n);
  show.frames(2);
  press(SDLK_l, KMOD_LCTRL);
  for (int twice = 0; twice < 2; ++twice) {
    tell_window(kOther, SDL_WINDOWEVENT_CLOSE);
    show.frames(2);
  }
  press(SDLK_l, KMOD_LCTRL);
  tell_window(kOther, SDL_WINDOWEVENT_CLOSE);
  show.frames(2);
  tell_window(kOther, SDL_WINDOWEVENT_CLOSE);
  EXPECT_FALSE(show.session->frame()) << "the second time it is a yes";
}

TEST(OtherWindows, OneCloseOfTheLastWindowIsOneQuestion) {
  Show show;
  show.frames(1);
  tell_window(0, SDL_WINDOWEVENT_CLOSE);  // SDL tells it twice
  close_window();
  show.frames(2);
  press(SDLK_n);
  show.frames(2);
}

}  // namespace
}  // namespace ombra::show
