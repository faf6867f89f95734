#include "audio/input/port_capture.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/number.hpp"

#if defined(__linux__)
#include <pa_linux_alsa.h>
#endif

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kDeadS = 0.5, kStartS = 2.0;  // a new stream may take a while until its first callback
constexpr double kMinLatencyS = 0.010;         // what is asked for; 5 ms underruns on many sound servers
constexpr double kOpenS = 5.0;                 // to open a device at one of its rates

// What is tried, best first. A card, and JACK, say how many channels they have, and some open with no other number;
// ALSA's plug-ins say as many as anyone could want.
std::vector<int> channels_to_try(const PaDeviceInfo& info) {
  const PaHostApiInfo* api = Pa_GetHostApiInfo(info.hostApi);
  const bool plugin = api && api->type == paALSA && std::string(info.name).find("(hw:") == std::string::npos;
  const int most = info.maxInputChannels, two = std::min(2, most);
  if (plugin) return {two, 1, std::min(most, kMaxChannels)};
  return {std::min(most, kMaxChannels), two, 1};
}

}  // namespace

// What PortAudio and its callback touch.
struct PortCapture::Stream {
  void open(const InputDevice& device);
  static int callback(const void* input, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept;

  int rate_hz = 0;
  double latency_s = 0.0, opened_s = 0.0;
  std::shared_ptr<InputRing> ring;
  PortStream port;  // last: closed before the rest goes
};

void PortCapture::Stream::open(const InputDevice& device) {
  const int number = static_cast<int>(parse_integer(device.id).value_or(-1));
  const PaDeviceInfo* info = Pa_GetDeviceInfo(number);
  if (!info || info->maxInputChannels < 1) {
    throw error("input {}: no such device\nhint: `ombra devices` lists the inputs", device.name);
  }
  PaStreamParameters in{};
  in.device = number;
  in.sampleFormat = paFloat32;
  in.suggestedLatency = std::max(info->defaultLowInputLatency, kMinLatencyS);
  int code = paInvalidSampleRate;
  for (const double rate : {info->defaultSampleRate, 48000.0, 44100.0, 96000.0, 32000.0, 16000.0, 8000.0}) {
    for (const int channels : channels_to_try(*info)) {
      in.channelCount = channels;
      ring = std::make_shared<InputRing>(channels, static_cast<int>(rate));
      rate_hz = static_cast<int>(rate);
      code = Pa_OpenStream(&port.stream, &in, nullptr, rate, paFramesPerBufferUnspecified, paClipOff | paDitherOff,
                           callback, ring.get());
      if (code == paNoError) break;
      port.stream = nullptr;
    }
    if (code == paNoError) break;
  }
  pa_check(code, device.name, "cannot be opened");
#if defined(__linux__)
  // real-time scheduling where the user may have it: a busy machine must not cost us sound
  const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
  if (api && api->type == paALSA) PaAlsa_EnableRealtimeScheduling(port.stream, 1);
#endif
  opened_s = now_s();
  pa_check(Pa_StartStream(port.stream), device.name, "does not start");
  if (const PaStreamInfo* stream = Pa_GetStreamInfo(port.stream)) {
    latency_s = stream->inputLatency;
    if (stream->sampleRate > 0.0) rate_hz = static_cast<int>(stream->sampleRate + 0.5);
  }
}

PortCapture::PortCapture(const InputDevice& device) : Capture(device) {
  const auto open = [device] {
    auto stream = PortAudio::make_shared<Stream>();
    stream->open(device);
    return stream;
  };
  stream_ = PortAudio::ask(name(), kOpenS, open, true);
  ring_ = stream_->ring;
  rate_hz_ = stream_->rate_hz;
  latency_s_ = stream_->latency_s;
  opened_s_ = stream_->opened_s;
}

PortCapture::~PortCapture() { close(); }

bool PortCapture::healthy(double now) const {
  if (!stream_) return false;
  const double last_s = ring_->last_callback_s();
  return last_s == 0.0 ? now - opened_s_ < kStartS : now - last_s < kDeadS;
}

int PortCapture::Stream::callback(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                                  PaStreamCallbackFlags flags, void* self) noexcept {
  auto& ring = *static_cast<InputRing*>(self);
  // how long ago the newest sample was heard, as far as the driver knows
  const double age_s = time ? time->currentTime - time->inputBufferAdcTime : 0.0;
  const double now = now_s();
  const double end_s = age_s > 0.0 && age_s < 1.0 ? now - age_s + ring.seconds(frames) : now;
  ring.on_input(static_cast<const float*>(input), frames, std::min(end_s, now), (flags & paInputOverflow) != 0);
  return paContinue;
}

PortInputs port_audio_inputs(double most_s) {
  const auto list = [] {
    PortInputs found;
    found.session = PortAudio::make_shared<PortSession>();
    const int standard = Pa_GetDefaultInputDevice();
    for (int i = 0; i < Pa_GetDeviceCount(); ++i) {
      const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
      if (!info || info->maxInputChannels < 1) continue;
      const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
      InputDevice input;
      input.name = info->name ? info->name : "?";
      input.host_api = api && api->name ? api->name : "?";
      input.id = std::to_string(i);
      input.channels = info->maxInputChannels;
      input.default_rate_hz = info->defaultSampleRate;
      input.standard = i == standard;
      found.inputs.push_back(std::move(input));
    }
    return found;
  };
  return PortAudio::ask("sound inputs", most_s, list);
}

}  // namespace ombra::audio
