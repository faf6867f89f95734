#include "audio/beat/beat_clock.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kSilenceS = 0.5;  // quiet for this long: nothing is heard
constexpr int kHopsPerReading = 4, kHopsPerTempo = 20;
constexpr double kSlideS = 0.35;   // a phase error is made good in about this time ...
constexpr double kMaxSlide = 0.6;  // ... but the beat never runs faster or slower by more than this part
constexpr double kRateS = 0.8;     // the tempo follows in this time ...
constexpr double kLearn = 0.25;    // ... and learns from the phase error, 1 / s^2
constexpr double kNear = 0.1;      // beats: a larger error is another beat, from which no tempo is learned
constexpr double kJump = 0.05;     // a period that differs by more is another tempo
constexpr double kFirst = 0.35;    // probability from which a first beat is believed
// another beat is followed when this one has become less likely than kLost and another likelier than kRival for so
// long; where it may be another reading of the same music, for longer the longer this one was followed without doubt
constexpr double kLost = 0.35, kRival = 0.5, kRivalS = 0.4;
constexpr double kWaitShare = 0.6, kMaxWaitS = 12.0;
// Half a beat off in the same tempo: no record does that within itself. It is believed later, so that a doubtful
// passage turns no beat round that was right; a beat that was taken up wrongly is put right 0.3 s later for it (over
// 576 made-up runs F is the same, 0.983).
constexpr double kHalfRivalS = 0.7, kHalfWaitShare = 1.0;
constexpr double kDoubtful = 0.7;  // time counts as followed as far as the beat is likelier than this
// another reading has a period within these shares of the record's, which is a mean over a longer time: while the grid
// slides to a new record, its own period comes near to that one's
constexpr double kSamePeriod = 0.012, kMultiplePeriod = 0.02, kRecordS = 10.0;
// that wait ends slowly where drums are missing: these times of the mean accent are compared
constexpr double kAccentS = 1.5, kUsualAccentS = 12.0;
// where a machine plays, the hardest strokes are not between the beats
constexpr double kStroke = 0.5, kHard = 0.5, kHardestS = 4.0;
constexpr double kBelieved = 0.1;  // a less likely beat corrects the grid less
constexpr double kSureS = 0.5;     // the confidence follows in this time

// Half a beat off, twice or half as fast: the same record heard otherwise.
bool same_music(double period_s, double rival_s) {
  const double ratio = rival_s / period_s;
  return std::abs(ratio - 1.0) < kSamePeriod || std::abs(ratio / 2.0 - 1.0) < kMultiplePeriod ||
         std::abs(ratio * 2.0 - 1.0) < kMultiplePeriod;
}

std::vector<double> periods_of(const BeatFilter& filter) {
  std::vector<double> periods;
  for (std::size_t i = 0; i < filter.tempi(); ++i) periods.push_back(filter.period_s(i));
  return periods;
}

}  // namespace

BeatClock::BeatClock(double hop_s, const BeatGrid& start)
    : hop_s_(hop_s), filter_(hop_s), tempo_(hop_s, periods_of(filter_)), grid_(start) {
  grid_.confidence = 0.0f;
  rate_ = start.bpm / 60.0;
  period_s_ = 1.0 / rate_;
}

