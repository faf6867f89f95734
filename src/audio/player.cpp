#include "audio/player.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kDeadS = 3.0, kStartS = 4.0;  // without a callback; a sound server may take two seconds to begin
constexpr int kOutputChannels = 2;
constexpr double kMostBehindS = 1.0;  // after a stall the analysis goes on with what is heard now

}  // namespace

Player::Player(std::shared_ptr<const Recording> recording, bool audible, std::uint64_t start_frame,
               const std::atomic<bool>* hushed)
    : recording_(std::move(recording)),
      hushed_(hushed),
      frames_(0),
      from_its_beginning_(start_frame == 0),
      stamps_(1024),
      clock_(recording_->rate_hz) {
  if (recording_->channels < 1 || recording_->channels > 2 || recording_->rate_hz < 4000) {
    throw error("{}: {} channels at {} Hz\nhint: a recording has one or two channels", recording_->name,
                recording_->channels, recording_->rate_hz);
  }
  frames_ = recording_->samples.size() / static_cast<std::size_t>(recording_->channels);
  if (frames_ == 0) throw error("{}: holds no sound\nhint: is the file complete?", recording_->name);
  played_ = start_frame;
  read_ = start_frame;
  if (audible) {
    open_output();
  } else {
    clock_.update({start_frame, now_s()});
  }
}

Player::~Player() { close(); }

void Player::open_output() {
  session_ = std::make_unique<PortAudio>();
  const auto held = PortAudio::lock();
  const int device = Pa_GetDefaultOutputDevice();
  const PaDeviceInfo* info = device == paNoDevice ? nullptr : Pa_GetDeviceInfo(device);
  if (!info) throw error("sound output: there is none\nhint: the show goes on silently");
  PaStreamParameters out{};
  out.device = device;
  out.channelCount = kOutputChannels;
  out.sampleFormat = paFloat32;
  out.suggestedLatency = info->defaultHighOutputLatency;
  const std::string name = info->name;
  const QuietStderr quiet;
  pa_check(Pa_OpenStream(&stream_, nullptr, &out, recording_->rate_hz, paFramesPerBufferUnspecified, paDitherOff,
                         callback, this),
           name, "cannot be opened");
  opened_s_ = now_s();
  const int code = Pa_StartStream(stream_);
  if (code != paNoError) {
    close();
    pa_check(code, name, "does not start");
  }
}

void Player::close() noexcept {
  const auto held = PortAudio::lock();
  if (!stream_) return;
  Pa_AbortStream(stream_);
  Pa_CloseStream(stream_);
  stream_ = nullptr;
}

bool Player::healthy(double now) const {
  if (!stream_) return true;
  const double last_s = last_callback_s_.load(std::memory_order_relaxed);
  if (last_s == 0.0) return now - opened_s_ < kStartS;
  return now - last_s < kDeadS;
}

void Player::fill(float* out, std::size_t frames, double heard_s) noexcept {
  const SampleStamp stamp{played_, heard_s};
  stamps_.push({&stamp, 1});
  const auto channels = static_cast<std::size_t>(recording_->channels);
  const float loud = hushed_ && hushed_->load(std::memory_order_relaxed) ? 0.0f : 1.0f;
  std::size_t at = static_cast<std::size_t>(played_ % frames_);
  for (std::size_t i = 0; i < frames; ++i) {
    const float* sample = recording_->samples.data() + at * channels;
    out[2 * i] = loud * sample[0];
    out[2 * i + 1] = loud * sample[channels - 1];
    if (++at == frames_) at = 0;
  }
  played_ += frames;
  last_callback_s_.store(now_s(), std::memory_order_relaxed);
}

int Player::callback(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                     PaStreamCallbackFlags, void* self) noexcept {
  const double ahead_s = time ? time->outputBufferDacTime - time->currentTime : 0.0;
  const double heard_s = now_s() + (ahead_s > 0.0 && ahead_s < 2.0 ? ahead_s : 0.0);
  static_cast<Player*>(self)->fill(static_cast<float*>(output), frames, heard_s);
  return paContinue;
}

double Player::arrived_s() const { return now_s(); }

std::size_t Player::read(std::span<float> mono, double& end_s, std::span<float> stereo) {
  SampleStamp stamp;
  while (stamps_.pop({&stamp, 1}) == 1) clock_.update(stamp);
  if (!clock_.known()) return 0;
  const double heard = clock_.frames_at(now_s());
  std::uint64_t at = read_.load(std::memory_order_relaxed);
  if (heard < static_cast<double>(at) + 1.0) return 0;
  const double behind = heard - static_cast<double>(at);
  if (behind > kMostBehindS * recording_->rate_hz) at = static_cast<std::uint64_t>(heard) - mono.size();
  const std::size_t n = std::min(mono.size(), static_cast<std::size_t>(heard - static_cast<double>(at)));
  const auto channels = static_cast<std::size_t>(recording_->channels);
  for (std::size_t i = 0; i < n; ++i) {
    const float* sample = recording_->samples.data() + static_cast<std::size_t>((at + i) % frames_) * channels;
    mono[i] = 0.5f * (sample[0] + sample[channels - 1]);
    if (!stereo.empty()) stereo[2 * i] = sample[0], stereo[2 * i + 1] = sample[channels - 1];
  }
  read_.store(at + n, std::memory_order_relaxed);
  end_s = clock_.time_of(static_cast<double>(at + n));
  return n;
}

}  // namespace ombra::audio
