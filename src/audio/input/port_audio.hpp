#pragma once
// PortAudio's one adapter: its thread, its life, its error codes, and silence on stderr (ALSA and JACK print a page of
// complaints for every device that is not there).
// PortAudio is one per process and not safe for threads. It asks other processes and knows no deadline: behind ALSA's
// plug-ins and JACK a sound server that hangs holds it for half a minute or for ever. So all its functions are called
// on one thread of its own, which nobody joins; each caller limits its wait for the answer. Thread: any.
// Never from an audio callback.

#include <portaudio.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace ombra::audio {

// -> code when it is not negative; else throws Error: "<device>: <what>: <PortAudio's words>\nhint: ..."
int pa_check(int code, const std::string& device, const char* what);

// Libraries print to standard error what nobody can act upon; while one of these lives, that goes nowhere. Only for the
// moments in which a device is opened. Thread: any.
class QuietStderr {
 public:
  QuietStderr();
  ~QuietStderr();
  QuietStderr(const QuietStderr&) = delete;
  QuietStderr& operator=(const QuietStderr&) = delete;
};

class PortAudio {
 public:
  // Runs job on PortAudio's thread and waits for it. Throws what it throws; NoAnswer when it has not ended after
  // most_s, and at once while an earlier job hangs. A job that hangs goes on when PortAudio does, so it must own what
  // it touches. quiet: PortAudio prints the expression that failed when a device refuses a rate; here it goes nowhere.
  static void call(const std::string& who, double most_s, std::function<void()> job, bool quiet = false);
  // The same for a job that returns something.
  template <typename Job>
  static std::invoke_result_t<Job> ask(const std::string& who, double most_s, Job job, bool quiet = false) {
    const auto answer = std::make_shared<std::optional<std::invoke_result_t<Job>>>();
    call(
        who, most_s, [job = std::move(job), answer] { *answer = job(); }, quiet);
    return std::move(**answer);
  }
  // Runs job there after all that were asked for before, and does not wait.
  static void post(std::function<void()> job);

  // An object that calls PortAudio when it is deleted: that happens on PortAudio's thread, whichever thread lets it go.
  template <typename T, typename... Args>
  static std::shared_ptr<T> make_shared(Args&&... args) {
    return std::shared_ptr<T>(new T(std::forward<Args>(args)...), [](T* object) { post([object] { delete object; }); });
  }
};

// PortAudio is initialised while one of these lives; a device list is as old as the oldest. Thread: PortAudio's.
class PortSession {
 public:
  PortSession();  // throws Error
  ~PortSession();
  PortSession(const PortSession&) = delete;
  PortSession& operator=(const PortSession&) = delete;
};

// A stream, and the session that it needs. Thread: PortAudio's.
struct PortStream {
  PortStream() = default;
  ~PortStream() { close(); }
  PortStream(const PortStream&) = delete;
  PortStream& operator=(const PortStream&) = delete;
  void close() noexcept;

  PortSession session;
  PaStream* stream = nullptr;
};

}  // namespace ombra::audio
