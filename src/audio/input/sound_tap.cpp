#include "audio/input/sound_tap.hpp"

namespace ombra::audio {
namespace {

constexpr std::size_t kSamples = 1 << 19;  // five seconds of stereo at 48 kHz
constexpr std::size_t kPieces = 4096;

}  // namespace

SoundTap::SoundTap() : samples_(kSamples), pieces_(kPieces) {}

void SoundTap::turn(bool on) {
  if (on && !on_.load(std::memory_order_relaxed)) {
    for (HeardSound old; pop(old);) continue;
  }
  on_.store(on, std::memory_order_relaxed);
}

void SoundTap::push(std::span<const float> stereo, int rate_hz, double end_s) noexcept {
  if (!on_.load(std::memory_order_relaxed) || stereo.empty()) return;
  if (samples_.capacity() - samples_.size() < stereo.size() || pieces_.capacity() == pieces_.size()) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  samples_.push(stereo);
  const Piece piece{stereo.size(), rate_hz, end_s};
  pieces_.push({&piece, 1});
}

bool SoundTap::pop(HeardSound& sound) {
  Piece piece{};
  if (pieces_.pop({&piece, 1}) == 0) return false;
  sound.stereo.resize(piece.samples);
  samples_.pop(sound.stereo);
  sound.rate_hz = piece.rate_hz;
  sound.end_s = piece.end_s;
  return true;
}

}  // namespace ombra::audio
