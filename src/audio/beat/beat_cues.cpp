#include "audio/beat/beat_cues.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kEarly = 0.125;            // a sixteenth reaches so far before its place, in beats
constexpr double kFrom = 0.15, kTo = 0.95;  // the part of a beat in which its notes are heard
constexpr double kMeanBeats = 24.0;         // the mean of a cue is that of so many beats
constexpr float kMaxStrike = 12.0f;
constexpr float kMinChange = 0.15f;  // means of less than this count as this: the same notes again are no change
constexpr float kMinOtherRhythm = 0.05f, kMinAway = 1.0f;
constexpr float kMin = -2.0f, kMax = 3.0f;

float strike(float accent) { return std::log1p(accent) / std::log1p(kMaxStrike); }

}  // namespace

int lag_of(std::size_t cue) {
  switch (cue) {
    case kBassChange2:
    case kChordChange2:
      return 1;
    case kBassChange3:
    case kChordChange3:
      return 2;
    case kBassChange4:
    case kChordChange4:
    case kRhythmChange4:
      return 3;
    case kRhythmChange8:
      return 7;
    default:
      return 0;
  }
}

BeatCues::BeatCues(int rate_hz) : harmony_(rate_hz) {}

void BeatCues::forget() {
  since_ = newest_ + 1;
  counted_.fill(0);
}

BeatCues::Beat& BeatCues::open(std::int64_t number) {
  Beat& beat = at(number);
  if (beat.number != number) {
    beat = {};
    beat.number = number;
  }
  return beat;
}

bool BeatCues::push(std::span<const float> mono, const HopFeatures& hop, const BeatGrid& grid, double time_s,
                    double delay_s, bool heard) {
  const double place = grid.beat_at(time_s - delay_s) + kEarly;
  if (place >= 0.0) {
    const double whole = std::floor(place);
    Beat& beat = open(static_cast<std::int64_t>(whole));
    const auto sub = std::min(kSubs - 1, static_cast<std::size_t>((place - whole) * kSubs));
    ++beat.hops;
    beat.heard_hops += heard ? 1 : 0;
    for (std::size_t band = 0; band < kAccentBands; ++band) {
      float& most = beat.shape[band * kSubs + sub];
      most = std::max(most, strike(hop.accents[band]));
    }
    const std::array<float, 3> levels = {hop.bass, hop.mid, hop.treble};
    for (std::size_t i = 0; i < levels.size(); ++i) {
      float& mean = beat.shape[3 * kSubs + i];
      mean += (levels[i] - mean) / static_cast<float>(beat.hops);
    }
  }
  const bool fresh = harmony_.push(mono, hop.reference);
  const double middle = grid.beat_at(time_s - harmony_.delay_s());
  if (middle < 0.0) return false;
  const auto number = static_cast<std::int64_t>(std::floor(middle));
  const double within = middle - std::floor(middle);
  if (fresh && within >= kFrom && within < kTo) {
    Beat& beat = open(number);
    ++beat.spectra;
    for (std::size_t n = 0; n < Harmony::kNotes; ++n)
      beat.notes[n] += (harmony_.notes()[n] - beat.notes[n]) / static_cast<float>(beat.spectra);
  }
  const std::int64_t ended = within >= kTo ? number : number - 1;
  if (ended <= newest_) return false;
  newest_ = ended;
  finish(ended);
  return true;
}

// -> mean difference of the notes from first on, of `span` beats from number on against as many before; -1: unknown
float BeatCues::change(std::int64_t number, int span, std::size_t first, std::size_t last) {
  if (number - span < since_) return -1.0f;
  float sum = 0.0f;
  for (std::size_t n = first; n < last; ++n) {
    float after = 0.0f, before = 0.0f;
    for (int i = 0; i < span; ++i) after += at(number + i).notes[n], before += at(number - 1 - i).notes[n];
    sum += std::abs(after - before);
  }
  return sum / static_cast<float>(span) / static_cast<float>(last - first);
}

float BeatCues::other_rhythm(std::int64_t number, int span) {
  if (number - span < since_) return -1.0f;
  float sum = 0.0f;
  for (std::size_t n = 0; n < kShape; ++n) {
    float after = 0.0f, before = 0.0f;
    for (int i = 0; i < span; ++i) after += at(number + i).shape[n], before += at(number - 1 - i).shape[n];
    sum += std::abs(after - before);
  }
  return sum / static_cast<float>(span) / static_cast<float>(kShape);
}

void BeatCues::finish(std::int64_t number) {
  const Beat& beat = open(number);
  beat_ = number;
  heard_ = beat.hops > 0 && 2 * beat.heard_hops >= beat.hops && beat.spectra > 0;
  cues_.fill(0.0f);
  if (!heard_) {
    since_ = number + 1;
    return;
  }
  std::array<float, kCues> raw{};
  raw.fill(-1.0f);
  raw[kBassOn] = beat.shape[0], raw[kMidOn] = beat.shape[kSubs], raw[kTrebleOn] = beat.shape[2 * kSubs];
  raw[kBassBetween] = beat.shape[2], raw[kMidBetween] = beat.shape[kSubs + 2];
  raw[kSnare] = std::max(0.0f, std::min(raw[kMidOn], raw[kTrebleOn]) - raw[kBassOn]);
  std::copy(beat.shape.begin() + 3 * kSubs, beat.shape.end(), raw.begin() + kBassLevel);
  constexpr struct {
    int span;
    Cue bass, chord;
  } kChanges[] = {{1, kBassChange1, kChordChange1},
                  {2, kBassChange2, kChordChange2},
                  {3, kBassChange3, kChordChange3},
                  {4, kBassChange4, kChordChange4}};
  for (const auto& c : kChanges) {
    raw[c.bass] = change(number + 1 - c.span, c.span, 0, Harmony::kBassNotes);
    raw[c.chord] = change(number + 1 - c.span, c.span, Harmony::kBassNotes, Harmony::kNotes);
  }
  raw[kRhythmChange4] = other_rhythm(number - 3, 4);
  raw[kRhythmChange8] = other_rhythm(number - 7, 8);
  if (number - 4 >= since_) {
    const auto away = [&](int beats) {
      float sum = 0.0f;
      for (std::size_t n = 0; n < kShape; ++n) sum += std::abs(beat.shape[n] - at(number - beats).shape[n]);
      return sum;
    };
    const float three = away(3), four = away(4);
    raw[kThree] = 1.0f + (four - three) / (four + three + kMinAway);
  }
  for (std::size_t c = 0; c < kCues; ++c) {
    if (raw[c] < 0.0f) continue;
    if (c == kThree) {
      cues_[c] = raw[c] - 1.0f;
      continue;
    }
    const bool ratio = c >= kBassChange1;
    const float least = c < kRhythmChange4 ? kMinChange : kMinOtherRhythm;
    counted_[c] = std::min(counted_[c] + 1, static_cast<int>(kMeanBeats));
    mean_[c] += (raw[c] - mean_[c]) / static_cast<float>(counted_[c]);
    const float away = raw[c] - mean_[c];
    cues_[c] = ratio ? std::clamp(away / std::max(mean_[c], least), kMin, kMax) : away;
  }
}

}  // namespace ombra::audio
