#include "audio/beat/beat_clock.hpp"

#include "core/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ombra::audio {
namespace {

constexpr double kSilenceS = 0.5;  // quiet for this long: nothing is heard
constexpr int kHopsPerReading = 4;
constexpr double kSlideS = 0.35;   // a phase error is made good in about this time ...
constexpr double kMaxSlide = 0.6;  // ... but the beat never runs faster or slower by more than this part
constexpr double kRateS = 0.8;     // the tempo follows in this time ...
constexpr double kLearn = 0.25;    // ... and learns from the phase error, 1 / s^2
constexpr double kLongWay = 0.7;   // beats: no way is longer
constexpr double kNear = 0.1;      // beats: a larger error is another beat, from which no tempo is learned
constexpr double kJump = 0.05;     // a period that differs by more is another tempo
constexpr double kFirst = 0.35;    // probability from which a first beat is believed
// another beat is followed when this one has become less likely than kLost and another likelier than kRival for so
// long; where it may be another reading of the same music, for longer the longer this one was followed without doubt
constexpr double kLost = 0.35, kRival = 0.5, kRivalS = 0.4;
constexpr double kWaitShare = 0.6, kMaxWaitS = 12.0;
// Half a beat off in the same tempo: no record does that within itself. It is believed later, so that a doubtful
// passage turns no beat round that was right.
constexpr double kHalfRivalS = 0.7, kHalfWaitShare = 1.0;
constexpr double kDoubtful = 0.7;  // time counts as followed as far as the beat is likelier than this
// another reading has a period within these shares of the record's, which is a mean over a longer time: while the grid
// slides to a new record, its own period comes near to that one's
constexpr double kSamePeriod = 0.012, kMultiplePeriod = 0.02, kRecordS = 10.0;
constexpr double kBelieved = 0.1;     // a less likely beat corrects the grid less
constexpr double kAroundBeat = 0.1;   // beats to either side within which the ear may mean this one
constexpr double kAgreedBeats = 6.0;  // its word on the last beats is a mean over so many
constexpr double kStillHeard = 0.4;   // of that mean: a beat of which less is said was not heard
constexpr double kSureS = 0.5;        // the confidence follows in this time
constexpr double kPulseS = 1.0;       // and its word on whether there is a beat at all is a mean over so long
// What beats of which the ear said so much were worth, on music held back: share that was met
constexpr std::array<std::pair<double, double>, 12> kWorth{{{0.0, 0.0},
                                                            {0.07, 0.38},
                                                            {0.11, 0.43},
                                                            {0.14, 0.58},
                                                            {0.19, 0.68},
                                                            {0.25, 0.77},
                                                            {0.3, 0.84},
                                                            {0.35, 0.88},
                                                            {0.49, 0.92},
                                                            {0.58, 0.945},
                                                            {0.68, 0.99},
                                                            {1.0, 1.0}}};

double worth_of(double agreed) {
  for (std::size_t i = 1; i < kWorth.size(); ++i) {
    const auto [x0, y0] = kWorth[i - 1];
    const auto [x1, y1] = kWorth[i];
    if (agreed <= x1) return y0 + (y1 - y0) * (agreed - x0) / (x1 - x0);
  }
  return kWorth.back().second;
}

// Half a beat off, twice or half as fast: the same record heard otherwise.
bool same_music(double period_s, double rival_s) {
  const double ratio = rival_s / period_s;
  return std::abs(ratio - 1.0) < kSamePeriod || std::abs(ratio / 2.0 - 1.0) < kMultiplePeriod ||
         std::abs(ratio * 2.0 - 1.0) < kMultiplePeriod;
}

}  // namespace

BeatClock::BeatClock(double hop_s, const BeatGrid& start) : hop_s_(hop_s), pointer_(hop_s), grid_(start) {
  grid_.confidence = grid_.bar_confidence = 0.0f;
  rate_ = start.bpm / 60.0;
  period_s_ = 1.0 / rate_;
}

// -> is a first beat believed?
bool BeatClock::find(BarPointer::Belief& follow) {
  follow = pointer_.likeliest();
  found_ = follow.mass > kFirst;
  followed_s_ = rival_s_ = other_s_ = record_s_ = 0.0;
  record_period_s_ = follow.period_s;
  return found_;
}

