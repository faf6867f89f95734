#pragma once
// Live input through PortAudio: ALSA, JACK and the rest where no sound server stands between.
// Thread: as Capture.

#include "audio/capture.hpp"
#include "audio/port_audio.hpp"

#include <vector>

namespace ombra::audio {

class PortCapture : public Capture {
 public:
  // Takes up to two channels at the device's own rate, else at the first usual one that works. Throws Error.
  explicit PortCapture(const InputDevice& device);
  ~PortCapture() override;

  void close() noexcept override;
  // also false when no callback came for half a second
  bool healthy(double now_s) const override;

 private:
  static int callback(const void* input, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept;

  PortAudio session_;
  // owner's thread only
  PaStream* stream_ = nullptr;
};

// -> PortAudio's inputs, with their numbers as ids. As old as the oldest living PortAudio object. Throws Error.
std::vector<InputDevice> port_audio_inputs();

}  // namespace ombra::audio
