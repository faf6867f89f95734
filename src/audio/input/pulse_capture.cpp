#include "audio/input/pulse_capture.hpp"

#include "core/clock.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kFragmentS = 0.005;  // samples come in pieces of this length
// Without a sample for so long a stream is dead. Before its first one longer: a null sink that nobody listened to has
// already rendered two seconds.
constexpr double kDeadS = 1.5, kStartS = 3.0;
constexpr double kMaxAheadS = 0.5, kMaxLateS = 1.0;
constexpr int kUntimed = 100;          // pieces left out at the start, until the server has said when they were heard
constexpr pa_usec_t kAskUs = 200'000;  // how often the server is asked
constexpr double kSameDelayS = 0.05;   // answers that differ less are averaged

}  // namespace

PulseCapture::PulseCapture(std::shared_ptr<PulseServer> server, const InputDevice& device, int rate_hz)
    : Capture(device), server_(std::move(server)) {
  rate_hz_ = rate_hz > 0 ? rate_hz : static_cast<int>(device.default_rate_hz);
  const int channels = std::clamp(device.channels, 1, static_cast<int>(PA_CHANNELS_MAX));
  frame_bytes_ = sizeof(float) * static_cast<std::size_t>(channels);
  ring_ = std::make_shared<InputRing>(channels, rate_hz_);
  try {
    open();
  } catch (...) {
    close();
    throw;
  }
}

PulseCapture::~PulseCapture() { close(); }

void PulseCapture::open() {
  const PulseServer::Lock lock(*server_);
  pa_sample_spec spec{};
  spec.format = PA_SAMPLE_FLOAT32NE;
  spec.rate = static_cast<std::uint32_t>(rate_hz_);
  spec.channels = static_cast<std::uint8_t>(frame_bytes_ / sizeof(float));
  // every channel as the device has it: mixed to two, the rear of a surround card is 29 dB down and an interface
  // without a layout (aux0, aux1, ...) is silent
  pa_channel_map map{};
  const bool known = pa_channel_map_parse(&map, device_.layout.c_str()) && map.channels == spec.channels;
  if (!known) pa_channel_map_init_extend(&map, spec.channels, PA_CHANNEL_MAP_DEFAULT);
  stream_ = pa_stream_new(server_->context(), "what Ombra dances to", &spec, &map);
  if (!stream_) throw server_->fault(name(), "cannot be opened");
  pa_stream_set_state_callback(stream_, on_state, this);
  pa_stream_set_suspended_callback(stream_, on_suspended, this);
  pa_stream_set_overflow_callback(stream_, on_overflow, this);
  pa_stream_set_read_callback(stream_, on_read, this);
  pa_buffer_attr buffer{};
  buffer.maxlength = static_cast<std::uint32_t>(-1);
  buffer.fragsize = static_cast<std::uint32_t>(kFragmentS * rate_hz_) * static_cast<std::uint32_t>(frame_bytes_);
  const int flags = PA_STREAM_ADJUST_LATENCY | PA_STREAM_DONT_MOVE | PA_STREAM_NO_REMIX_CHANNELS |
                    (known ? 0 : PA_STREAM_NO_REMAP_CHANNELS);
  if (pa_stream_connect_record(stream_, device_.id.c_str(), &buffer, static_cast<pa_stream_flags_t>(flags)) < 0) {
    throw server_->fault(name(), "cannot be opened");
  }
  server_->wait_ready(stream_, name(), "cannot be opened");
  suspended_.store(pa_stream_is_suspended(stream_) == 1, std::memory_order_relaxed);
  clock_ = pa_context_rttime_new(server_->context(), pa_rtclock_now(), on_clock, this);
  if (const pa_buffer_attr* granted = pa_stream_get_buffer_attr(stream_)) {
    latency_s_ = ring_->seconds(granted->fragsize / frame_bytes_);
  }
  running_s_.store(now_s(), std::memory_order_relaxed);
}

