#include "audio/port_audio.hpp"

#include "core/error.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace ombra::audio {
namespace {

// The libraries behind PortAudio print through handlers that can be replaced. They come with PortAudio, so they are
// looked up in the running process instead of being linked: on a system without them there is nothing to silence.
template <typename Function>
Function* find(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

void no_alsa_words(const char*, int, const char*, int, const char*, ...) {}
void no_words(const char*) {}

void silence() {
  if (auto* set =
          find<int(void (*)(const char*, int, const char*, int, const char*, ...))>("snd_lib_error_set_handler")) {
    set(no_alsa_words);
  }
  for (const char* name : {"jack_set_error_function", "jack_set_info_function"}) {
    if (auto* set = find<void(void (*)(const char*))>(name)) set(no_words);
  }
}

}  // namespace

int pa_check(int code, const std::string& device, const char* what) {
  if (code >= 0) return code;
  throw error("{}: {}: {}\nhint: `ombra devices` lists the inputs; another program may hold this one", device, what,
              Pa_GetErrorText(code));
}

QuietStderr::QuietStderr() {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  std::fflush(stderr);
  saved_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (saved_ >= 0) ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

QuietStderr::~QuietStderr() {
  if (saved_ < 0) return;
  std::fflush(stderr);
  ::dup2(saved_, STDERR_FILENO);
  ::close(saved_);
}

std::unique_lock<std::recursive_mutex> PortAudio::lock() {
  static std::recursive_mutex mutex;
  return std::unique_lock(mutex);
}

PortAudio::PortAudio() {
  const auto held = lock();
  silence();
  pa_check(Pa_Initialize(), "sound system", "does not start");
}

PortAudio::~PortAudio() {
  const auto held = lock();
  Pa_Terminate();
}

}  // namespace ombra::audio
