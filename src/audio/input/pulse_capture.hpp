#pragma once
// Live input through the desktop's sound server: a microphone, or the monitor of an output, which is what the desktop
// itself plays. A monitor hears a sound before the loudspeaker does; its samples are stamped with the time at which the
// loudspeaker plays them, which may lie ahead of now. Thread: as Capture.

#include "audio/input/capture.hpp"
#include "audio/input/pulse.hpp"

#include <atomic>
#include <memory>

namespace ombra::audio {

class PulseCapture : public Capture {
 public:
  // rate_hz: what the server delivers; 0: the device's own rate. Throws Error.
  PulseCapture(std::shared_ptr<PulseServer> server, const InputDevice& device, int rate_hz = 0);
  ~PulseCapture() override;

  void close() noexcept override;
  bool healthy(double now_s) const override;
  std::string trouble() const override;
  const PulseServer& server() const { return *server_; }

 private:
  void open();
  static void on_state(pa_stream* stream, void* self) noexcept;
  static void on_suspended(pa_stream* stream, void* self) noexcept;
  static void on_overflow(pa_stream* stream, void* self) noexcept;
  static void on_clock(pa_mainloop_api* api, pa_time_event* event, const timeval* at, void* self) noexcept;
  bool learn_delay() noexcept;  // -> is it known?
  static void on_read(pa_stream* stream, std::size_t bytes, void* self) noexcept;

  // immutable after construction
  const std::shared_ptr<PulseServer> server_;
  std::size_t frame_bytes_ = 0;
  // shared, atomic
  std::atomic<bool> ready_{false}, suspended_{false}, overflow_{false};
  std::atomic<double> running_s_{0.0};  // since then samples are due
  // libpulse's thread only
  int untimed_ = 0, asked_ = 0;
  long asked_s_ = 0, asked_us_ = 0;
  double delay_s_ = 0.0;  // from the loudspeaker or the microphone to us; negative: we hear it first
  // owner's thread, under the server's lock
  pa_stream* stream_ = nullptr;
  pa_time_event* clock_ = nullptr;
};

}  // namespace ombra::audio
