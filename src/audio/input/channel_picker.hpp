#pragma once
// Which two channels of an input to listen to: an interface may have its music on inputs 3 and 4, a surround card on
// the rear pair. Channels belong together as 1 and 2, 3 and 4, ...; the pair in use keeps its place through pauses, and
// another takes over only when it is much louder for a while, so that the choice never flaps.
// Thread: one owner; no allocation after construction. pick: at most kMaxChannels channels.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ombra::audio {

inline constexpr int kMaxChannels = 64;  // of an input

struct ChannelPair {
  int left = 0, right = 0;  // from 0; the same: one channel
  bool operator==(const ChannelPair&) const = default;
};

// -> "3, 4", or "3" where both are the same
std::string channel_words(const ChannelPair& pair);
// -> "3, 4 of 4; silent: 1, 2"; channels: how many there are, 1 to kMaxChannels; sounding: bit c for channel c
std::string channel_words(const ChannelPair& pair, std::size_t channels, std::uint64_t sounding);

class ChannelPicker {
 public:
  ChannelPicker(std::size_t channels, double rate_hz) : channels_(channels), rate_hz_(rate_hz) { pair_ = pair_at(0); }

  // Measures the next frames of interleaved samples. -> the pair to listen to now
  ChannelPair pick(std::span<const float> interleaved) noexcept;
  // These channels whatever is in them; nothing: the loudest pair. Channels that are not there are not taken.
  void fix(std::optional<ChannelPair> pair) noexcept;
  // -> bit c: something was heard in channel c lately
  std::uint64_t sounding() const noexcept;

 private:
  ChannelPair pair_at(std::size_t first) const noexcept;
  using Levels = std::array<double, kMaxChannels>;  // mean squares
  static double level(const Levels& levels, const ChannelPair& pair) noexcept;

  std::size_t channels_;
  double rate_hz_;
  Levels power_{}, held_{};  // of now, and how loud it was lately
  ChannelPair pair_, challenger_;
  double challenge_s_ = 0.0;  // for so long the challenger has been louder
  std::optional<ChannelPair> fixed_;
};

}  // namespace ombra::audio
