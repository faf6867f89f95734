#include "audio/input_ring.hpp"

#include "core/clock.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kRingS = 2.0;
constexpr std::size_t kStamps = 1024, kBlockFrames = 1024;

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

std::size_t InputRing::read(std::span<float> mono, double& end_s, std::span<float> stereo) noexcept {
  SampleStamp stamp;
  while (stamps_.pop({&stamp, 1}) == 1) clock_.update(stamp);
  if (!clock_.known()) return 0;
  const std::size_t want = std::min(mono.size(), kBlockFrames) * channels_;
  const std::size_t n = samples_.pop(std::span(block_).first(want)) / channels_;
  if (n == 0) return 0;
  for (std::size_t i = 0; i < n; ++i) {
    const float left = block_[i * channels_], right = channels_ == 1 ? left : block_[i * channels_ + 1];
    mono[i] = 0.5f * (left + right);
    if (!stereo.empty()) stereo[2 * i] = left, stereo[2 * i + 1] = right;
  }
  read_ += n;
  end_s = clock_.time_of(static_cast<double>(read_));
  return n;
}

}  // namespace ombra::audio