// Holds what is followed against the likeliest, and follows that when it has been better for long enough.
void BeatClock::reconsider(BarPointer::Belief& follow, double step_s) {
  BarPointer::Belief best{};
  if (follow.mass < kLost) best = pointer_.likeliest();
  const bool reading = same_music(record_period_s_, best.period_s);
  followed_s_ += step_s * std::max(0.0, (follow.mass - kDoubtful) / (1.0 - kDoubtful));
  record_s_ += step_s;
  record_period_s_ += (period_s_ - record_period_s_) * step_s / std::min(kRecordS, record_s_);
  const auto count = [&](double& since_s, bool holds) {
    since_s = holds ? since_s + step_s : std::max(0.0, since_s - step_s);
  };
  const bool likely = best.mass > kRival;
  count(rival_s_, likely);
  count(other_s_, likely && !reading);
  const bool half = reading && std::abs(best.period_s / record_period_s_ - 1.0) < kSamePeriod;
  const double first_s = half ? kHalfRivalS : kRivalS, wait_share = half ? kHalfWaitShare : kWaitShare;
  if (other_s_ <= kRivalS && rival_s_ <= first_s + std::min(kMaxWaitS, wait_share * followed_s_)) return;
  follow = best;
  followed_s_ = rival_s_ = other_s_ = 0.0;
  if (reading && std::abs(best.period_s / period_s_ - 1.0) <= kJump) return;
  record_period_s_ = best.period_s;
  record_s_ = 0.0;
  bars_.forget();
}

void BeatClock::read_pointer(double heard) {
  const double step_s = kHopsPerReading * hop_s_, place = heard - std::floor(heard);
  BarPointer::Belief follow;
  if (found_) {
    follow = pointer_.near(place + error_, period_s_);
    reconsider(follow, step_s);
  } else if (!find(follow)) {
    error_ = 0.0;
    return;
  }
  const double ratio = follow.period_s / period_s_, belief = std::min(1.0, follow.mass / kBelieved);
  const bool jump = std::abs(ratio - 1.0) > kJump;
  // where the last beat was not heard no tempo is learned
  const double heard_still = jump ? 1.0 : std::min(1.0, last_said_ / std::max(kStillHeard * agreed_, 1e-6));
  period_s_ *= 1.0 + belief * heard_still * (ratio - 1.0);
  if (jump) rate_ = 1.0 / period_s_;
  rate_ += belief * heard_still * (1.0 / period_s_ - rate_) * std::min(1.0, step_s / kRateS);
  // the way that was begun is gone on with: half a beat off it would be made good to and fro
  const double error = error_ + wrapped(follow.beat - place - error_);
  error_ = belief * (std::abs(error) < kLongWay ? error : wrapped(error));
  if (std::abs(error_) < kNear) rate_ += heard_still * error_ * kLearn * step_s;
  bars_.hear(pointer_.bars(follow.beat, follow.period_s), std::llround(heard + error - follow.beat), step_s);
  const double on_grid = std::clamp(1.5 - 5.0 * std::abs(error_), 0.0, 1.0);
  grid_.confidence +=
      static_cast<float>(std::min(1.0, step_s / kSureS) * (worth_of(agreed_) * pulse_ * on_grid - grid_.confidence));
}

// heard: the grid's beat at the time that the ear speaks of
void BeatClock::agree(double heard, double says) {
  const double off = std::abs(heard - std::round(heard));
  if (off <= kAroundBeat) {
    said_ = std::max(said_, says);
  } else if (off > 0.25 && said_ >= 0.0) {
    agreed_ += (said_ - agreed_) / std::min(kAgreedBeats, ++beats_);
    last_said_ = std::exchange(said_, -1.0);
  }
}

void BeatClock::run_free() {
  if (quiet_s_ - hop_s_ < kSilenceS) {  // the next sound is a new one, perhaps with another tempo
    grid_.bpm = rate_ * 60.0;
    pointer_.forget();
    bars_.forget();
    found_ = false;
    agreed_ = beats_ = 0.0;
    last_said_ = 1.0;
  }
  error_ = 0.0;
  grid_.confidence *= static_cast<float>(std::exp(-hop_s_ / 0.5));
  if (grid_.confidence < 0.01f) grid_.confidence = 0.0f;
}

const BeatGrid& BeatClock::push(double time_s, const EarSays& says, double delay_s, bool quiet, bool silent) {
  quiet_s_ = silent ? quiet_s_ + hop_s_ : 0.0;
  const double now_beat = grid_.beat_at(time_s);
  if (quiet_s_ < kSilenceS) {
    pointer_.push(says);
    pulse_ += (says.pulse - pulse_) * hop_s_ / kPulseS;
    const double heard = grid_.beat_at(time_s - delay_s);
    agree(heard, says.beat);
    if (!quiet && --hops_until_reading_ <= 0) {
      hops_until_reading_ = kHopsPerReading;
      read_pointer(heard);
    }
    if (found_) {
      const double slide = std::clamp(error_ / kSlideS, -kMaxSlide * rate_, kMaxSlide * rate_);
      grid_.bpm = (rate_ + slide) * 60.0;
      error_ -= slide * hop_s_;  // until the pointer is asked again
    }
  } else {
    run_free();
  }
  bars_.tell(grid_);
  grid_.anchor_s = time_s;
  grid_.anchor_beat = now_beat;
  return grid_;
}

}  // namespace ombra::audio
