#include "show/keys/keys.hpp"

#include "show/key_board.hpp"

#include <SDL.h>
#include <gtest/gtest.h>

#include <utility>

namespace ombra::show {
namespace {

using Board = KeyBoard;

TEST(Keys, AreMeantByTheirSignElseByTheirPlace) {
  Board b;
  EXPECT_TRUE(b.press(SDLK_LEFTBRACKET));
  EXPECT_TRUE(b.fired(b.params.earlier));
  EXPECT_TRUE(b.press(0xfc, KMOD_NONE, SDL_SCANCODE_LEFTBRACKET)) << "the German key that says ue";
  EXPECT_TRUE(b.fired(b.params.earlier));
  EXPECT_TRUE(b.press(SDLK_PLUS, KMOD_NONE, SDL_SCANCODE_RIGHTBRACKET));
  EXPECT_TRUE(b.fired(b.params.later));
  EXPECT_TRUE(b.press(0x43a, KMOD_NONE, SDL_SCANCODE_R)) << "a Russian one";
  EXPECT_TRUE(b.params.get(b.params.record_on));
  EXPECT_TRUE(b.press(SDLK_AMPERSAND, KMOD_NONE, SDL_SCANCODE_1)) << "the French top row";
  EXPECT_EQ(b.params.get(b.params.seed), 1);
  EXPECT_FALSE(b.press(SDLK_q, KMOD_NONE, SDL_SCANCODE_T)) << "a letter is what it says";
  EXPECT_FALSE(b.fired(b.params.tap));
  EXPECT_FALSE(b.press(0xe4, KMOD_NONE, SDL_SCANCODE_APOSTROPHE));
}

TEST(Keys, SwitchTheWholePicture) {
  Board b;
  const std::pair<int, BoolParam> switches[] = {
      {SDLK_x, b.params.blackout}, {SDLK_z, b.params.freeze}, {SDLK_c, b.params.test_card}};
  for (const auto& [key, param] : switches) {
    for (const bool on : {true, false}) {
      EXPECT_TRUE(b.press(key));
      EXPECT_EQ(b.params.get(param), on);
      b.press(key, KMOD_NONE, 0, true);
      b.press(key, KMOD_LCTRL);
      EXPECT_EQ(b.params.get(param), on) << "held down, or a chord of the desktop's";
    }
  }
  EXPECT_TRUE(b.press(0x447, KMOD_NONE, SDL_SCANCODE_X)) << "a Russian keyboard";
  EXPECT_TRUE(b.params.get(b.params.blackout));
}

TEST(Keys, ALockLeavesBlackoutFreezeTabAndItself) {
  Board b;
  EXPECT_TRUE(b.press(SDLK_l, KMOD_LCTRL));
  EXPECT_TRUE(b.params.get(b.params.key_lock));
  for (const int key : {SDLK_t, SDLK_r, SDLK_m, SDLK_SPACE, SDLK_UP, SDLK_1, SDLK_RETURN, SDLK_b, SDLK_k, SDLK_c})
    b.press(key);
  EXPECT_FALSE(b.fired(b.params.tap));
  EXPECT_FALSE(b.params.get(b.params.record_on));
  EXPECT_FALSE(b.params.get(b.params.mirror));
  EXPECT_FALSE(b.params.get(b.params.hold));
  EXPECT_FALSE(b.params.get(b.params.calibrate));
  EXPECT_FALSE(b.params.get(b.params.test_card));
  EXPECT_FALSE(b.actions.type_tempo);
  EXPECT_TRUE(b.actions.locked_key) << "and the operator is told why";
  b.press(SDLK_TAB);
  EXPECT_FALSE(b.params.get(b.params.desk_shown));
  b.press(SDLK_x);
  EXPECT_TRUE(b.params.get(b.params.blackout));
  b.press(SDLK_z);
  EXPECT_TRUE(b.params.get(b.params.freeze));
  b.press(SDLK_F11);
  EXPECT_FALSE(b.actions.toggle_fullscreen);
  b.actions.locked_key = false;
  b.press(SDLK_ESCAPE);
  EXPECT_TRUE(b.actions.locked_key) << "how to unlock is said";
  EXPECT_EQ(b.keys.question(), Question::kNone);
  b.press(SDLK_y);
  EXPECT_FALSE(b.actions.quit);
  b.press(SDLK_l, KMOD_RCTRL);
  b.press(SDLK_m);
  EXPECT_TRUE(b.params.get(b.params.mirror));
  b.press(SDLK_ESCAPE);
  EXPECT_EQ(b.keys.question(), Question::kEnd);
}

TEST(Keys, ALockHoldsTheCalibrationToo) {
  Board b;
  b.press(SDLK_k);
  b.press(SDLK_l, KMOD_LCTRL);
  for (const int key : {SDLK_UP, SDLK_k, SDLK_ESCAPE}) b.press(key);
  EXPECT_TRUE(b.params.get(b.params.calibrate));
  EXPECT_EQ(b.params.base(b.params.offset_ms.index), 0.0);
}

TEST(Keys, AQuestionIsAnsweredByKeysThatSaySomething) {
  Board b;
  b.press(SDLK_ESCAPE);
  b.press(SDLK_ESCAPE, KMOD_NONE, 0, true);
  b.press(SDLK_LSHIFT, KMOD_LSHIFT);
  EXPECT_EQ(b.keys.question(), Question::kEnd) << "held down, or a key on the way to another, is no answer";
  b.press(SDLK_ESCAPE);
  EXPECT_EQ(b.keys.question(), Question::kNone);
  EXPECT_FALSE(b.actions.quit);
  b.keys.ask_replace("Über alles");
  b.press(SDLK_n);
  EXPECT_FALSE(b.actions.save_preset);
  b.keys.ask_replace("Über alles");
  b.press(SDLK_RETURN);
  EXPECT_EQ(b.actions.save_preset, "Über alles");
  EXPECT_TRUE(b.actions.replace_preset);
  EXPECT_FALSE(b.fired(b.params.resync)) << "Enter was the answer and nothing else";
}

TEST(Keys, NoQuestionIsInTheWayOfABlackout) {
  Board b;
  b.press(SDLK_ESCAPE);
  b.press(SDLK_x);
  EXPECT_TRUE(b.params.get(b.params.blackout));
  EXPECT_EQ(b.keys.question(), Question::kNone) << "which is also a no";
  EXPECT_FALSE(b.actions.quit);
}

TEST(Keys, ChordsBelongToTheDesktop) {
  Board b;
  const double energy = b.params.base(b.params.energy.index);
  for (const unsigned mods : {KMOD_LCTRL, KMOD_LALT, KMOD_LGUI}) {
    for (const int key : {SDLK_UP, SDLK_r, SDLK_TAB, SDLK_1}) EXPECT_FALSE(b.press(key, mods));
  }
  EXPECT_EQ(b.params.base(b.params.energy.index), energy);
  EXPECT_TRUE(b.params.get(b.params.desk_shown));
}

}  // namespace
}  // namespace ombra::show
