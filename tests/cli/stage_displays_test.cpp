// Displays that come and go in mid-show, window managers with ideas of their own, and outputs by name.

#include "cli/on_stage.hpp"

#include "media/read/video_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::has, test::kLaptop, test::kProjector, test::kThird, test::Outcome, test::Place, test::Shot;

class StageDisplays : public test::OnStage {
 protected:
  void start_with_card(const std::string& words = "") {
    ASSERT_NO_FATAL_FAILURE(start_on_both(words));
    desktop->focus(desk()->id);
    desktop->key("c");
    ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  }
  // Seconds from now until the card is back.
  double back_after(const Place& display) {
    const double from_s = now_s();
    return shows_card(display, 20.0) ? now_s() - from_s : 1e9;
  }
  // Two seconds, and as much again for a machine that takes half a second to draw a frame.
  static constexpr double kBackS = 4.0, kAnswerS = 3.0;
};

TEST_F(StageDisplays, UnpluggedAndPluggedInAgainThePictureIsBackWhereItWas) {
  ASSERT_NO_FATAL_FAILURE(start_with_card());
  for (int twice = 0; twice < 2; ++twice) {
    desktop->unplug();
    EXPECT_TRUE(told_of("DUMMY1 is gone")) << "the desk says it";
    EXPECT_TRUE(until([&] { return desk_is_lit(kLaptop); }));
    EXPECT_TRUE(until([&] { return !output(kLaptop); }, kAnswerS)) << "the picture keeps off the desk's display";
    pause(1.0);
    EXPECT_FALSE(output(kLaptop)) << "and stays off";
    EXPECT_TRUE(desk_is_lit(kLaptop));
    desktop->plug();
    EXPECT_LT(back_after(kProjector), kBackS) << unlike_card(kProjector) << "\n" << told();
    ASSERT_TRUE(output()) << told();
  }
  EXPECT_TRUE(desk_is_lit(kLaptop));
  EXPECT_TRUE(until([&] { return !desktop->pointer_seen_at(kProjector.x + 800, 500); }));
}

TEST_F(StageDisplays, RecordingAndTakeDoNotNoticeACableThatIsPulled) {
  const fs::path film = folder / "night.mkv", take = folder / "take";
  constexpr double kSeconds = 16.0, kAwayS = 6.0;
  ASSERT_NO_FATAL_FAILURE(start_on_both(
      fmt::format("--record {} --record-size 320x180 --take {} --seconds {}", film.string(), take.string(), 30.0)));
  const double from_s = now_s();
  pause(2.0);
  desktop->unplug();
  pause(kAwayS);
  desktop->plug();
  ASSERT_TRUE(until([&] { return moves(kProjector); }));
  while (now_s() - from_s < kSeconds && program->running()) pause(0.1);
  program->signal(SIGINT);
  ASSERT_TRUE(program->wait(30.0));
  EXPECT_EQ(program->exit_code(), 0);
  const auto report = nlohmann::json::parse(read_text(folder / "report"));
  EXPECT_GT(report["take_bytes"], 0);
  media::VideoReader reader(film);
  EXPECT_EQ(reader.info().width, 320);
  const double period_s = 1.0 / reader.info().fps;
  int pictures = 0, same = 0, longest = 0;
  double last_s = 0.0;
  Shot before;
  for (media::VideoFrame frame; reader.next(frame); ++pictures) {
    EXPECT_NEAR(frame.time_s, pictures * period_s, 0.6 * period_s) << "a picture is missing";
    Shot now{frame.width, frame.height, frame.rgb};
    same = now == before ? same + 1 : 0;
    longest = std::max(longest, same);
    before = std::move(now), last_s = frame.time_s;
  }
  EXPECT_GT(last_s, kSeconds - 1.0);
  EXPECT_LT(longest * period_s, kAwayS - 2.0) << "the picture stood still for so long";
  EXPECT_EQ(report["recorded"], pictures);
}

TEST_F(StageDisplays, AnotherDisplayComesAndGoesAndTheOutputStays) {
  ASSERT_NO_FATAL_FAILURE(start_with_card());
  const auto window = output()->id;
  desktop->watch(window);
  for (int twice = 0; twice < 2; ++twice) {
    desktop->plug_third();
    EXPECT_EQ(unlike_card_within(kProjector, 2.5), "");
    desktop->unplug_third();
    EXPECT_EQ(unlike_card_within(kProjector, 2.5), "");
  }
  EXPECT_EQ(desktop->happened().unmapped, 0);
  EXPECT_EQ(desktop->happened().placed, 0);
  ASSERT_TRUE(output()) << told();
  EXPECT_EQ(output()->id, window);
}

