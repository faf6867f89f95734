#include "audio/input/player.hpp"

#include "audio/input/port_audio.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kDeadS = 3.0, kStartS = 4.0;  // without a callback; a sound server may take two seconds to begin
constexpr int kOutputChannels = 2;
constexpr double kMaxBehindS = 1.0;  // after a stall the analysis goes on with what is heard now

constexpr double kOpenS = 4.0;  // to open the output

}  // namespace

struct Player::Output {
  void open();
  void fill(float* out, std::size_t frames, double heard_s) noexcept;
  static int callback(const void* input, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                      PaStreamCallbackFlags flags, void* self) noexcept;

  // immutable while the stream is open
  std::shared_ptr<const Track> track;
  std::shared_ptr<const std::atomic<bool>> muted;  // may be null
  std::shared_ptr<SpscRing<SampleStamp>> stamps;
  std::size_t frames = 0;  // of the track
  double opened_s = 0.0;
  // audio callback only
  std::uint64_t played = 0;
  float loud = 1.0f;
  // shared
  std::atomic<double> last_callback_s{0.0};
  std::atomic<bool> faded{false};
  PortStream port;  // last: closed before the rest goes
};

Player::Player(std::shared_ptr<const Track> track, bool audible, std::uint64_t start_frame,
               std::shared_ptr<const std::atomic<bool>> muted)
    : track_(std::move(track)),
      frames_(0),
      stamps_(std::make_shared<SpscRing<SampleStamp>>(1024)),
      clock_(track_->rate_hz) {
  if (track_->channels < 1 || track_->channels > 2 || track_->rate_hz < 4000) {
    throw error("{}: {} channels at {} Hz\nhint: a track has one or two channels", track_->name, track_->channels,
                track_->rate_hz);
  }
  frames_ = track_->samples.size() / static_cast<std::size_t>(track_->channels);
  if (frames_ == 0) throw error("{}: holds no sound\nhint: is the file complete?", track_->name);
  read_ = start_frame;
  if (!audible) {
    clock_.update({start_frame, now_s()});
    return;
  }
  const auto open = [track = track_, muted = std::move(muted), stamps = stamps_, frames = frames_, start_frame] {
    auto output = PortAudio::make_shared<Output>();
    output->track = track, output->muted = muted, output->stamps = stamps;
    output->frames = frames, output->played = start_frame;
    output->open();
    return output;
  };
  output_ = PortAudio::ask("sound output", kOpenS, open, true);
}

Player::~Player() { close(); }

void Player::Output::open() {
  const int device = Pa_GetDefaultOutputDevice();
  const PaDeviceInfo* info = device == paNoDevice ? nullptr : Pa_GetDeviceInfo(device);
  if (!info) throw error("sound output: there is none\nhint: the show goes on silently");
  PaStreamParameters out{};
  out.device = device;
  out.channelCount = kOutputChannels;
  out.sampleFormat = paFloat32;
  out.suggestedLatency = info->defaultHighOutputLatency;
  const std::string name = info->name;
  pa_check(Pa_OpenStream(&port.stream, nullptr, &out, track->rate_hz, paFramesPerBufferUnspecified, paDitherOff,
                         callback, this),
           name, "cannot be opened");
  opened_s = now_s();
  pa_check(Pa_StartStream(port.stream), name, "does not start");
}

bool Player::healthy(double now) const {
  if (!output_) return true;
  const double last_s = output_->last_callback_s.load(std::memory_order_relaxed);
  if (last_s == 0.0) return now - output_->opened_s < kStartS;
  return now - last_s < kDeadS;
}

void Player::fade_out(bool on) {
  if (output_) output_->faded.store(on, std::memory_order_relaxed);
}

void Player::Output::fill(float* out, std::size_t count, double heard_s) noexcept {
  const SampleStamp stamp{played, heard_s};
  stamps->push({&stamp, 1});
  const auto channels = static_cast<std::size_t>(track->channels);
  const bool quiet = faded.load(std::memory_order_relaxed) || (muted && muted->load(std::memory_order_relaxed));
  const float step = 1.0f / static_cast<float>(kFadeS * track->rate_hz);
  std::size_t at = static_cast<std::size_t>(played % frames);
  for (std::size_t i = 0; i < count; ++i) {
    loud = quiet ? std::max(0.0f, loud - step) : std::min(1.0f, loud + step);
    const float* sample = track->samples.data() + at * channels;
    out[2 * i] = loud * sample[0];
    out[2 * i + 1] = loud * sample[channels - 1];
    if (++at == frames) at = 0;
  }
  played += count;
  last_callback_s.store(now_s(), std::memory_order_relaxed);
}

int Player::Output::callback(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo* time,
                             PaStreamCallbackFlags, void* self) noexcept {
  const double ahead_s = time ? time->outputBufferDacTime - time->currentTime : 0.0;
  const double heard_s = now_s() + (ahead_s > 0.0 && ahead_s < 2.0 ? ahead_s : 0.0);
  static_cast<Output*>(self)->fill(static_cast<float*>(output), frames, heard_s);
  return paContinue;
}

double Player::arrived_s() const { return now_s(); }

std::size_t Player::read(std::span<float> mono, double& end_s, std::span<float> stereo) {
  SampleStamp stamp;
  while (stamps_->pop({&stamp, 1}) == 1) clock_.update(stamp);
  if (!clock_.known()) return 0;
  const double heard = clock_.frames_at(now_s());
  std::uint64_t at = read_.load(std::memory_order_relaxed);
  if (heard < static_cast<double>(at) + 1.0) return 0;
  const double behind = heard - static_cast<double>(at);
  if (behind > kMaxBehindS * track_->rate_hz) at = static_cast<std::uint64_t>(heard) - mono.size();
  const std::size_t n = std::min(mono.size(), static_cast<std::size_t>(heard - static_cast<double>(at)));
  const auto channels = static_cast<std::size_t>(track_->channels);
  for (std::size_t i = 0; i < n; ++i) {
    const float* sample = track_->samples.data() + static_cast<std::size_t>((at + i) % frames_) * channels;
    mono[i] = 0.5f * (sample[0] + sample[channels - 1]);
    if (!stereo.empty()) stereo[2 * i] = sample[0], stereo[2 * i + 1] = sample[channels - 1];
  }
  read_.store(at + n, std::memory_order_relaxed);
  end_s = clock_.time_of(static_cast<double>(at + n));
  return n;
}

}  // namespace ombra::audio
