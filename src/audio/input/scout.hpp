#pragma once
// Listens for music at the inputs of the sound server that are not listened to: at what other programs play, each heard
// alone, so that our own sound through the same output is not taken for it; and at microphones.
// Thread: one owner; libpulse's thread is inside.

#include "audio/input/loud_time.hpp"
#include "audio/input/pulse_meter.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ombra::audio {

class Scout {
 public:
  explicit Scout(std::shared_ptr<PulseServer> server) : server_(std::move(server)) {}

  struct Found {
    std::optional<InputDevice> music;  // where it is
    bool mute = false;                 // our own track must be muted for a moment, see MicrophoneCheck
  };
  // To be called some times a second; asks the server twice a second. microphones: are they listened to? audible: our
  // own track is being played aloud. Throws Error or NoAnswer, and then it is of no use any more.
  Found step(bool microphones, bool audible, double now_s);
  // -> as they were when the server was asked last
  const std::vector<InputDevice>& inputs() const { return inputs_; }

 private:
  struct Probe {
    InputDevice input;
    std::unique_ptr<PulseMeter> meter;
    LoudTime loud;
    MicrophoneCheck check;
  };
  using Key = std::pair<std::string, std::uint32_t>;  // id of the input, number of the stream

  void ask(bool microphones);
  const InputDevice* input(const std::string& id) const;

  const std::shared_ptr<PulseServer> server_;
  std::vector<InputDevice> inputs_;
  std::map<Key, Probe> probes_;
  double next_ask_s_ = 0.0;
};

}  // namespace ombra::audio
