#include "audio/capture.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#if defined(__linux__)
#include <pa_linux_alsa.h>
#endif

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kRingS = 2.0;
constexpr std::size_t kStamps = 1024, kBlockFrames = 1024;
constexpr double kDeadS = 0.5, kStartS = 2.0;  // a new stream may take a while until its first callback
constexpr double kLeastLatencyS = 0.010;       // what is asked for; 5 ms underruns on many sound servers

}  // namespace

InputRing::InputRing(int channels, int rate_hz)
    : channels_(static_cast<std::size_t>(channels)),
      rate_hz_(rate_hz),
      samples_(static_cast<std::size_t>(kRingS * rate_hz) * channels_),
      stamps_(kStamps),
      clock_(rate_hz),
      block_(kBlockFrames * channels_) {}

void InputRing::on_input(const float* interleaved, std::size_t frames, double end_s, bool overflow) noexcept {
  if (overflow) overruns_.fetch_add(1, std::memory_order_relaxed);
  // whole frames only, or the channels would change places
  const std::size_t room = (samples_.capacity() - samples_.size()) / channels_;
  const std::size_t n = std::min(frames, room);
  if (interleaved) samples_.push({interleaved, n * channels_});
  if (n < frames) dropped_.fetch_add(frames - n, std::memory_order_relaxed);
  if (interleaved) written_ += n;
  const SampleStamp stamp{written_, end_s};
  if (n == frames) stamps_.push({&stamp, 1});
  last_callback_s_.store(now_s(), std::memory_order_relaxed);
}

std::size_t InputRing::read(std::span<float> mono, double& end_s) noexcept {
  SampleStamp stamp;
  while (stamps_.pop({&stamp, 1}) == 1) clock_.update(stamp);
  if (!clock_.known()) return 0;
  const std::size_t want = std::min(mono.size(), kBlockFrames) * channels_;
  const std::size_t n = samples_.pop(std::span(block_).first(want)) / channels_;
  if (n == 0) return 0;
  for (std::size_t i = 0; i < n; ++i) {
    mono[i] = channels_ == 1 ? block_[i] : 0.5f * (block_[i * channels_] + block_[i * channels_ + 1]);
  }
  read_ += n;
  end_s = clock_.time_of(static_cast<double>(read_));
  return n;
}

Capture::Capture(int device) {
  const auto held = PortAudio::lock();
  const PaDeviceInfo* info = Pa_GetDeviceInfo(device);
  if (!info || info->maxInputChannels < 1) {
    throw error("input {}: no such device\nhint: `ombra devices` lists the inputs", device);
  }
  name_ = info->name;
  PaStreamParameters in{};
  in.device = device;
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
  pa_check(code, name_, "cannot be opened");
#if defined(__linux__)
  // real-time scheduling where the user may have it: a busy machine shall not cost us sound
  const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
  if (api && api->type == paALSA) PaAlsa_EnableRealtimeScheduling(stream_, 1);
#endif
  opened_s_ = now_s();
  code = Pa_StartStream(stream_);
  if (code != paNoError) {
    close();
    pa_check(code, name_, "does not start");
  }
  if (const PaStreamInfo* stream = Pa_GetStreamInfo(stream_)) {
    latency_s_ = stream->inputLatency;
    if (stream->sampleRate > 0.0) rate_hz_ = static_cast<int>(stream->sampleRate + 0.5);
  }
}

Capture::~Capture() { close(); }

void Capture::close() noexcept {
  const auto held = PortAudio::lock();
  if (!stream_) return;
  Pa_AbortStream(stream_);
  Pa_CloseStream(stream_);
  stream_ = nullptr;
}

bool Capture::healthy(double now) const {
  if (!stream_) return false;
  const double last_s = ring_->last_callback_s();
  if (last_s == 0.0) return now - opened_s_ < kStartS;
  if (now - last_s > kDeadS) return false;
  const auto held = PortAudio::lock();
  return Pa_IsStreamActive(stream_) == 1;
}

int Capture::callback(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept {
  auto& ring = *static_cast<InputRing*>(self);
  // how long ago the newest sample was heard, as far as the driver knows
  const double age_s = time ? time->currentTime - time->inputBufferAdcTime : 0.0;
  const double now = now_s();
  const double end_s = age_s > 0.0 && age_s < 1.0 ? now - age_s + ring.seconds(frames) : now;
  ring.on_input(static_cast<const float*>(input), frames, std::min(end_s, now), (flags & paInputOverflow) != 0);
  return paContinue;
}

}  // namespace ombra::audio
