#include "audio/beat/beat_sums.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kFirstPart = 0.125;  // of a beat: where it begins
constexpr int kQuietHops = 100;       // of silence: another piece follows

}  // namespace

void BeatSums::forget() {
  count_ = 0;
  open_ = {};
  first_flux_ = 0.0;
  first_hops_ = 0;
}

bool BeatSums::push(const HopFeatures& hop, std::uint64_t onsets, const BeatGrid& grid, bool silent) {
  quiet_hops_ = silent ? quiet_hops_ + 1 : 0;
  if (quiet_hops_ > kQuietHops) forget();
  const double beat = grid.anchor_beat;
  const auto number = static_cast<std::int64_t>(std::floor(beat));
  bool ended = false;
  if (number != open_number_ && open_.hops > 0) {
    const double n = open_.hops;
    BeatSum sum = open_;
    sum.bass /= n, sum.level /= n, sum.treble /= n, sum.flux /= n;
    sum.on_beat = first_hops_ > 0 ? first_flux_ / first_hops_ / std::max(sum.flux, 1e-3) : 0.0;
    sum.onsets = static_cast<double>(onsets - onsets_before_);
    newest_ = (newest_ + 1) % kRemembered;
    past_[newest_] = sum;
    count_ = number == open_number_ + 1 ? std::min(count_ + 1, kRemembered) : 1;
    number_ = number - 1;
    open_ = {};
    first_flux_ = 0.0, first_hops_ = 0;
    ended = true;
  }
  if (open_.hops == 0) onsets_before_ = onsets;
  open_number_ = number;
  const double share = 1.0 / std::max(hop.reference, 1e-9);
  open_.bass += hop.bass_rms * share;
  open_.level += hop.rms * share;
  open_.treble += hop.treble;
  open_.flux += hop.flux;
  ++open_.hops;
  if (beat - std::floor(beat) < kFirstPart) first_flux_ += hop.flux, ++first_hops_;
  return ended;
}

}  // namespace ombra::audio
