// A display server that stops answering (here Xvfb, with SIGSTOP): before there is a window, in mid-show, for good.

#include "cli/program.hpp"

#include "audio/pulse_sink.hpp"
#include "core/clock.hpp"
#include "media/read/video_reader.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::has, test::shipped_model;

class HungDisplay : public test::ProgramTest {
 protected:
  void SetUp() override {
    if (shipped_model().empty()) GTEST_SKIP() << "no model";
    const std::string xvfb = test::find_program("Xvfb");
    if (xvfb.empty()) GTEST_SKIP() << "Xvfb is not installed";
    const std::string number = (folder / "number").string();
    server = std::make_unique<test::Process>(std::vector<std::string>{
        "/bin/sh", "-c", "exec " + xvfb + " -displayfd 3 -screen 0 640x480x24 -noreset -nolisten tcp 3>" + number});
    for (int i = 0; i < 100 && display.find('\n') == std::string::npos; ++i) {
      ::poll(nullptr, 0, 100);
      if (fs::exists(number)) display = read_text(number);
    }
    if (display.find('\n') == std::string::npos) GTEST_SKIP() << "Xvfb does not start";
    display = display.substr(0, display.find('\n'));
  }

  // A show in a window of that server.
  std::unique_ptr<test::Process> show(const std::string& words) const {
    return std::make_unique<test::Process>(
        std::vector<std::string>{"/bin/sh", "-c",
                                 "exec env -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER DISPLAY=:" + display + " " +
                                     OMBRA_PROGRAM + " perform --silent --no-session --size 160x90 --input \"bundled " +
                                     "track\" " + words},
        (folder / "log").string());
  }
  std::string log() const { return fs::exists(folder / "log") ? read_text(folder / "log") : ""; }
  bool comes(const std::string& words, double wait_s) const {
    for (const double until_s = now_s() + wait_s; now_s() < until_s; ::poll(nullptr, 0, 50)) {
      if (has(log(), words)) return true;
    }
    return false;
  }

  std::unique_ptr<test::Process> server;
  std::string display;
};

TEST_F(HungDisplay, BeforeThereIsAWindowItEndsWithASentence) {
  server->pause();
  const auto program = show("--seconds 5");
  EXPECT_TRUE(program->wait(60.0)) << "it waits for a display that never answers";
  server->resume();
  EXPECT_EQ(program->exit_code(), 1);
  EXPECT_PRED2(has, log(), "the display :" + display + " has not answered for 30 s");
  EXPECT_PRED2(has, log(), "hint: ");
}

TEST_F(HungDisplay, TheShowGoesOnWhenTheServerIsBack) {
  const auto program = show("--seconds 12 --log-level debug");
  ASSERT_TRUE(comes("OpenGL", 20.0)) << log();
  ::poll(nullptr, 0, 1000);
  server->pause();
  EXPECT_TRUE(comes("the display has not answered for 5 s", 10.0)) << log();
  server->resume();
  EXPECT_TRUE(comes("The display did not answer for", 5.0)) << log();
  EXPECT_TRUE(program->wait(30.0));
  EXPECT_EQ(program->exit_code(), 0) << log();
}

TEST_F(HungDisplay, CtrlCEndsTheShowAndTheRecordingPlays) {
  const fs::path film = folder / "night.mp4";
  const auto program = show("--record " + film.string());
  ASSERT_TRUE(comes("recording " + film.string(), 30.0)) << log();
  ::poll(nullptr, 0, 4000);
  server->pause();
  ::poll(nullptr, 0, 1000);
  program->signal(SIGINT);
  EXPECT_TRUE(program->wait(10.0)) << "Ctrl-C is not obeyed";
  server->resume();
  EXPECT_EQ(program->exit_code(), 1);
  EXPECT_PRED2(has, log(), "the display does not answer");
  media::VideoReader reader(film);
  int pictures = 0;
  for (media::VideoFrame frame; reader.next(frame);) ++pictures;
  EXPECT_GT(pictures, 40) << "of four seconds, of which the last may be missing";
}

}  // namespace
}  // namespace ombra
