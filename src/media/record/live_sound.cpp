#include "media/record/live_sound.hpp"

#include <algorithm>

namespace ombra::media {

LiveSound::LiveSound(const std::filesystem::path& path, double start_s)
    : muxer_(path.string(), path.string(), "flac", Keep::kPieces),
      encoder_("flac", kRateHz, 2, muxer_),
      aligner_(start_s, kRateHz, path.string()) {
  muxer_.begin();
}

void LiveSound::push(std::span<const float> stereo, int rate_hz, double end_s) {
  aligner_.push(stereo, rate_hz, end_s);
  encode(false);
}

void LiveSound::no_sound_before(double time_s) {
  aligner_.fill_until(time_s);
  encode(false);
}

void LiveSound::finish() {
  encode(true);
  encoder_.finish();
  muxer_.end();
}

void LiveSound::encode(bool last) {
  while (!aligner_.ready().empty()) {
    const std::size_t n = std::min(encoder_.block(), aligner_.ready().size() / 2);
    if (n < encoder_.block() && !last) return;
    encoder_.write(aligner_.ready().first(2 * n));
    aligner_.take(n);
  }
}

}  // namespace ombra::media
