#include "audio/clocks/midi_clock.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr std::uint8_t kSongPosition = 0xF2, kTick = 0xF8, kStart = 0xFA, kContinue = 0xFB, kStop = 0xFC, kReset = 0xFF;
constexpr std::size_t kMin = 8;    // ticks for a line
constexpr double kSlackS = 0.004;  // so late is usual
constexpr double kOtherTempo = 0.04;
constexpr std::size_t kSurely = 4;     // so many ticks beside the line in a row, all by the same whole ticks
constexpr int kTicksPerSixteenth = 6;  // the unit of song positions

template <std::size_t N>
double median(std::array<double, N> values, std::size_t n) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(n / 2);
  std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(n));
  return *middle;
}

}  // namespace

void MidiClock::feed(std::span<const std::uint8_t> bytes, double time_s) {
  if (!std::isfinite(time_s)) return;
  for (const std::uint8_t byte : bytes) {
    if (byte == kTick) {
      tick(time_s);
    } else if (byte == kReset) {
      const std::uint64_t ticks = ticks_, skipped = skipped_;
      reset();
      ticks_ = ticks, skipped_ = skipped;
    } else if (byte > kTick) {  // may come between the bytes of another message
      transport(byte);
    } else if (byte >= 0x80) {
      data_wanted_ = byte == kSongPosition ? 2 : 0;
      if (byte != kSongPosition) ++skipped_;
    } else if (data_wanted_ == 2) {
      low_ = byte;
      data_wanted_ = 1;
    } else if (data_wanted_ == 1) {
      data_wanted_ = 0;
      position((byte * 128 + low_) * kTicksPerSixteenth);
    } else {
      ++skipped_;
    }
  }
}

void MidiClock::transport(std::uint8_t status) {
  if (status == kStart) {
    transport_used_ = playing_ = true;
    next_ = 0;
  } else if (status == kContinue) {
    transport_used_ = playing_ = true;
    next_ = stopped_at_;
  } else if (status == kStop) {
    if (playing_ || !transport_used_) stopped_at_ = next_ ? *next_ : std::llround(count_ + shift_);
    transport_used_ = true;
    playing_ = false;
    next_.reset();
  } else {
    ++skipped_;
  }
}

void MidiClock::position(std::int64_t tick) {
  stopped_at_ = tick;
  if (playing_) next_ = tick;
  placed_ = true;
}

void MidiClock::tick(double time_s) {
  ++ticks_;
  if (known_ > 0 && (time_s - last_s_ > kLostS || time_s < last_s_)) known_ = 0, fitted_ = false;
  last_s_ = time_s;
  if (next_) {
    shift_ = static_cast<double>(*next_) - count_;
    next_.reset();
    placed_ = true;
  }
  if (known_ == kWindow) {
    std::copy(index_.begin() + 1, index_.end(), index_.begin());
    std::copy(time_s_.begin() + 1, time_s_.end(), time_s_.begin());
    --known_;
  }
  index_[known_] = count_;
  time_s_[known_] = time_s;
  ++known_;
  count_ += 1.0;
  if (fitted_) count_in();
  if (fitted_ && tempo_changed()) {
    std::copy(index_.begin() + static_cast<std::ptrdiff_t>(known_ - kRecent),
              index_.begin() + static_cast<std::ptrdiff_t>(known_), index_.begin());
    std::copy(time_s_.begin() + static_cast<std::ptrdiff_t>(known_ - kRecent),
              time_s_.begin() + static_cast<std::ptrdiff_t>(known_), time_s_.begin());
    known_ = kRecent;
  }
  if (known_ >= kMin) fit();
}

// Ticks were lost (or came twice) when the last ones all lie beside the line by the same whole number of ticks.
void MidiClock::count_in() {
  if (known_ < kSurely + kMin) return;
  double low = 1e9, high = -1e9;
  for (std::size_t i = known_ - kSurely; i < known_; ++i) {
    const double off = (time_s_[i] - at(index_[i])) / period_s_;
    low = std::min(low, off), high = std::max(high, off);
  }
  const double lost = std::round(0.5 * (low + high));
  if (lost == 0.0 || high - low > 0.3 || std::max(std::abs(low - lost), std::abs(high - lost)) > 0.35) return;
  for (std::size_t i = known_ - kSurely; i < known_; ++i) index_[i] += lost;
  count_ += lost;
}

// Slopes between ticks half the recent ones apart: their median is not fooled by a tick that came late.
bool MidiClock::tempo_changed() const {
  if (known_ < kRecent + 2) return false;
  constexpr std::size_t kSlopes = kRecent / 2;
  std::array<double, kSlopes> slope{};
  for (std::size_t i = 0; i < kSlopes; ++i) {
    const std::size_t from = known_ - kRecent + i, to = from + kSlopes;
    slope[i] = (time_s_[to] - time_s_[from]) / std::max(1.0, index_[to] - index_[from]);
  }
  return std::abs(median(slope, kSlopes) / period_s_ - 1.0) > kOtherTempo;
}

void MidiClock::fit() {
  const double t0 = time_s_[0], i0 = index_[0];
  std::array<double, kWindow> weight{}, off{};
  weight.fill(1.0);
  double slope = 0.0, start = 0.0;  // time - t0 = start + slope * (index - i0)
  for (int pass = 0; pass < 4; ++pass) {
    double w = 0.0, x = 0.0, y = 0.0;
    for (std::size_t i = 0; i < known_; ++i) {
      w += weight[i];
      x += weight[i] * (index_[i] - i0);
      y += weight[i] * (time_s_[i] - t0);
    }
    x /= w, y /= w;
    double cross = 0.0, square = 0.0;
    for (std::size_t i = 0; i < known_; ++i) {
      const double dx = index_[i] - i0 - x;
      cross += weight[i] * dx * (time_s_[i] - t0 - y);
      square += weight[i] * dx * dx;
    }
    if (square <= 0.0) return;
    slope = cross / square;
    start = y - slope * x;
    for (std::size_t i = 0; i < known_; ++i) off[i] = std::abs(time_s_[i] - t0 - start - slope * (index_[i] - i0));
    const double usual = std::max(kSlackS, 2.0 * 1.48 * median(off, known_));
    for (std::size_t i = 0; i < known_; ++i) weight[i] = off[i] <= usual ? 1.0 : usual / off[i];
  }
  if (!(slope > 0.0)) return;
  base_index_ = index_[known_ - 1];
  base_s_ = t0 + start + slope * (base_index_ - i0);
  period_s_ = slope;
  fitted_ = true;
}

std::optional<BeatGrid> MidiClock::grid(double now_s) const {
  if (!fitted_ || !ticking(now_s) || (transport_used_ && !playing_)) return std::nullopt;
  BeatGrid g;
  g.bpm = 60.0 / (kTicksPerBeat * period_s_);
  if (!(g.bpm >= 20.0 && g.bpm <= 400.0)) return std::nullopt;
  g.anchor_s = base_s_;
  g.anchor_beat = (base_index_ + shift_) / kTicksPerBeat;
  g.confidence = 1.0f;
  g.bar_confidence = placed_ ? 1.0f : 0.0f;
  return g;
}

}  // namespace ombra::audio
