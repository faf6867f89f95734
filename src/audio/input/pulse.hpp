#pragma once
// libpulse's one adapter: a connection to the desktop's sound server (PulseAudio, or PipeWire, which speaks the same
// protocol), its life, its error codes and its list of inputs. libpulse runs a thread of its own inside.
// Thread: any, one at a time under Lock; alive from any. Never from an audio callback.

#include "audio/input/devices.hpp"
#include "core/error.hpp"

#include <pulse/pulseaudio.h>

#include <atomic>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace ombra::audio {

// A sound that another program plays now.
struct OtherStream {
  std::uint32_t number = 0, sink = 0;  // the server's numbers of it and of its output
  std::string id;                      // of the output's monitor among the inputs
};

class PulseServer {
 public:
  // Connects to the server of this desktop (PULSE_SERVER, or the usual place) and starts none. Throws Error when there
  // is none, NoAnswer when it does not answer within two seconds.
  PulseServer();
  ~PulseServer();
  PulseServer(const PulseServer&) = delete;
  PulseServer& operator=(const PulseServer&) = delete;

  // false for good when the server has gone; then a new object is needed
  bool alive() const noexcept { return alive_.load(std::memory_order_acquire); }
  bool is_pipewire() const { return pipewire_; }
  // Counts up when outputs, inputs or the defaults have changed.
  std::uint64_t changes() const noexcept { return changes_.load(std::memory_order_relaxed); }
  // -> monitors and microphones as the server knows them, unsorted; within two seconds. others: what other programs
  // play (may be null). Throws Error and NoAnswer.
  std::vector<InputDevice> inputs(std::vector<OtherStream>* others = nullptr);

  // For the files of this folder that open streams: libpulse's calls are made while a Lock lives.
  class Lock {
   public:
    explicit Lock(const PulseServer& server) : loop_(server.loop_) { pa_threaded_mainloop_lock(loop_); }
    ~Lock() { pa_threaded_mainloop_unlock(loop_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    pa_threaded_mainloop* loop_;
  };
  pa_context* context() const { return context_; }
  pa_mainloop_api* api() const { return pa_threaded_mainloop_get_api(loop_); }
  // Under a Lock: waits until done() or most_s has passed; callbacks end a wait with wake(). -> done()
  bool wait(double most_s, const std::function<bool()>& done);
  void wake() const noexcept { pa_threaded_mainloop_signal(loop_, 0); }
  // Under a Lock: waits for the end of operations, which it lets go, for two seconds in all. Throws Error "<who>:
  // <what>:
  // ..." and NoAnswer.
  void finish(std::initializer_list<pa_operation*> operations, const std::string& who, const char* what);
  // Under a Lock: waits until a stream that is being connected is ready. Throws Error and NoAnswer.
  void wait_ready(pa_stream* stream, const std::string& who, const char* what);
  // Under a Lock: -> the error of the last call, in the server's words
  Error fault(const std::string& who, const char* what) const;

 private:
  void connect();
  void disconnect() noexcept;
  static void on_state(pa_context* context, void* self) noexcept;
  static void on_event(pa_context* context, pa_subscription_event_type_t type, uint32_t index, void* self) noexcept;

  pa_threaded_mainloop* loop_ = nullptr;
  pa_context* context_ = nullptr;
  bool pipewire_ = false;
  std::atomic<bool> alive_{false};
  std::atomic<std::uint64_t> changes_{0};
};

}  // namespace ombra::audio
