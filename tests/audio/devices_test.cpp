#include "audio/input/devices.hpp"

#include "core/clock.hpp"

#include <gtest/gtest.h>

namespace ombra::audio {
namespace {

InputDevice pulse(const std::string& name, InputKind kind, const std::string& id, int card = -1) {
  InputDevice d;
  d.name = name, d.id = id, d.kind = kind, d.card = card;
  d.system = InputSystem::kPulse, d.host_api = "PulseAudio", d.channels = 2, d.default_rate_hz = 48000;
  return d;
}

InputDevice port(const std::string& name, const std::string& id, const std::string& api = "ALSA") {
  InputDevice d;
  d.name = name, d.id = id, d.host_api = api, d.channels = 2, d.default_rate_hz = 44100;
  return d;
}

// A laptop with its own sound card, a USB interface that the server leaves alone, and JACK.
struct Laptop {
  std::vector<InputDevice> server = {pulse("Webcam", InputKind::kInput, "webcam", 1),
                                     pulse("Built-in Audio", InputKind::kInput, "mic", 0),
                                     pulse("Monitor of HDMI", InputKind::kMonitor, "hdmi.monitor"),
                                     pulse("Monitor of Built-in Audio", InputKind::kMonitor, "out.monitor")};
  std::vector<InputDevice> cards = {port("HDA Intel: ALC257 (hw:0,0)", "0"),
                                    port("Webcam: USB (hw:1,0)", "1"),
                                    port("Mixer: USB Audio (hw:2,0)", "2"),
                                    port("pulse", "3"),
                                    port("default", "4"),
                                    port("system", "5", "JACK Audio Connection Kit")};
  Laptop() { server[1].standard = server[3].standard = cards[4].standard = true; }
  std::vector<InputDevice> list(bool pipewire = false) const { return merge_inputs(server, cards, pipewire); }
};

std::vector<std::string> shown(const std::vector<InputDevice>& inputs) {
  std::vector<std::string> names;
  for (const InputDevice& d : inputs) {
    if (!d.again) names.push_back(d.name);
  }
  return names;
}

TEST(Devices, ListTheDesktopsSoundFirstAndEveryMicrophoneOnce) {
  const std::vector<std::string> expected = {"Monitor of Built-in Audio", "Monitor of HDMI", "Built-in Audio", "Webcam",
                                             "Mixer: USB Audio (hw:2,0)", "system"};
  EXPECT_EQ(shown(Laptop().list()), expected);
  EXPECT_EQ(shown(Laptop().list(true)).back(), "Mixer: USB Audio (hw:2,0)") << "PipeWire's JACK is PipeWire again";
  const auto all = Laptop().list();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].number, static_cast<int>(i) + 1);
}

TEST(Devices, ThatAreHiddenCanStillBeAskedFor) {
  const auto all = Laptop().list();
  EXPECT_EQ(choose_input(all, "pulse")->id, "3");
  EXPECT_EQ(choose_input(all, "hw:0")->id, "0");
  EXPECT_EQ(choose_input(all, "ALC257")->system, InputSystem::kPortAudio);
}

TEST(Devices, WithoutASoundServerKeepTheCardsAndTheDefault) {
  const auto all = merge_inputs({}, Laptop().cards, false);
  const std::vector<std::string> expected = {"default", "HDA Intel: ALC257 (hw:0,0)", "Webcam: USB (hw:1,0)",
                                             "Mixer: USB Audio (hw:2,0)", "system"};
  EXPECT_EQ(shown(all), expected);
  EXPECT_EQ(choose_input(all, "")->name, "default");
}

TEST(Devices, TheDefaultIsWhatPlaysElseTheMicrophone) {
  Laptop laptop;
  EXPECT_EQ(choose_input(laptop.list(), "")->id, "mic");
  laptop.server[2].playing = true;
  EXPECT_EQ(choose_input(laptop.list(), "")->id, "hdmi.monitor");
  laptop.server[3].playing = true;
  EXPECT_EQ(choose_input(laptop.list(), "")->id, "out.monitor") << "the default output goes first";
  laptop.server[0].demanded = true;
  EXPECT_EQ(choose_input(laptop.list(), "")->id, "webcam");
}

TEST(Devices, AnEmptySocketIsNoDefault) {
  Laptop laptop;
  laptop.server[1].available = false;
  EXPECT_EQ(choose_input(laptop.list(), "")->id, "webcam");
}

TEST(Devices, SilentMonitorsAloneAreNoDefault) {
  const auto all = merge_inputs({pulse("Monitor of HDMI", InputKind::kMonitor, "hdmi.monitor")}, {}, false);
  EXPECT_FALSE(choose_input(all, ""));
  EXPECT_TRUE(choose_input(all, "hdmi"));
}

TEST(Devices, AreChosenByNumberNameOrPart) {
  const auto all = Laptop().list();
  EXPECT_EQ(choose_input(all, "1")->id, "out.monitor");
  EXPECT_EQ(choose_input(all, "hdmi.monitor")->id, "hdmi.monitor");
  EXPECT_EQ(choose_input(all, "monitor")->id, "out.monitor");
  EXPECT_EQ(choose_input(all, "built-in audio")->id, "mic") << "a whole name goes before a part";
  EXPECT_FALSE(choose_input(all, "99"));
  EXPECT_FALSE(choose_input(all, "no such"));
  EXPECT_FALSE(choose_input({}, ""));
}

TEST(Devices, OfTheSameNameAreToldApartWhateverTheirOrder) {
  InputDevice a = pulse("USB", InputKind::kInput, "usb-1"), b = pulse("USB", InputKind::kInput, "usb-2");
  const auto first = merge_inputs({a, b}, {}, false);
  EXPECT_EQ(first[0].name, "USB (usb-1)");
  EXPECT_EQ(first[1].name, "USB (usb-2)");
  b.standard = true;
  EXPECT_EQ(merge_inputs({a, b}, {}, false)[0].name, "USB (usb-2)");
  const auto cards = merge_inputs({}, {port("In", "0", "OSS"), port("In", "1", "OSS")}, false);
  EXPECT_EQ(cards[0].name, "In");
  EXPECT_EQ(cards[1].name, "In (2)");
}

TEST(Devices, ListingIsQuickAndQuietWhateverTheMachineHas) {
  testing::internal::CaptureStderr();
  const double start_s = now_s();
  const auto inputs = list_inputs();
  const double took_s = now_s() - start_s;
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_LT(took_s, 3.0);
  for (const auto& input : inputs) EXPECT_GT(input.channels, 0);
}

}  // namespace
}  // namespace ombra::audio
