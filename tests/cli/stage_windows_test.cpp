// Two displays, two windows: the projector shows the picture and nothing else, whatever happens on the desk.

#include "cli/on_stage.hpp"

#include "media/read/video_reader.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::has, test::kLaptop, test::kProjector, test::Outcome, test::Place, test::Shot;

class StageWindows : public test::OnStage {};

TEST_F(StageWindows, ThePictureFillsTheProjectorAndTheDeskStaysOnTheLaptop) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  EXPECT_TRUE(told_of(test::kProjectorName)) << "the operator is told where the picture is";
  EXPECT_TRUE(told_of("F10")) << "and how to swap";
  const auto windows = this->windows();
  EXPECT_EQ(std::ranges::count_if(windows, [](const auto& each) { return each.visible; }), 2) << told();
  EXPECT_EQ(desktop->property(output()->id, "_NET_WM_BYPASS_COMPOSITOR"), 1u) << "no compositor fades it";
  EXPECT_FALSE(desk_is_lit(kProjector));
  desktop->focus(desk()->id);
  desktop->key("c");
  EXPECT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  EXPECT_TRUE(desk_is_lit(kLaptop));
}

// The preview: bars of the card on the desk.
TEST_F(StageWindows, TheDeskShowsWhatLeaves) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  const auto bars = [&] {
    const Shot laptop = desktop->shot(kLaptop);
    double least = 1.0;
    for (const auto& bar : show::kCardBars) {
      if (bar != Canvas::Colour{0, 0, 0}) least = std::min(least, laptop.share_of(bar[0], bar[1], bar[2], 6));
    }
    return least;
  };
  EXPECT_LT(bars(), 0.0005);
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  EXPECT_TRUE(until([&] { return bars() > 0.001; }));
  desktop->key("x");
  EXPECT_TRUE(until([&] { return bars() < 0.0005; })) << "of a black picture it shows black";
}

// What is written as frames leaves the program by another way than the window; where a freeze holds the picture, both
// have to be the same one.
TEST_F(StageWindows, TheOutputHoldsThePictureOfTheProgrammePixelByPixel) {
  const fs::path frames = folder / "frames";
  ASSERT_NO_FATAL_FAILURE(start_on_both("--save-every 8 --save-frames " + frames.string()));
  pause(2.0);
  desktop->focus(desk()->id);
  desktop->key("z");
  EXPECT_FALSE(still(kProjector).rgb.empty());
  const auto count = [&] { return std::distance(fs::directory_iterator(frames), fs::directory_iterator()); };
  const auto before = count();
  ASSERT_TRUE(until([&] { return count() >= before + 3; }, 60.0));
  const Shot seen = desktop->shot(kProjector);
  program->stop();
  ASSERT_GT(seen.brightest(), 60) << "a picture";
  media::VideoReader reader(frames);
  Shot last;
  for (media::VideoFrame frame; reader.next(frame);) last = {frame.width, frame.height, frame.rgb};
  EXPECT_EQ(test::unlike(seen, last), "");
}

TEST_F(StageWindows, NoPointerIsSeenOnTheOutput) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  const auto on = desk()->place;
  for (int twice = 0; twice < 2; ++twice) {
    EXPECT_TRUE(until([&] { return !desktop->pointer_seen_at(kProjector.x + 500, 500); }));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(desktop->pointer_seen_at(kProjector.x + 1900 - i, 1070));
    EXPECT_TRUE(until([&] { return desktop->pointer_seen_at(on.x + on.width / 2, on.y + on.height / 2); }));
  }
}

TEST_F(StageWindows, AMessageIsForTheDesk) {
  const fs::path data = folder / "data";
  fs::create_directories(data);
  for (const char* whole : {"models", "assets"}) fs::create_symlink(fs::path(OMBRA_SOURCE) / whole, data / whole);
  fs::copy(fs::path(OMBRA_SOURCE) / "shaders", data / "shaders", fs::copy_options::recursive);
  ASSERT_NO_FATAL_FAILURE(start_on_both("", "OMBRA_DATA=" + data.string()));
  for (const auto& file : fs::directory_iterator(data / "shaders")) {
    if (file.path().extension() == ".glsl" && has(file.path().filename().string(), "lantern"))
      write_atomically(file.path(), "nothing of the kind\n");
  }
  EXPECT_TRUE(told_of("lantern")) << "no shader was broken";
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  EXPECT_EQ(unlike_card_within(kProjector, 3.0), "");
}

