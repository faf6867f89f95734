#include "media/write/sound_track.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::media {
namespace {

constexpr std::size_t kReadFrames = 4096;

}  // namespace

SoundTrack::SoundTrack(const Sound& sound, const char* encoder, Muxer& muxer)
    : sound_(sound),
      encoder_(encoder, sound.rate_hz, sound.channels, muxer),
      resampler_(sound.rate_hz, encoder_.rate_hz(), sound.channels, muxer.file()) {}

void SoundTrack::write_until(double seconds, bool last) {
  const auto channels = static_cast<std::size_t>(sound_.channels);
  const auto block = encoder_.block();
  const auto until = static_cast<std::size_t>(std::llround(seconds * encoder_.rate_hz()));
  for (auto written = static_cast<std::size_t>(encoder_.written()); written < until;) {
    const std::size_t wanted = std::min(block, until - written);
    if (wanted < block && !last) break;
    while (pending_.size() / channels < wanted && !drained_) {
      const std::size_t n = std::min(kReadFrames, sound_.frames() - read_);
      if (n > 0) {
        resampler_.push(std::span(sound_.samples).subspan(read_ * channels, n * channels), pending_);
      } else {
        resampler_.drain(pending_);
      }
      read_ += n;
      drained_ = n == 0;
    }
    const std::size_t samples = std::min(wanted, pending_.size() / channels);
    if (samples == 0) break;  // the sound is shorter than the picture
    if (samples < block && !last && !drained_) break;
    encoder_.write(std::span(pending_).first(samples * channels));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(samples * channels));
    written += samples;
  }
  if (last) encoder_.finish();
}

}  // namespace ombra::media
