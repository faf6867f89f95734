#pragma once
// The program on two displays, as at a venue: the desk on the laptop, the picture on the projector.

#include "audio/pulse_sink.hpp"
#include "cli/program.hpp"
#include "cli/two_displays.hpp"
#include "core/clock.hpp"
#include "show/session/test_card.hpp"

#include <poll.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ombra::test {

class OnStage : public ProgramTest {
 protected:
  // Generous: software draws the pictures, on a machine that may have other work.
  static constexpr double kStartS = 60.0, kSoonS = 15.0;
  // The desk's ground and its letters, see show/desk/desk_theme.hpp.
  static constexpr int kPanel[] = {13, 11, 17}, kLetters[] = {240, 235, 228};

  void SetUp() override {
    if (shipped_model().empty()) GTEST_SKIP() << "no model";
    std::string why;
    desktop = TwoDisplays::start(folder / "desktop", why);
    if (!desktop) GTEST_SKIP() << why;
  }
  void TearDown() override {
    program.reset();  // while there is a display
    if (HasFailure()) std::printf("%s\n", log().c_str());
  }

  // The show, as the operator starts it; at less than full resolution, for it is drawn in software.
  void start(const std::string& words = "", const std::string& before = "") {
    const std::string command = fmt::format(
        "exec env HOME='{0}' XDG_STATE_HOME='{0}/state' XDG_CONFIG_HOME='{0}/config' {1} {2} perform --silent "
        "--input 'bundled track' --look lantern --set show/blackout_fade=0 {3} --json 2>'{0}/log' >'{0}/report' "
        "</dev/null",
        folder.string(), before, OMBRA_PROGRAM, words);
    program = std::make_unique<Process>(std::vector<std::string>{"/bin/sh", "-c", command});
  }
  // ... until the picture fills the projector, moving, with the desk beside it.
  void start_on_both(const std::string& words = "", const std::string& before = "") {
    start("--no-session --set show/render_scale=0.4 " + words, before);
    ASSERT_TRUE(until([&] { return output().has_value() && desk().has_value(); }, kStartS)) << told();
    ASSERT_TRUE(until([&] { return desk_is_lit(kLaptop); }, kStartS)) << told();
    ASSERT_TRUE(until([&] { return moves(kProjector); }, kStartS)) << told();
  }

  std::string log() const {
    return std::filesystem::exists(folder / "log") ? read_text(folder / "log") : std::string();
  }
  bool told_of(const std::string& words, double seconds = kSoonS) {
    return until([&] { return has(log(), words); }, seconds);
  }
  template <class Is>
  bool until(const Is& is, double seconds = kSoonS) const {
    for (const double end_s = now_s() + seconds; now_s() < end_s; ::poll(nullptr, 0, 60)) {
      if (is()) return true;
      if (program && !program->running()) return is();
    }
    return false;
  }
  static void pause(double seconds) { ::poll(nullptr, 0, static_cast<int>(1e3 * seconds)); }

  std::vector<DesktopWindow> windows() { return desktop->windows_of(program->id()); }
  // The window that covers a display exactly; nothing where there is none.
  std::optional<DesktopWindow> output(const Place& display = kProjector) {
    for (const DesktopWindow& each : windows()) {
      if (each.visible && each.place == display) return each;
    }
    return {};
  }
  // A window on a display that is no output.
  std::optional<DesktopWindow> desk(const Place& display = kLaptop) {
    for (const DesktopWindow& each : windows()) {
      const bool large = each.place.width >= 400 && each.place.height >= 300;
      if (each.visible && large && display.holds(each.place) && !(each.place == display)) return each;
    }
    return {};
  }
  std::string told() {
    std::string text;
    for (const DesktopWindow& each : windows()) {
      text += fmt::format("window \"{}\" {}x{} at {},{}{}\n", each.title, each.place.width, each.place.height,
                          each.place.x, each.place.y, each.visible ? "" : ", hidden");
    }
    return text;
  }

  bool desk_is_lit(const Place& display) { return desk_is_lit(desktop->shot(display)); }
  static bool desk_is_lit(const Shot& shot) {
    return shot.share_of(kPanel[0], kPanel[1], kPanel[2], 4) > 0.08 &&
           shot.share_of(kLetters[0], kLetters[1], kLetters[2], 12) > 0.0002;
  }
  // -> a picture that stays for a while; empty where it goes on changing
  Shot still(const Place& display) {
    Shot last;
    const auto stays = [&] {
      last = desktop->shot(display);
      pause(1.0);
      return desktop->shot(display) == last;
    };
    return until(stays) ? last : Shot{};
  }
  bool moves(const Place& display) {
    const Shot first = desktop->shot(middle(display));
    return first.brightest() > 0 && until([&] { return desktop->shot(middle(display)) != first; }, 2.0);
  }
  static Place middle(const Place& display) {
    return {display.x + display.width / 4, display.y + display.height / 4, display.width / 2, display.height / 2};
  }
  bool black(const Place& display) {
    const Shot shot = desktop->shot(display);
    return !shot.rgb.empty() && shot.brightest() == 0;
  }

  // The test card as it has to look on a display. It covers every pixel: whatever lies over it is found.
  Shot card(const Place& display) {
    const std::pair<int, int> size(display.width, display.height);
    if (const auto known = cards_.find(size); known != cards_.end()) return known->second;
    const show::CardText text = {desktop->name_of(display), 60.0};
    const Canvas made = show::card_picture(display.width, display.height, text);
    return cards_[size] = {display.width, display.height, made.rgb()};
  }
  std::string unlike_card(const Place& display) { return unlike(desktop->shot(display), card(display)); }
  bool shows_card(const Place& display, double seconds = kSoonS) {
    return until([&] { return unlike_card(display).empty(); }, seconds);
  }
  // For so long, nothing but the card is to be seen. -> "", or what else was
  std::string unlike_card_within(const Place& display, double seconds) {
    for (const double end_s = now_s() + seconds; now_s() < end_s; pause(0.05)) {  // the server is the show's, too
      if (const std::string fault = unlike_card(display); !fault.empty()) return fault;
    }
    return "";
  }
  // -> how many other pictures a display shows before one that `is` like this; -1: it does not come
  template <class Is>
  int pictures_before(const Place& part, const Is& is) {
    int count = 0;
    Shot last;
    for (const double end_s = now_s() + kSoonS; now_s() < end_s;) {
      Shot now = desktop->shot(part);
      if (is(now)) return count;
      count += now != last;
      last = std::move(now);
    }
    return -1;
  }

  std::unique_ptr<TwoDisplays> desktop;
  std::unique_ptr<Process> program;  // last: it goes first

 private:
  std::map<std::pair<int, int>, Shot> cards_;
};

}  // namespace ombra::test
