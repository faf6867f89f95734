// Two displays, and the keys of the show pressed in either window: blackout, freeze, lock, swapping desk and picture.

#include "cli/on_stage.hpp"

#include <vector>

namespace ombra {
namespace {

using test::has, test::kLaptop, test::kProjector, test::Place, test::Shot;

class StageControl : public test::OnStage {
 protected:
  // X in a window, and X again.
  void expect_blackout_from(unsigned long window, const std::string& which) {
    ASSERT_TRUE(desktop->focus(window)) << which;
    const Place middle = this->middle(kProjector);
    ASSERT_TRUE(moves(kProjector));
    desktop->key("x");
    // the frame that was being drawn, and the one whose keys had been read
    const int others = pictures_before(middle, [](const Shot& seen) { return seen.brightest() == 0; });
    EXPECT_GE(others, 0) << which << ": it does not become black";
    EXPECT_LE(others, 3) << which;
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(black(kProjector)) << which << ": every pixel";
    EXPECT_TRUE(desk_is_lit(kLaptop)) << which;
    desktop->key("x");
    EXPECT_TRUE(until([&] { return !black(kProjector); })) << which;
  }
};

TEST_F(StageControl, ABlackoutIsBlackWithinAFrameOfItsKeyInEitherWindow) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  expect_blackout_from(desk()->id, "the desk");
  expect_blackout_from(output()->id, "the output");
}

TEST_F(StageControl, AFreezeHoldsTheOutputFromEitherWindow) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  for (const auto window : {desk()->id, output()->id}) {
    ASSERT_TRUE(desktop->focus(window));
    ASSERT_TRUE(moves(kProjector));
    desktop->key("z");
    const Shot frozen = still(kProjector);
    EXPECT_GT(frozen.brightest(), 60);
    for (int i = 0; i < 10; ++i) {
      pause(0.1);
      EXPECT_EQ(test::unlike(desktop->shot(kProjector), frozen), "");
    }
    desktop->key("z");
    EXPECT_TRUE(moves(kProjector));
  }
}

TEST_F(StageControl, ALockHoldsTheOutput) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  const auto desk_window = desk()->id, output_window = output()->id;
  ASSERT_TRUE(desktop->focus(desk_window));
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  desktop->watch(output_window);
  desktop->key("ctrl+l");
  for (const auto window : {desk_window, output_window}) {
    ASSERT_TRUE(desktop->focus(window));
    for (const char* key : {"Escape", "y", "F10", "F11", "c", "m", "l", "F10"}) desktop->key(key);
    EXPECT_EQ(unlike_card_within(kProjector, 1.5), "");
  }
  for (const int button : {1, 2, 3}) desktop->click(kProjector.x + 700, 300 + 100 * button, button);
  desktop->close(output_window);
  desktop->close(desk_window);
  EXPECT_EQ(unlike_card_within(kProjector, 1.5), "");
  EXPECT_TRUE(program->running());
  EXPECT_EQ(desktop->happened().unmapped, 0);
  // what a lock leaves
  ASSERT_TRUE(desktop->focus(output_window));
  desktop->key("x");
  EXPECT_TRUE(until([&] { return black(kProjector); }));
  desktop->key("x");
  EXPECT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  desktop->key("ctrl+l");
  desktop->key("c");
  EXPECT_TRUE(until([&] { return !unlike_card(kProjector).empty(); })) << "unlocked";
}

TEST_F(StageControl, F10SwapsDeskAndPictureAndBack) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  desktop->key("F10");
  EXPECT_TRUE(shows_card(kLaptop)) << unlike_card(kLaptop) << "\n" << told();
  EXPECT_TRUE(until([&] { return desk_is_lit(kProjector); }))
      << told() << desktop->shot(kProjector).share_of(kPanel[0], kPanel[1], kPanel[2], 4);
  EXPECT_TRUE(output(kLaptop)) << told();
  EXPECT_TRUE(until([&] { return desk(kProjector).has_value(); })) << told();
  desktop->key("F10");
  EXPECT_TRUE(shows_card(kProjector)) << unlike_card(kProjector) << "\n" << told();
  EXPECT_TRUE(until([&] { return desk_is_lit(kLaptop); })) << told();
  desktop->key("c");
  EXPECT_TRUE(until([&] { return moves(kProjector); }));
}

TEST_F(StageControl, F11TakesThePictureFromTheOutputAndBack) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  desktop->key("F11");
  EXPECT_TRUE(until([&] { return !output().has_value(); })) << told();
  EXPECT_TRUE(program->running());
  desktop->key("F11");
  EXPECT_TRUE(shows_card(kProjector)) << unlike_card(kProjector) << "\n" << told();
}

// The other output, a third display, has the card all the while.
TEST_F(StageControl, ASwapLeavesNoBlackFrameOnAnOutputThatStays) {
  desktop->plug_third();
  ASSERT_NO_FATAL_FAILURE(start_on_both("--output DUMMY1 --output DUMMY2"));
  ASSERT_TRUE(until([&] { return output(test::kThird).has_value(); })) << told();
  const auto third = output(test::kThird)->id;
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(until([&] { return desktop->shot(test::kThird).share_of(191, 0, 191, 8) > 0.01; }));
  pause(0.5);
  desktop->watch(third);
  int darkest = 255;
  for (int i = 0; i < 2; ++i) {
    desktop->key("F10");
    for (const double end_s = now_s() + 3.0; now_s() < end_s;)
      darkest = std::min(darkest, desktop->shot(test::kThird).brightest());
  }
  EXPECT_GT(darkest, 180);
  EXPECT_EQ(desktop->happened().unmapped, 0);
}

// The place of the handle of a slider, by its colour.
TEST_F(StageControl, ASliderFollowsTheMouse) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  const Place line{kLaptop.x + 985, kLaptop.y + 226, 278, 1};  // glow, on a desk that fills 1280x720
  const auto handle = [&] {
    const Shot shot = desktop->shot(line);
    for (int x = 0; x < shot.width; ++x) {
      const std::uint8_t* p = &shot.rgb[3 * static_cast<std::size_t>(x)];
      if (p[0] > 200 && p[1] > 120 && p[1] < 180 && p[2] < 110) return x;
    }
    return -1;
  };
  ASSERT_TRUE(until([&] { return handle() > 0; })) << told();
  const int from = handle();
  desktop->drag(line.x + from + 2, line.y, line.x + from + 102, line.y);
  EXPECT_TRUE(until([&] { return handle() > from + 80; })) << from << " to " << handle();
}

TEST_F(StageControl, F9NumbersBothDisplaysForAWhile) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  const auto on = [&](const Place& display) {
    int count = 0;
    for (const auto& each : windows()) count += each.visible && display.holds(each.place);
    return count;
  };
  desktop->key("F9");
  EXPECT_TRUE(until([&] { return on(kLaptop) == 2 && on(kProjector) == 2; })) << told();
  EXPECT_NE(unlike_card(kProjector), "") << "no number on the projector";
  EXPECT_TRUE(shows_card(kProjector, 20.0)) << "it stays: " << unlike_card(kProjector);
  EXPECT_TRUE(until([&] { return on(kLaptop) == 1 && on(kProjector) == 1; })) << told();
}

}  // namespace
}  // namespace ombra
