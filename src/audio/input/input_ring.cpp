#include "audio/input/input_ring.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kRingS = 2.0, kWideRingS = 1.0;  // wide: of more channels than a surround card has
constexpr int kWide = 8;
constexpr std::size_t kStamps = 1024, kBlockFrames = 1024;

int pack(const ChannelPair& pair) { return pair.left * kMaxChannels + pair.right; }
ChannelPair unpack(int packed) { return {packed / kMaxChannels, packed % kMaxChannels}; }

}  // namespace

InputRing::InputRing(int channels, int rate_hz)
    : channels_(static_cast<std::size_t>(channels)),
      rate_hz_(rate_hz),
      samples_(static_cast<std::size_t>((channels > kWide ? kWideRingS : kRingS) * rate_hz) * channels_),
      stamps_(kStamps),
      clock_(rate_hz),
      picker_(channels_, rate_hz),
      block_(kBlockFrames * channels_) {
  OMBRA_ASSERT(channels >= 1 && channels <= kMaxChannels);
  pair_ = picker_.pick({});
  heard_.store(pack(pair_), std::memory_order_relaxed);
}

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
  mix(n, mono, stereo);
  read_ += n;
  end_s = clock_.time_of(static_cast<double>(read_));
  return n;
}

// A change of channels is faded, or it would be heard as an onset.
void InputRing::mix(std::size_t frames, std::span<float> mono, std::span<float> stereo) noexcept {
  if (const int wanted = wanted_.load(std::memory_order_relaxed); wanted != obeyed_) {
    picker_.fix(wanted < 0 ? std::nullopt : std::optional(unpack(wanted)));
    obeyed_ = wanted;
  }
  const ChannelPair before = pair_;
  pair_ = picker_.pick(std::span<const float>(block_).first(frames * channels_));
  const float step = before == pair_ ? 0.0f : 1.0f / static_cast<float>(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const float* sample = block_.data() + i * channels_;
    float left = sample[pair_.left], right = sample[pair_.right];
    if (step > 0.0f) {
      const float fade = step * static_cast<float>(i + 1);
      left = fade * left + (1.0f - fade) * sample[before.left];
      right = fade * right + (1.0f - fade) * sample[before.right];
    }
    mono[i] = 0.5f * (left + right);
    if (!stereo.empty()) stereo[2 * i] = left, stereo[2 * i + 1] = right;
  }
  heard_.store(pack(pair_), std::memory_order_relaxed);
  sounding_.store(picker_.sounding(), std::memory_order_relaxed);
}

void InputRing::listen_to(std::optional<ChannelPair> pair) noexcept {
  wanted_.store(pair ? pack(*pair) : -1, std::memory_order_relaxed);
}

ChannelPair InputRing::heard() const noexcept { return unpack(heard_.load(std::memory_order_relaxed)); }

}  // namespace ombra::audio
