#include "audio/port_capture.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#if defined(__linux__)
#include <pa_linux_alsa.h>
#endif

#include <algorithm>
#include <cstdlib>

namespace ombra::audio {
namespace {

constexpr double kDeadS = 0.5, kStartS = 2.0;  // a new stream may take a while until its first callback
constexpr double kLeastLatencyS = 0.010;       // what is asked for; 5 ms underruns on many sound servers

}  // namespace

PortCapture::PortCapture(const InputDevice& device) : Capture(device) {
  const auto held = PortAudio::lock();
  const int number = std::atoi(device.id.c_str());
  const PaDeviceInfo* info = Pa_GetDeviceInfo(number);
  if (!info || info->maxInputChannels < 1) {
    throw error("input {}: no such device\nhint: `ombra devices` lists the inputs", device.name);
  }
  PaStreamParameters in{};
  in.device = number;
  in.sampleFormat = paFloat32;
  in.suggestedLatency = std::max(info->defaultLowInputLatency, kLeastLatencyS);
  const QuietStderr quiet;
  int code = paInvalidSampleRate;
  for (const double rate : {info->defaultSampleRate, 48000.0, 44100.0, 96000.0, 32000.0, 16000.0, 8000.0}) {
    for (const int channels : {std::min(2, info->maxInputChannels), 1, info->maxInputChannels}) {
      in.channelCount = channels;
      ring_ = std::make_unique<InputRing>(channels, static_cast<int>(rate));
      rate_hz_ = static_cast<int>(rate);
      code = Pa_OpenStream(&stream_, &in, nullptr, rate, paFramesPerBufferUnspecified, paClipOff | paDitherOff,
                           callback, ring_.get());
      if (code == paNoError) break;
      stream_ = nullptr;
    }
    if (code == paNoError) break;
  }
  pa_check(code, name(), "cannot be opened");
#if defined(__linux__)
  // real-time scheduling where the user may have it: a busy machine shall not cost us sound
  const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
  if (api && api->type == paALSA) PaAlsa_EnableRealtimeScheduling(stream_, 1);
#endif
  opened_s_ = now_s();
  code = Pa_StartStream(stream_);
  if (code != paNoError) {
    close();
    pa_check(code, name(), "does not start");
  }
  if (const PaStreamInfo* stream = Pa_GetStreamInfo(stream_)) {
    latency_s_ = stream->inputLatency;
    if (stream->sampleRate > 0.0) rate_hz_ = static_cast<int>(stream->sampleRate + 0.5);
  }
}

PortCapture::~PortCapture() { close(); }

void PortCapture::close() noexcept {
  const auto held = PortAudio::lock();
  if (!stream_) return;
  Pa_AbortStream(stream_);
  Pa_CloseStream(stream_);
  stream_ = nullptr;
}

bool PortCapture::healthy(double now) const {
  if (!stream_) return false;
  const double last_s = ring_->last_callback_s();
  if (last_s == 0.0) return now - opened_s_ < kStartS;
  if (now - last_s > kDeadS) return false;
  const auto held = PortAudio::lock();
  return Pa_IsStreamActive(stream_) == 1;
}

int PortCapture::callback(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                          PaStreamCallbackFlags flags, void* self) noexcept {
  auto& ring = *static_cast<InputRing*>(self);
  // how long ago the newest sample was heard, as far as the driver knows
  const double age_s = time ? time->currentTime - time->inputBufferAdcTime : 0.0;
  const double now = now_s();
  const double end_s = age_s > 0.0 && age_s < 1.0 ? now - age_s + ring.seconds(frames) : now;
  ring.on_input(static_cast<const float*>(input), frames, std::min(end_s, now), (flags & paInputOverflow) != 0);
  return paContinue;
}

std::vector<InputDevice> port_audio_inputs() {
  const PortAudio session;
  const auto held = PortAudio::lock();
  std::vector<InputDevice> inputs;
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
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace ombra::audio
