#pragma once
// Live input through PortAudio: ALSA, JACK and the rest where no sound server stands between.
// Thread: as Capture.

#include "audio/input/capture.hpp"
#include "audio/input/port_audio.hpp"

#include <string>
#include <vector>

namespace ombra::audio {

class PortCapture : public Capture {
 public:
  // Takes all channels of the device at its own rate, else the first usual rate and number of them that works. Throws
  // Error.
  explicit PortCapture(const InputDevice& device);
  ~PortCapture() override;

  void close() noexcept override { stream_.reset(); }
  // also false when no callback came for half a second
  bool healthy(double now_s) const override;

 private:
  struct Stream;
  std::shared_ptr<Stream> stream_;  // owner's thread only; what it holds is PortAudio's
};

// What PortAudio knows: its inputs, with their numbers as ids.
struct PortInputs {
  std::vector<InputDevice> inputs;
  std::shared_ptr<PortSession> session;  // the numbers hold while this lives
};
// -> as old as the oldest living PortSession. Throws Error; NoAnswer after most_s.
PortInputs port_audio_inputs(double most_s);

}  // namespace ombra::audio
