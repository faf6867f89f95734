#include "audio/input/loopback_sink.hpp"

#include "core/clock.hpp"
#include "core/rng.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr int kRateHz = 48000;
constexpr double kClickS = 0.006, kClickLevel = 0.8;
constexpr double kBufferS = 0.02;
constexpr pa_usec_t kAskUs = 50'000;

std::vector<float> click_sound() {
  std::vector<float> sound(static_cast<std::size_t>(kClickS * kRateHz));
  Rng rng(1);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double fade = 1.0 - static_cast<double>(i) / static_cast<double>(sound.size());
    sound[i] = static_cast<float>(kClickLevel * fade * rng.uniform(-1.0, 1.0));
  }
  return sound;
}

}  // namespace

LoopbackSink::LoopbackSink()
    : name_("ombra_loopback_" + std::to_string(::getpid())), sound_(click_sound()), clock_(kRateHz) {
  playing_ = sound_.size();
  try {
    open();
  } catch (...) {
    close();
    throw;
  }
}

LoopbackSink::~LoopbackSink() { close(); }

void LoopbackSink::open() {
  const PulseServer::Lock lock(server_);
  const std::string words =
      "sink_name=" + name_ + " rate=" + std::to_string(kRateHz) + " sink_properties=device.description=Ombra-loopback";
  const auto loaded = [](pa_context*, uint32_t index, void* module) { *static_cast<std::uint32_t*>(module) = index; };
  server_.finish({pa_context_load_module(server_.context(), "module-null-sink", words.c_str(), loaded, &module_)},
                 name_, "cannot be made");
  if (module_ == PA_INVALID_INDEX) throw server_.fault(name_, "cannot be made");
  const pa_sample_spec spec{PA_SAMPLE_FLOAT32NE, kRateHz, 1};
  stream_ = pa_stream_new(server_.context(), "clicks", &spec, nullptr);
  if (!stream_) throw server_.fault(name_, "cannot be played to");
  pa_stream_set_state_callback(stream_, on_state, this);
  pa_stream_set_write_callback(stream_, on_write, this);
  pa_stream_set_latency_update_callback(stream_, on_timing, this);
  pa_buffer_attr buffer{};
  buffer.maxlength = buffer.minreq = buffer.prebuf = static_cast<std::uint32_t>(-1);
  buffer.tlength = static_cast<std::uint32_t>(kBufferS * kRateHz * sizeof(float));
  const int flags = PA_STREAM_ADJUST_LATENCY | PA_STREAM_DONT_MOVE;
  if (pa_stream_connect_playback(stream_, name_.c_str(), &buffer, static_cast<pa_stream_flags_t>(flags), nullptr,
                                 nullptr) < 0) {
    throw server_.fault(name_, "cannot be played to");
  }
  server_.wait_ready(stream_, name_, "cannot be played to");
  timer_ = pa_context_rttime_new(server_.context(), pa_rtclock_now(), on_ask, this);
}

void LoopbackSink::close() noexcept {
  const PulseServer::Lock lock(server_);
  if (timer_) server_.api()->time_free(timer_);
  if (stream_) {
    pa_stream_set_state_callback(stream_, nullptr, nullptr);
    pa_stream_set_write_callback(stream_, nullptr, nullptr);
    pa_stream_set_latency_update_callback(stream_, nullptr, nullptr);
    pa_stream_disconnect(stream_);
    pa_stream_unref(stream_);
  }
  timer_ = nullptr;
  stream_ = nullptr;
  if (module_ == PA_INVALID_INDEX) return;
  try {
    server_.finish({pa_context_unload_module(server_.context(), module_, nullptr, nullptr)}, name_, "stays");
  } catch (const Error&) {
    return;  // the server has gone, and the output with it
  }
}

void LoopbackSink::on_state(pa_stream*, void* self) noexcept { static_cast<LoopbackSink*>(self)->server_.wake(); }

void LoopbackSink::on_ask(pa_mainloop_api*, pa_time_event* event, const timeval*, void* self) noexcept {
  auto& sink = *static_cast<LoopbackSink*>(self);
  if (pa_operation* asked = pa_stream_update_timing_info(sink.stream_, nullptr, nullptr)) pa_operation_unref(asked);
  pa_context_rttime_restart(sink.server_.context(), event, pa_rtclock_now() + kAskUs);
}

// The sample that the server reads next is played sink_usec after the time at which it says so.
void LoopbackSink::on_timing(pa_stream* stream, void* self) noexcept {
  auto& sink = *static_cast<LoopbackSink*>(self);
  const pa_timing_info* timing = pa_stream_get_timing_info(stream);
  if (!timing || timing->read_index_corrupt || timing->read_index < 0 || !timing->playing) return;
  timeval now{};
  pa_gettimeofday(&now);
  const double age_s = static_cast<double>(now.tv_sec - timing->timestamp.tv_sec) +
                       1e-6 * static_cast<double>(now.tv_usec - timing->timestamp.tv_usec);
  sink.clock_.update({static_cast<std::uint64_t>(timing->read_index) / sizeof(float),
                      now_s() - age_s + 1e-6 * static_cast<double>(timing->sink_usec)});
}

void LoopbackSink::on_write(pa_stream* stream, std::size_t bytes, void* self) noexcept {
  auto& sink = *static_cast<LoopbackSink*>(self);
  void* room = nullptr;
  if (pa_stream_begin_write(stream, &room, &bytes) < 0 || !room) return;
  const std::size_t n = bytes / sizeof(float);
  if (n == 0) return;
  auto* out = static_cast<float*>(room);
  const auto end = static_cast<double>(sink.written_ + n);
  const double due_s = sink.due_s_.load(std::memory_order_relaxed);
  std::size_t first = n;  // where a click begins
  if (due_s > 0.0 && sink.clock_.known() && sink.clock_.time_of(end) > due_s) {
    const double ahead = sink.clock_.frames_at(due_s) - static_cast<double>(sink.written_);
    first = std::min(n - 1, static_cast<std::size_t>(std::max(0.0, ahead)));
    const double time_s = sink.clock_.time_of(static_cast<double>(sink.written_ + first));
    sink.clicks_.push({&time_s, 1});
    sink.due_s_.store(0.0, std::memory_order_relaxed);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (i == first) sink.playing_ = 0;
    out[i] = sink.playing_ < sink.sound_.size() ? sink.sound_[sink.playing_++] : 0.0f;
  }
  sink.written_ += n;
  pa_stream_write(stream, room, n * sizeof(float), nullptr, 0, PA_SEEK_RELATIVE);
}

}  // namespace ombra::audio