TEST_F(StageWindows, FocusElsewhereChangesNothingOfTheOutput) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  const auto window = output()->id;
  desktop->focus(desk()->id);
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  desktop->watch(window);
  const auto on = desk()->place;
  ASSERT_TRUE(desktop->focus_stranger());
  EXPECT_EQ(unlike_card_within(kProjector, 1.5), "");
  desktop->click(on.x + on.width / 2, on.y + 10);
  EXPECT_EQ(unlike_card_within(kProjector, 1.0), "");
  EXPECT_TRUE(desktop->focus(window));
  EXPECT_EQ(unlike_card_within(kProjector, 1.0), "");
  ASSERT_TRUE(desktop->focus_stranger());
  EXPECT_EQ(unlike_card_within(kProjector, 1.5), "");
  EXPECT_EQ(desktop->happened().unmapped, 0) << "minimised or hidden";
  ASSERT_TRUE(output()) << told();
  EXPECT_EQ(output()->id, window);
}

TEST_F(StageWindows, EscOnTheOutputAsksOnTheDesk) {
  ASSERT_NO_FATAL_FAILURE(start_on_both());
  ASSERT_TRUE(desktop->focus(output()->id));
  desktop->key("c");
  ASSERT_TRUE(shows_card(kProjector)) << unlike_card(kProjector);
  pause(0.5);
  const Place middle = this->middle(desk()->place);
  const Shot before = desktop->shot(middle);
  desktop->key("Escape");
  EXPECT_TRUE(until([&] {
    const Shot now = desktop->shot(middle);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < now.rgb.size() && now.rgb.size() == before.rgb.size(); ++i)
      changed += std::abs(now.rgb[i] - before.rgb[i]) > 8;
    return changed > now.rgb.size() / 20;
  })) << "there is no question on the desk";
  EXPECT_EQ(unlike_card_within(kProjector, 2.0), "");
  EXPECT_TRUE(program->running());
  desktop->key("n");
  pause(0.5);
  EXPECT_TRUE(program->running());
  desktop->key("Escape");
  pause(0.5);
  desktop->key("y");
  EXPECT_TRUE(program->wait(20.0)) << "a yes on the output ends the show";
  EXPECT_EQ(program->exit_code(), 0);
}

// Mean difference of each frame of a film from a picture, of 255; none where they are of different sizes.
std::vector<double> apart(const fs::path& film, const Shot& seen) {
  std::vector<double> each;
  media::VideoReader reader(film);
  for (media::VideoFrame frame; reader.next(frame);) {
    if (frame.rgb.size() != seen.rgb.size()) return {};
    double sum = 0.0;
    for (std::size_t i = 0; i < seen.rgb.size(); ++i) sum += std::abs(seen.rgb[i] - frame.rgb[i]);
    each.push_back(sum / static_cast<double>(seen.rgb.size()));
  }
  return each;
}

// The take keeps what was asked of the dance, and `ombra render` draws it again off-screen, on its own clock. The
// picture at which the show froze lies between two frames of a film: it is looked for once more, more finely.
TEST_F(StageWindows, TheOutputIsWhatTheTakeRendersOffScreen) {
  constexpr double kFps = 30.0, kFineFps = 240.0;
  const fs::path take = folder / "take";
  start("--no-session --set look/grain=0 --set look/trails=0 --set show/governor=off --decoder cpu --take " +
        take.string());
  ASSERT_TRUE(until([&] { return output() && desk(); }, kStartS)) << told();
  ASSERT_TRUE(until([&] { return moves(kProjector); }, kStartS));
  pause(2.0);
  desktop->focus(desk()->id);
  desktop->key("z");
  const Shot seen = still(kProjector);
  desktop->key("Escape");
  pause(0.5);
  desktop->key("y");
  ASSERT_TRUE(program->wait(20.0));
  ASSERT_GT(seen.brightest(), 60);
  const auto film = [&](const std::string& name, const std::string& words) {
    const fs::path path = folder / name;
    const Outcome done = run(fmt::format("render {} --decoder cpu -o {} {}", take.string(), path.string(), words));
    EXPECT_EQ(done.status, 0) << done.err;
    return apart(path, seen);
  };
  std::vector<double> coarse = film("film.mkv", fmt::format("--fps {}", kFps));
  ASSERT_GT(coarse.size(), 10u);
  const double near_s = static_cast<double>(std::ranges::min_element(coarse) - coarse.begin()) / kFps;
  const std::vector<double> fine = film(
      "fine.mkv",
      fmt::format("--fps {} --from {} --to {}", kFineFps, std::max(0.0, near_s - 1.0 / kFps), near_s + 1.0 / kFps));
  ASSERT_FALSE(fine.empty());
  std::ranges::sort(coarse);
  const double least = std::ranges::min(fine), usual = coarse[coarse.size() / 2];
  std::printf("mean difference of 255: %.2f (%.2f at %g fps), of another moment of the dance %.2f\n", least,
              coarse.front(), kFps, usual);
  EXPECT_LT(least, 4.0);
  EXPECT_LT(least, 0.5 * usual) << "no frame of the film is like it";
}

}  // namespace
}  // namespace ombra
