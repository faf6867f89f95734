#pragma once
// PortAudio's one adapter: its life, its error codes, and silence on stderr (ALSA and JACK print a page of complaints
// for every device that is not there).
// PortAudio is one per process and not safe for threads: every call goes through a PortAudio object and its lock.
// Thread: any; calls wait for each other. Never from an audio callback.

#include <portaudio.h>

#include <mutex>
#include <string>

namespace ombra::audio {

// -> code when it is not negative; else throws Error: "<device>: <what>: <PortAudio's words>\nhint: ..."
int pa_check(int code, const std::string& device, const char* what);

// PortAudio itself prints the expression that failed when a device refuses a rate; while this lives, standard error of
// the process goes nowhere. Only for the moments in which a device is opened.
class QuietStderr {
 public:
  QuietStderr();
  ~QuietStderr();
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;

 private:
  int saved_ = -1;
};

class PortAudio {
 public:
  PortAudio();  // initialises; throws Error. A device list is as old as the oldest living object.
  ~PortAudio();
  PortAudio(const PortAudio&) = delete;
  PortAudio& operator=(const PortAudio&) = delete;

  // Held by whoever calls Pa_... functions other than from the callback.
  [[nodiscard]] static std::unique_lock<std::recursive_mutex> lock();
};

}  // namespace ombra::audio
