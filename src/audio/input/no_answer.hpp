#pragma once
// A sound system that is there but does not answer in time, as after a suspend: unlike one that is not there, it may
// answer at any moment. Thread: any.

#include "core/error.hpp"

namespace ombra::audio {

inline constexpr const char* kServerHangs = "the sound server does not answer";
inline constexpr const char* kSystemHangs = "the sound system (ALSA or JACK) does not answer";
// PortAudio's list, in seconds: it asks every card. Less where the server hangs: ALSA's plug-ins ask the same one.
inline constexpr double kPortListS = 3.0, kPortHangsS = 0.5;

class NoAnswer : public Error {
 public:
  using Error::Error;
};

}  // namespace ombra::audio