void PulseCapture::close() noexcept {
  const PulseServer::Lock lock(*server_);
  if (!stream_) return;
  if (clock_) server_->api()->time_free(clock_);
  clock_ = nullptr;
  pa_stream_set_state_callback(stream_, nullptr, nullptr);
  pa_stream_set_suspended_callback(stream_, nullptr, nullptr);
  pa_stream_set_overflow_callback(stream_, nullptr, nullptr);
  pa_stream_set_read_callback(stream_, nullptr, nullptr);
  pa_stream_disconnect(stream_);
  pa_stream_unref(stream_);
  stream_ = nullptr;
  ready_.store(false, std::memory_order_release);
}

bool PulseCapture::healthy(double now) const {
  if (!server_->alive() || !ready_.load(std::memory_order_acquire)) return false;
  if (suspended_.load(std::memory_order_relaxed)) return true;
  const double running_s = running_s_.load(std::memory_order_relaxed), last_s = ring_->last_callback_s();
  return now - std::max(running_s, last_s) < (last_s < running_s ? kStartS : kDeadS);
}

std::string PulseCapture::trouble() const {
  return suspended_.load(std::memory_order_relaxed) ? name() + " is suspended by the sound server" : std::string();
}

void PulseCapture::on_state(pa_stream* stream, void* self) noexcept {
  auto& capture = *static_cast<PulseCapture*>(self);
  capture.ready_.store(pa_stream_get_state(stream) == PA_STREAM_READY, std::memory_order_release);
  capture.server_->wake();
}

void PulseCapture::on_suspended(pa_stream* stream, void* self) noexcept {
  auto& capture = *static_cast<PulseCapture*>(self);
  capture.running_s_.store(now_s(), std::memory_order_relaxed);
  capture.suspended_.store(pa_stream_is_suspended(stream) == 1, std::memory_order_relaxed);
}

void PulseCapture::on_overflow(pa_stream*, void* self) noexcept {
  static_cast<PulseCapture*>(self)->overflow_.store(true, std::memory_order_relaxed);
}

// libpulse's own interpolation (PA_STREAM_INTERPOLATE_TIMING) goes on counting while no sound comes and is off by half
// a second afterwards, so the plain answers are taken.
void PulseCapture::on_clock(pa_mainloop_api*, pa_time_event* event, const timeval*, void* self) noexcept {
  auto& capture = *static_cast<PulseCapture*>(self);
  if (pa_operation* asked = pa_stream_update_timing_info(capture.stream_, nullptr, nullptr)) pa_operation_unref(asked);
  pa_context_rttime_restart(capture.server_->context(), event, pa_rtclock_now() + kAskUs);
}

bool PulseCapture::learn_delay() noexcept {
  const pa_timing_info* timing = pa_stream_get_timing_info(stream_);
  if (!timing) return false;
  if (timing->timestamp.tv_sec == asked_s_ && timing->timestamp.tv_usec == asked_us_) return true;
  asked_s_ = timing->timestamp.tv_sec, asked_us_ = timing->timestamp.tv_usec;
  // since a sample was recorded, less the time until the loudspeaker plays what its monitor has recorded
  const double delay_s = 1e-6 * (static_cast<double>(timing->source_usec) - static_cast<double>(timing->sink_usec));
  const bool first = asked_ == 0 || std::abs(delay_s - delay_s_) > kSameDelayS;
  asked_ = first ? 1 : std::min(asked_ + 1, 8);
  delay_s_ += (delay_s - delay_s_) / asked_;
  return true;
}

void PulseCapture::on_read(pa_stream* stream, std::size_t, void* self) noexcept {
  auto& capture = *static_cast<PulseCapture*>(self);
  InputRing& ring = *capture.ring_;
  const void* samples = nullptr;
  std::size_t bytes = 0;
  while (pa_stream_peek(stream, &samples, &bytes) == 0 && bytes > 0) {
    if (capture.learn_delay() || ++capture.untimed_ > kUntimed) {
      const std::size_t frames = bytes / capture.frame_bytes_;
      const double end_s = now_s() - std::clamp(capture.delay_s_, -kMaxAheadS, kMaxLateS);
      // a hole (bytes without samples) is sound that the server has lost
      const bool lost = !samples || capture.overflow_.exchange(false, std::memory_order_relaxed);
      ring.on_input(static_cast<const float*>(samples), frames, end_s, lost);
    }
    pa_stream_drop(stream);
  }
}

}  // namespace ombra::audio
