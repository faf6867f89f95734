// The program itself in a desktop that writes 1,5: the show off-screen and in a window, presets, the session that is
// kept, takes, videos, footage, training. (The tests named *_in_a_comma_locale run the parts of the program without the
// protection of use_plain_numbers.)

#include "cli/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <nlohmann/json.hpp>

#include "audio/pulse_sink.hpp"
#include "train/synthetic.hpp"

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::Outcome, test::has, test::says, test::shipped_model;

class CommaLocale : public test::ProgramTest {
 protected:
  void SetUp() override {
    ::setenv("LOCPATH", OMBRA_LOCALES, 1);
    if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) GTEST_SKIP() << "localedef made no de_DE.UTF-8 (package locales)";
    ASSERT_STREQ(std::localeconv()->decimal_point, ",");
    std::setlocale(LC_ALL, "C");
    if (shipped_model().empty()) GTEST_SKIP() << "no model";
    for (const char* name : {"config", "state"}) fs::create_directories(folder / name);
    write_atomically(folder / "p.toml", "[dancer]\ntemperature = 1.25\n[look]\nglow = 0.375\n");
  }

  // A German desktop, with folders of its own.
  Outcome german(const std::string& words, const std::string& more = "") const {
    return run(words, "cd " + folder.string() + " && env LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 XDG_CONFIG_HOME=" +
                          (folder / "config").string() + " XDG_STATE_HOME=" + (folder / "state").string() + " " + more);
  }
  static std::string show(double seconds) {
    return fmt::format("perform --silent --size 160x90 --json --input \"bundled track\" --seconds {} ", seconds);
  }
};

TEST_F(CommaLocale, TheShowItsPresetAndItsTake) {
  const Outcome done = german(show(2.5) + "--headless --preset p.toml --set look/trails=0.125 --take night");
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_FALSE(says(done, "taken as")) << done.err;
  const auto told = nlohmann::json::parse(done.out);
  EXPECT_NEAR(told["seconds"], 2.5, 0.5);
  EXPECT_GT(told["temperature_mean"], 1.2);
  EXPECT_LT(told["temperature_mean"], 1.9);
  const Outcome again = german("render night -o night.mp4 --size 64x64 --fps 12.5");
  EXPECT_EQ(again.status, 0) << again.err;
  const Outcome moved =
      german("render " OMBRA_SOURCE "/assets/track.opus -o part.mp4 --size 64x64 --fps 12.5 --from 0.5 --to 1.5");
  EXPECT_EQ(moved.status, 0) << moved.err;
  EXPECT_PRED2(has, moved.out, "12.5 frames/s");
  EXPECT_PRED2(has, moved.out, "part.mp4: 1 s of");
}

TEST_F(CommaLocale, AWindowKeepsItsSession) {
  const std::string xvfb = test::find_program("Xvfb");
  if (xvfb.empty()) GTEST_SKIP() << "Xvfb is not installed";
  const std::string number = (folder / "number").string();
  test::Process server(
      {"/bin/sh", "-c", "exec " + xvfb + " -displayfd 3 -screen 0 640x480x24 -noreset -nolisten tcp 3>" + number});
  std::string display;
  for (int i = 0; i < 100 && display.find('\n') == std::string::npos; ++i) {
    ::poll(nullptr, 0, 100);
    if (fs::exists(number)) display = read_text(number);
  }
  if (display.find('\n') == std::string::npos) GTEST_SKIP() << "Xvfb does not start";
  const std::string window =
      "env -u WAYLAND_DISPLAY -u SDL_VIDEODRIVER DISPLAY=:" + display.substr(0, display.find('\n'));
  const fs::path session = folder / "state/ombra/session.toml";

  const Outcome first = german(show(2.0) + "--preset p.toml", window);
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_PRED2(has, read_text(session), "glow = 0.375");
  for (int start = 0; start < 4; ++start) {  // SDL asks for the user's locale while the model is read
    const Outcome next = german(show(0.5), window);
    ASSERT_EQ(next.status, 0) << next.err;
    EXPECT_FALSE(says(next, "not restored")) << next.err;
  }
  const std::string kept = read_text(session);
  EXPECT_PRED2(has, kept, "glow = 0.375");
  EXPECT_PRED2(has, kept, "temperature = 1.25");
  EXPECT_PRED2(has, kept, "attack_s = 0.");
}

TEST_F(CommaLocale, FootageAndTraining) {
  write_atomically(folder / "swing.trc", train::test::trc_text(train::test::dance(12.0, 29.97, 120.0), 29.97));
  const Outcome prepared =
      german("prepare swing.trc -o data.safetensors --size 32 --yaw 0 -40.5 --fps 29.97 --no-mirror");
  ASSERT_EQ(prepared.status, 0) << prepared.text();
  const std::string train = "train --recipe karroqe-2020-simple --data data.safetensors -o dancer --effort 0.0005";
  const Outcome trained = german(train);
  ASSERT_EQ(trained.status, 0) << trained.text();
  const Outcome danced = german(show(1.0) + "--headless --model dancer");
  EXPECT_EQ(danced.status, 0) << danced.text();
}

}  // namespace
}  // namespace ombra
