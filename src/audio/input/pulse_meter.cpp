#include "audio/input/pulse_meter.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr std::uint32_t kRateHz = 25;

}  // namespace

PulseMeter::PulseMeter(std::shared_ptr<PulseServer> server, const InputDevice& source, std::uint32_t stream)
    : server_(std::move(server)) {
  const PulseServer::Lock lock(*server_);
  pa_channel_map map{};
  if (!pa_channel_map_parse(&map, source.layout.c_str())) pa_channel_map_init_mono(&map);
  const pa_sample_spec spec{PA_SAMPLE_FLOAT32NE, kRateHz, map.channels};
  stream_ = pa_stream_new(server_->context(), "is there music?", &spec, &map);
  if (!stream_) {
    dead_.store(true);
    return;
  }
  pa_stream_set_state_callback(stream_, on_state, this);
  pa_stream_set_read_callback(stream_, on_read, this);
  if (stream != kWhole) pa_stream_set_monitor_stream(stream_, stream);
  pa_buffer_attr buffer{};
  buffer.maxlength = static_cast<std::uint32_t>(-1);
  buffer.fragsize = static_cast<std::uint32_t>(sizeof(float)) * spec.channels;
  // an output that nobody plays through may go to sleep
  const int flags = PA_STREAM_PEAK_DETECT | PA_STREAM_ADJUST_LATENCY | PA_STREAM_DONT_MOVE |
                    PA_STREAM_DONT_INHIBIT_AUTO_SUSPEND | PA_STREAM_NO_REMIX_CHANNELS;
  if (pa_stream_connect_record(stream_, source.id.c_str(), &buffer, static_cast<pa_stream_flags_t>(flags)) < 0) {
    dead_.store(true);
  }
}

PulseMeter::~PulseMeter() {
  const PulseServer::Lock lock(*server_);
  if (!stream_) return;
  pa_stream_set_state_callback(stream_, nullptr, nullptr);
  pa_stream_set_read_callback(stream_, nullptr, nullptr);
  pa_stream_disconnect(stream_);
  pa_stream_unref(stream_);
}

void PulseMeter::on_state(pa_stream* stream, void* self) noexcept {
  if (!PA_STREAM_IS_GOOD(pa_stream_get_state(stream))) static_cast<PulseMeter*>(self)->dead_.store(true);
}

void PulseMeter::on_read(pa_stream* stream, std::size_t, void* self) noexcept {
  auto& meter = *static_cast<PulseMeter*>(self);
  const void* samples = nullptr;
  std::size_t bytes = 0;
  float peak = 0.0f;
  while (pa_stream_peek(stream, &samples, &bytes) == 0 && bytes > 0) {
    const auto* sample = static_cast<const float*>(samples);
    for (std::size_t i = 0; samples && i < bytes / sizeof(float); ++i) {
      if (std::isfinite(sample[i])) peak = std::max(peak, std::abs(sample[i]));
    }
    pa_stream_drop(stream);
  }
  meter.peak_.store(std::max(peak, meter.peak_.load(std::memory_order_relaxed)), std::memory_order_relaxed);
}

}  // namespace ombra::audio