TEST_F(StageDisplays, AProjectorThatChangesItsSizeOrPlaceIsFilledAgain) {
  ASSERT_NO_FATAL_FAILURE(start_with_card());
  const Place smaller{1280, 0, 1024, 768}, left{0, 0, 1920, 1080};
  desktop->set_display(test::kProjectorName, smaller);
  EXPECT_LT(back_after(smaller), 2.0 * kBackS) << unlike_card(smaller) << "\n" << told();
  desktop->set_display(test::kProjectorName, kProjector);
  EXPECT_LT(back_after(kProjector), 2.0 * kBackS) << unlike_card(kProjector) << "\n" << told();
  desktop->set_display(test::kLaptopName, {3200, 0, 1280, 720});
  desktop->set_display(test::kProjectorName, left);
  EXPECT_LT(back_after(left), 2.0 * kBackS) << unlike_card(left) << "\n" << told();
}

TEST_F(StageDisplays, AWindowManagerThatMovesTheOutputIsAnswered) {
  ASSERT_NO_FATAL_FAILURE(start_with_card());
  desktop->move(output()->id, {60, 60, 500, 300});
  pause(0.3);
  EXPECT_LT(back_after(kProjector), kAnswerS) << told();
  EXPECT_TRUE(until([&] { return output().has_value() && desk_is_lit(kLaptop); })) << told();
  desktop->end_fullscreen(output()->id);
  pause(0.3);
  EXPECT_LT(back_after(kProjector), kAnswerS) << told();
  EXPECT_TRUE(until([&] { return output().has_value(); })) << told();
  desktop->end_fullscreen(output()->id);
  desktop->move(output()->id, {1400, 100, 800, 600});
  pause(0.3);
  EXPECT_LT(back_after(kProjector), kAnswerS) << told();
}

TEST_F(StageDisplays, AProjectorThatIsPluggedInLaterGetsThePicture) {
  desktop->unplug();
  start("--no-session --set show/render_scale=0.4 --output DUMMY1");
  ASSERT_TRUE(until([&] { return desk_is_lit(kLaptop); }, kStartS)) << told();
  EXPECT_TRUE(told_of("DUMMY1")) << "the desk says what it waits for";
  desktop->plug();
  ASSERT_TRUE(until([&] { return output().has_value(); })) << told();
  EXPECT_TRUE(until([&] { return moves(kProjector); }));
}

TEST_F(StageDisplays, WithOneDisplayThereIsOneWindow) {
  desktop->unplug();
  start("--no-session --set show/render_scale=0.4");
  ASSERT_TRUE(until([&] { return desk_is_lit(kLaptop); }, kStartS)) << told();
  const auto all = windows();
  EXPECT_EQ(std::ranges::count_if(all, [](const auto& each) { return each.visible; }), 1) << told();
}

TEST_F(StageDisplays, TheDevicesCommandListsThem) {
  const Outcome listed = run("devices");
  EXPECT_EQ(listed.status, 0) << listed.err;
  const auto line_of = [&](const std::string& name) {
    const std::size_t at = listed.out.find(name);
    if (at == std::string::npos) return std::string();
    const std::size_t from = listed.out.rfind('\n', at) + 1;
    return listed.out.substr(from, listed.out.find('\n', at) - from);
  };
  const std::string laptop = line_of(test::kLaptopName), projector = line_of(test::kProjectorName);
  for (const char* part : {"1280x720", "60 Hz"}) EXPECT_PRED2(has, laptop, part);
  for (const char* part : {"1920x1080", "60 Hz", "1280"}) EXPECT_PRED2(has, projector, part);
}

TEST_F(StageDisplays, OutputsAreChosenByName) {
  const auto visible = [&] {
    const auto all = windows();
    return std::ranges::count_if(all, [](const auto& each) { return each.visible; });
  };
  const std::string common = "--no-session --set show/render_scale=0.4 ";
  start(common + "--output none");
  ASSERT_TRUE(until([&] { return desk_is_lit(kLaptop) || desk_is_lit(kProjector); }, kStartS)) << told();
  EXPECT_EQ(visible(), 1) << told();
  program->stop();
  start(common + "--output DUMMY0");
  EXPECT_TRUE(until([&] { return output(kLaptop).has_value(); }, kStartS)) << told();
  EXPECT_TRUE(until([&] { return desk_is_lit(kProjector); }, kStartS)) << told();
  program->stop();
  start(common + "--output nosuch");
  ASSERT_TRUE(until([&] { return desk_is_lit(kLaptop) || desk_is_lit(kProjector); }, kStartS)) << told();
  EXPECT_TRUE(told_of("nosuch"));
  EXPECT_EQ(visible(), 1) << told();
}

TEST_F(StageDisplays, TheNextShowBeginsOnTheSameDisplays) {
  desktop->plug_third();
  const std::string common = "--set show/render_scale=0.4 ";
  start(common + "--output DUMMY2");
  ASSERT_TRUE(until([&] { return output(kThird).has_value() && !output(kProjector).has_value(); }, kStartS)) << told();
  ASSERT_TRUE(until([&] { return moves(kThird); }, kStartS));
  program->signal(SIGINT);
  ASSERT_TRUE(program->wait(20.0));
  start(common);
  EXPECT_TRUE(until([&] { return output(kThird).has_value(); }, kStartS)) << told();
  EXPECT_FALSE(output(kProjector)) << told();
}

}  // namespace
}  // namespace ombra
