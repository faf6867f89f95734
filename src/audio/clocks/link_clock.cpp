#include "audio/clocks/link_clock.hpp"

#include "core/clock.hpp"

#include <ableton/Link.hpp>

#include <chrono>
#include <cmath>

namespace ombra::audio {
namespace {

struct SharedClock {
  std::chrono::microseconds micros() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace
}  // namespace ombra::audio

namespace ableton::link::detail {

// A session is as old as its time, which begins at 0 when it is founded, and the older session wins. Ours begins a year
// before 0, so that peers that come later keep their tempo and we join them.
template <>
inline GhostXForm initXForm<ombra::audio::SharedClock>(const ombra::audio::SharedClock& clock) {
  constexpr std::chrono::hours kYounger{24 * 365};
  return {1.0, -clock.micros() - kYounger};
}

}  // namespace ableton::link::detail

namespace ombra::audio {
namespace {

constexpr double kLeadEveryS = 0.5;
constexpr double kOtherTempoBpm = 0.05, kOffBeats = 0.04;

std::chrono::microseconds micros(double time_s) {
  return std::chrono::microseconds(static_cast<std::int64_t>(std::llround(time_s * 1e6)));
}

}  // namespace

struct LinkClock::Impl {
  ableton::BasicLink<SharedClock> link{120.0};
  bool seen_playing = false;  // peers use start and stop
  double led_s = 0.0;
};

LinkClock::LinkClock() = default;
LinkClock::~LinkClock() = default;

void LinkClock::enable(bool on) {
  if (on == enabled()) return;
  if (!on) return impl_.reset();
  impl_ = std::make_unique<Impl>();
  impl_->link.enableStartStopSync(true);
  impl_->link.enable(true);
}

int LinkClock::peers() const { return impl_ ? static_cast<int>(impl_->link.numPeers()) : 0; }

std::optional<BeatGrid> LinkClock::grid(double now_s) {
  if (peers() == 0) return std::nullopt;
  const auto state = impl_->link.captureAppSessionState();
  impl_->seen_playing |= state.isPlaying();
  if (impl_->seen_playing && !state.isPlaying()) return std::nullopt;
  BeatGrid g;
  g.anchor_s = now_s;
  g.anchor_beat = state.beatAtTime(micros(now_s), kQuantum);
  g.bpm = state.tempo();
  g.confidence = g.bar_confidence = 1.0f;
  g.beats_per_bar = kQuantum;
  return g;
}

void LinkClock::lead(const BeatGrid& ours, double bpm, double now_s) {
  if (!impl_ || now_s - impl_->led_s < kLeadEveryS || !(bpm >= 20.0 && bpm <= 999.0)) return;
  auto state = impl_->link.captureAppSessionState();
  const double place = ours.place_in_bar(ours.beat_at(now_s));
  double off = state.phaseAtTime(micros(now_s), kQuantum) - place;
  off -= kQuantum * std::round(off / kQuantum);
  const bool other_tempo = std::abs(state.tempo() - bpm) > kOtherTempoBpm;
  if (!other_tempo && std::abs(off) < kOffBeats) return;
  impl_->led_s = now_s;
  if (other_tempo) state.setTempo(bpm, micros(now_s));
  if (std::abs(off) >= kOffBeats) state.forceBeatAtTime(place, micros(now_s), kQuantum);
  impl_->link.commitAppSessionState(state);
}

}  // namespace ombra::audio
