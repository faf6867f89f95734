#include "audio/input/port_audio.hpp"

#include "audio/input/no_answer.hpp"
#include "core/process.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace ombra::audio {
namespace {

constexpr double kQuietS = 0.7;  // to open a device takes less; what hangs longer must not silence the program
constexpr auto kLastWait = std::chrono::milliseconds(1000);  // at the end of the program, for streams to close

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

// One for all, since threads may be quiet at the same time.
struct QuietState {
  std::mutex mutex;
  int wanted = 0;
  int saved = -1;
};

QuietState& quiet_state() {
  static auto* const state = new QuietState;  // threads that hang outlive everything
  return *state;
}

struct Call {
  std::function<void()> job;
  std::exception_ptr fault;
  std::optional<QuietStderr> quiet;
  bool started = false, done = false;
  bool late = false;  // the caller has stopped waiting
};

class Service {
 public:
  static Service& get() {
    static auto* const service = new Service;  // its thread may hang when the program ends, so it is never deleted
    static const AtExit last{*service};
    return *service;
  }

  std::shared_ptr<Call> add(std::function<void()> job, bool quiet = false) {
    auto call = std::make_shared<Call>();
    call->job = std::move(job);
    if (quiet) call->quiet.emplace();
    const std::scoped_lock lock(mutex_);
    calls_.push_back(call);
    wake_.notify_one();
    return call;
  }

  bool hangs() {
    const std::scoped_lock lock(mutex_);
    return running_ && running_->late;
  }

  // -> did it end in time? If not, it does not begin any more, or runs on alone.
  bool wait(const std::shared_ptr<Call>& call, double most_s) {
    using Seconds = std::chrono::duration<double>;
    const auto done = [&call] { return call->done; };
    std::unique_lock lock(mutex_);
    if (ended_.wait_for(lock, Seconds(std::min(most_s, kQuietS)), done)) return true;
    call->quiet.reset();
    if (ended_.wait_for(lock, Seconds(std::max(0.0, most_s - kQuietS)), done)) return true;
    if (!call->started) std::erase(calls_, call);
    call->late = true;
    return false;
  }

 private:
  struct AtExit {
    Service& service;
    ~AtExit() { service.settle(); }
  };

  Service() {
    std::thread([this] { run(); }).detach();
  }

  void settle() {
    std::unique_lock lock(mutex_);
    ended_.wait_for(lock, kLastWait, [this] { return (calls_.empty() && !running_) || (running_ && running_->late); });
  }

  void run() {
    name_thread("ombra-portaudio");
    silence();
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [this] { return !calls_.empty(); });
      const std::shared_ptr<Call> call = running_ = calls_.front();
      calls_.pop_front();
      call->started = true;
      lock.unlock();
      try {
        call->job();
      } catch (...) {
        call->fault = std::current_exception();
      }
      call->job = nullptr;  // what it owns ends here, on this thread
      lock.lock();
      call->quiet.reset();
      call->done = true;
      running_.reset();
      ended_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, ended_;
  // guarded by mutex_
  std::deque<std::shared_ptr<Call>> calls_;
  std::shared_ptr<Call> running_;
};

}  // namespace

int pa_check(int code, const std::string& device, const char* what) {
  if (code >= 0) return code;
  throw error("{}: {}: {}\nhint: `ombra devices` lists the inputs; another program may hold this one", device, what,
              Pa_GetErrorText(code));
}

QuietStderr::QuietStderr() {
  QuietState& state = quiet_state();
  const std::scoped_lock lock(state.mutex);
  if (state.wanted++ > 0) return;
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  std::fflush(stderr);
  state.saved = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (state.saved >= 0) ::dup2(nowhere, STDERR_FILENO);
  ::close(nowhere);
}

QuietStderr::~QuietStderr() {
  QuietState& state = quiet_state();
  const std::scoped_lock lock(state.mutex);
  if (--state.wanted > 0 || state.saved < 0) return;
  std::fflush(stderr);
  ::dup2(state.saved, STDERR_FILENO);
  ::close(state.saved);
  state.saved = -1;
}

void PortAudio::call(const std::string& who, double most_s, std::function<void()> job, bool quiet) {
  Service& service = Service::get();
  bool ended = false;
  std::shared_ptr<Call> call;
  if (!service.hangs()) {
    call = service.add(std::move(job), quiet);
    ended = service.wait(call, most_s);
  }
  if (!ended) {
    throw NoAnswer(who +
                   ": the sound system does not answer\nhint: restart the sound server, or wait: it is taken up "
                   "as soon as it answers");
  }
  if (call->fault) std::rethrow_exception(std::exchange(call->fault, nullptr));
}

void PortAudio::post(std::function<void()> job) { Service::get().add(std::move(job)); }

PortSession::PortSession() { pa_check(Pa_Initialize(), "sound system", "does not start"); }

PortSession::~PortSession() { Pa_Terminate(); }

void PortStream::close() noexcept {
  if (!stream) return;
  Pa_AbortStream(stream);
  Pa_CloseStream(stream);
  stream = nullptr;
}

}  // namespace ombra::audio