void BeatClock::read_filter(double place) {
  const double step_s = kHopsPerReading * hop_s_;
  BeatFilter::Belief follow = filter_.near(place + error_, period_s_);
  if (!found_) {
    const BeatFilter::Belief best = filter_.likeliest();
    follow = best;
    found_ = best.mass > kFirst;
    followed_s_ = rival_s_ = other_s_ = record_s_ = 0.0;
    record_period_s_ = best.period_s;
    if (!found_) {
      error_ = 0.0;
      return;
    }
  } else {
    BeatFilter::Belief best{};
    if (follow.mass < kLost) best = filter_.likeliest();
    const bool reading = same_music(record_period_s_, best.period_s);
    const double drums = reading && usual_accent_ > 0.0 ? std::min(1.0, accent_ / usual_accent_) : 1.0;
    followed_s_ += step_s * std::max(0.0, (follow.mass - kDoubtful) / (1.0 - kDoubtful));
    record_s_ += step_s;
    record_period_s_ += (period_s_ - record_period_s_) * step_s / std::min(kRecordS, record_s_);
    const auto count = [&](double& since_s, bool holds, double step) {
      since_s = holds ? since_s + step : std::max(0.0, since_s - step_s);
    };
    const bool likely = best.mass > kRival;
    count(rival_s_, likely, step_s * drums * drums);
    count(other_s_, likely && !reading, step_s);
    const bool half = reading && std::abs(best.period_s / record_period_s_ - 1.0) < kSamePeriod;
    const double first_s = half ? kHalfRivalS : kRivalS, wait_share = half ? kHalfWaitShare : kWaitShare;
    if (other_s_ > kRivalS || rival_s_ > first_s + std::min(kMaxWaitS, wait_share * followed_s_)) {
      follow = best;
      followed_s_ = rival_s_ = other_s_ = 0.0;
      if (!reading || std::abs(best.period_s / period_s_ - 1.0) > kJump) {
        record_period_s_ = best.period_s;
        record_s_ = 0.0;
      }
    }
  }
  const double ratio = follow.period_s / period_s_;
  const double belief = std::min(1.0, follow.mass / kBelieved);
  period_s_ *= 1.0 + belief * (ratio - 1.0);
  if (std::abs(ratio - 1.0) > kJump) rate_ = 1.0 / period_s_;
  rate_ += belief * (1.0 / period_s_ - rate_) * std::min(1.0, step_s / kRateS);
  error_ = belief * wrapped(follow.beat - place);
  if (std::abs(error_) < kNear) rate_ += error_ * kLearn * step_s;
  const double certain = std::clamp(1.4 * follow.mass - 0.1, 0.0, 1.0) * std::clamp(3.0 * tempo_.strength(), 0.0, 1.0);
  const double on_grid = std::clamp(1.5 - 5.0 * std::abs(error_), 0.0, 1.0);
  grid_.confidence += static_cast<float>(std::min(1.0, step_s / kSureS) * (certain * on_grid - grid_.confidence));
}

void BeatClock::run_free() {
  if (quiet_s_ - hop_s_ < kSilenceS) {  // the next sound is a new one, perhaps with another tempo
    grid_.bpm = rate_ * 60.0;
    tempo_.forget();
    filter_.forget();
    found_ = false;
  }
  error_ = 0.0;
  grid_.confidence *= static_cast<float>(std::exp(-hop_s_ / 0.5));
  if (grid_.confidence < 0.01f) grid_.confidence = 0.0f;
}

const BeatGrid& BeatClock::push(double time_s, const HopFeatures& hop, double delay_s, bool silent) {
  quiet_s_ = silent ? quiet_s_ + hop_s_ : 0.0;
  const double now_beat = grid_.beat_at(time_s);
  if (quiet_s_ < kSilenceS) {
    float novelty = 0.0f;
    for (const float accent : hop.accents) novelty += accent;
    accent_ += (novelty - accent_) * hop_s_ / kAccentS;
    usual_accent_ = std::max(usual_accent_ * std::exp2(-hop_s_ / kUsualAccentS), accent_);
    tempo_.push(novelty, std::max(0.0f, std::min(hop.accents[1], hop.accents[2]) - hop.accents[0]), hop.stroke);
    if (--hops_until_tempo_ <= 0) {
      hops_until_tempo_ = kHopsPerTempo;
      tempo_.update();
    }
    hardest_ = std::max(hardest_ * std::exp2(-hop_s_ / kHardestS), hop.stroke);
    const double hard = hardest_ > 0.0 ? std::max(0.0, hop.stroke / hardest_ - kHard) / (1.0 - kHard) : 0.0;
    filter_.push(hop.drums, tempo_.likelihood(), kStroke * tempo_.regular() * hard);
    if (--hops_until_reading_ <= 0) {
      hops_until_reading_ = kHopsPerReading;
      const double heard = grid_.beat_at(time_s - delay_s);
      read_filter(heard - std::floor(heard));
    }
    if (found_) {
      const double slide = std::clamp(error_ / kSlideS, -kMaxSlide * rate_, kMaxSlide * rate_);
      grid_.bpm = (rate_ + slide) * 60.0;
      error_ -= slide * hop_s_;  // until the filter is asked again
    }
  } else {
    run_free();
  }
  grid_.anchor_s = time_s;
  grid_.anchor_beat = now_beat;
  return grid_;
}

}  // namespace ombra::audio
