#include "audio/testbench/practice_music.hpp"

#include "audio/testbench/practice_sounds.hpp"
#include "audio/testbench/practice_styles.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::audio {
namespace {

using enum Instrument;

constexpr std::array<std::string_view, 16> kNames = {
    "house",     "techno", "drum_and_bass", "hip_hop", "waltz", "swing", "breakbeat", "rock",
    "reggaeton", "latin",  "disco",         "ramp",    "break", "mix",   "cut_140",   "cut_174"};

constexpr int kRateHz = 44100;
constexpr int kBarsPerPhrase = 8, kBarsPerRest = 4;
constexpr double kRests = 0.25;    // share of the rests of lanes that are not steady
constexpr double kLeadInS = 0.35;  // beat 0 is somewhere before this

// Where in time the beats are.
class Beats {
 public:
  Beats(double first_s, double from_bpm, double to_bpm, double ramp_from_s, double ramp_s, double seconds) {
    for (double t = first_s; t < seconds + 4.0;) {
      times_s_.push_back(t);
      const double part = ramp_s > 0.0 ? std::clamp((t - ramp_from_s) / ramp_s, 0.0, 1.0) : 0.0;
      t += 60.0 / (from_bpm + part * (to_bpm - from_bpm));
    }
  }
  double time_of(double beat) const {
    const auto i = std::min(static_cast<std::size_t>(std::max(0.0, beat)), times_s_.size() - 2);
    return times_s_[i] + (beat - static_cast<double>(i)) * (times_s_[i + 1] - times_s_[i]);
  }
  int count(double seconds) const {
    return static_cast<int>(std::lower_bound(times_s_.begin(), times_s_.end(), seconds) - times_s_.begin());
  }

 private:
  std::vector<double> times_s_;
};

// Plays one style along the beats.
class Player {
 public:
  Player(const PracticeStyle& style, std::uint64_t seed) : style_(style), kit_(kRateHz, seed), rng_(seed * 104729 + 7) {
    for (const PracticeLane& lane : style.lanes) {
      chosen_.push_back(lane.patterns[static_cast<std::size_t>(rng_.below(static_cast<int>(lane.patterns.size())))]);
      level_.push_back(lane.level * std::exp2(0.5 * rng_.normal()));
    }
    root_hz_ = 41.2 * std::exp2(rng_.below(12) / 12.0);
    for (int& semitones : progression_) semitones = kSteps[static_cast<std::size_t>(rng_.below(6))];
    progression_[0] = 0;
    // chords last half a bar to four bars; some change an eighth early; techno often stays on one
    Rng harmony(seed * 613 + 3);
    constexpr std::array<double, 8> kBars = {0.5, 1, 1, 1, 2, 2, 2, 4};
    bars_per_chord_ = style.beats_per_bar == 4 ? kBars[static_cast<std::size_t>(harmony.below(8))] : 1.0;
    if (harmony.uniform() < 0.25) push_beats_ = 0.5;
    if (style.name == "techno" && harmony.uniform() < 0.5) progression_.fill(0);
  }
  double bpm() { return rng_.uniform(style_.slow_bpm, style_.fast_bpm); }

  // drumless: the bars from .first to .second (exclusive) are played without drums
  void play(const Beats& beats, double seconds, std::pair<int, int> drumless, std::vector<float>& sound) {
    const int bars = beats.count(seconds) / style_.beats_per_bar + 1;
    std::vector<bool> rests(style_.lanes.size());
    for (int bar = 0; bar < bars; ++bar) {
      if (bar % kBarsPerRest == 0) {
        for (std::size_t i = 0; i < rests.size(); ++i) rests[i] = !style_.lanes[i].steady && rng_.uniform() < kRests;
      }
      const bool drums = bar < drumless.first || bar >= drumless.second;
      for (std::size_t i = 0; i < rests.size(); ++i) {
        if (rests[i] || (!drums && style_.lanes[i].instrument < kBass)) continue;
        play_lane(i, bar, beats, seconds, sound);
      }
      if (!drums)
        play_note({kPad, 0, 0.6, hz(bar * style_.beats_per_bar), 0}, bar * style_.beats_per_bar,
                  style_.beats_per_bar * 0.95, beats, sound);
      if (drums) decorate(bar, beats, seconds, sound);
    }
  }

 private:
  static constexpr std::array<int, 6> kSteps = {0, 3, 5, 7, 8, 10};

  double hz(double beat) const {
    const double chord = (beat + push_beats_ + 0.01) / (bars_per_chord_ * style_.beats_per_bar);
    return root_hz_ * std::exp2(progression_[static_cast<std::size_t>(chord) % 4] / 12.0);
  }

  void play_note(Note note, double beat, double beats_long, const Beats& beats, std::vector<float>& sound) {
    const double start_s = beats.time_of(beat);
    note.length_s = beats.time_of(beat + beats_long) - start_s;
    note.time_s = start_s + style_.jitter_s * std::clamp(rng_.normal(), -2.5, 2.5);
    kit_.play(note, sound);
  }

  void play_lane(std::size_t i, int bar, const Beats& beats, double seconds, std::vector<float>& sound) {
    const PracticeLane& lane = style_.lanes[i];
    const std::string_view pattern = chosen_[i];
    const auto steps = static_cast<std::size_t>(style_.beats_per_bar * style_.steps_per_beat);
    const std::size_t offset = static_cast<std::size_t>(bar) * steps % pattern.size();
    for (std::size_t step = 0; step < steps; ++step) {
      const char letter = pattern[offset + step];
      if (letter == '.') continue;
      const double late = step % 2 == 1 ? style_.swing : 0.0;
      const double beat = bar * style_.beats_per_bar + (static_cast<double>(step) + late) / style_.steps_per_beat;
      if (beats.time_of(beat) >= seconds) return;
      const double strength = letter == 'X' ? 1.0 : letter == 'x' ? 0.75 : 0.35;
      const bool bass = lane.instrument == kBass || lane.instrument == kReese;
      const double octave = bass && step % 4 == 2 && rng_.uniform() < 0.3 ? 2.0 : 1.0;
      Note note{lane.instrument, 0, level_[i] * strength * rng_.uniform(0.85, 1.0), hz(beat) * octave, 0};
      play_note(note, beat, 0.95 * lane.length_steps / style_.steps_per_beat, beats, sound);
    }
  }

  // A crash where a phrase begins, a fill where it ends.
  void decorate(int bar, const Beats& beats, double seconds, std::vector<float>& sound) {
    const int first = bar * style_.beats_per_bar;
    if (bar > 0 && bar % kBarsPerPhrase == 0 && rng_.uniform() < 0.6 && beats.time_of(first) < seconds) {
      play_note({kCrash, 0, 0.7, 55, 0}, first, 1.0, beats, sound);
    }
    if (bar % kBarsPerPhrase != kBarsPerPhrase - 1 || style_.name == "waltz") return;
    for (int step = 0; step < style_.steps_per_beat; ++step) {
      if (rng_.uniform() < 0.3) continue;
      const double beat = first + style_.beats_per_bar - 1 + static_cast<double>(step) / style_.steps_per_beat;
      if (beats.time_of(beat) >= seconds) return;
      play_note({rng_.uniform() < 0.5 ? kSnare : kTom, 0, rng_.uniform(0.3, 0.7), 55, 0}, beat, 0.2, beats, sound);
    }
  }

  const PracticeStyle& style_;
  PracticeKit kit_;
  Rng rng_;
  std::vector<std::string_view> chosen_;
  std::vector<double> level_;
  double root_hz_ = 55.0;
  std::array<int, 4> progression_{};
  double bars_per_chord_ = 2.0, push_beats_ = 0.0;
};

struct Course {
  double bpm = 0.0;  // 0: as the seed will have it
  double to_bpm = 0.0, ramp_from_s = 0.0, ramp_s = 0.0;
  std::pair<int, int> drumless = {0, 0};
};

// The loudest sample becomes 0.5.
void level(std::vector<float>& sound) {
  float peak = 1e-6f;
  for (const float x : sound) peak = std::max(peak, std::abs(x));
  for (float& x : sound) x *= 0.5f / peak;
}

PracticePiece played(const PracticeStyle& style, std::uint64_t seed, double seconds, const Course& course) {
  Player player(style, seed);
  const double own = player.bpm(), from = course.bpm > 0.0 ? course.bpm : own;
  const double first_s = Rng(seed * 31 + 5).uniform(0.02, kLeadInS);
  const Beats beats(first_s, from, course.to_bpm > 0.0 ? course.to_bpm : from, course.ramp_from_s, course.ramp_s,
                    seconds);
  PracticePiece piece;
  piece.rate_hz = kRateHz;
  piece.sound.resize(static_cast<std::size_t>(seconds * kRateHz));
  player.play(beats, seconds, course.drumless, piece.sound);
  level(piece.sound);
  for (int beat = 0; beat < beats.count(seconds); ++beat) {
    piece.beats_s.push_back(beats.time_of(beat));
    if (beat % style.beats_per_bar == 0) piece.downbeats_s.push_back(piece.beats_s.back());
  }
  return piece;
}

PracticePiece piece_of(std::string_view style, std::uint64_t seed, double seconds) {
  if (style == "ramp") {
    return played(practice_style(seed % 2 == 0 ? "breakbeat" : "house"), seed, 60.0,
                  {.bpm = 100.0, .to_bpm = 140.0, .ramp_from_s = 12.0, .ramp_s = 40.0});
  }
  if (style == "break")
    return played(practice_style(seed % 2 == 0 ? "techno" : "house"), seed, 60.0, {.drumless = {12, 20}});
  if (style == "mix") {
    return mixed(played(practice_style("house"), seed, 40.0, {.bpm = 126.0}),
                 played(practice_style("disco"), seed + 1, 40.0, {.bpm = 128.0}), 24.0, 8.0);
  }
  if (style == "cut_140") {
    return mixed(played(practice_style("house"), seed, 25.0, {.bpm = 120.0}),
                 played(practice_style("techno"), seed + 1, 25.0, {.bpm = 140.0}), 22.3, 0.0);
  }
  if (style == "cut_174") {
    return mixed(played(practice_style("breakbeat"), seed, 25.0, {.bpm = 126.0}),
                 played(practice_style("drum_and_bass"), seed + 1, 25.0, {.bpm = 174.0}), 22.3, 0.0);
  }
  return played(practice_style(style), seed, seconds, {});
}

}  // namespace

PracticePiece mixed(PracticePiece first, const PracticePiece& second, double at_s, double fade_s) {
  OMBRA_ASSERT(first.rate_hz == second.rate_hz);
  const auto start = static_cast<std::size_t>(at_s * first.rate_hz),
             fade = static_cast<std::size_t>(fade_s * first.rate_hz);
  first.sound.resize(start + fade);
  first.sound.resize(start + second.sound.size(), 0.0f);
  for (std::size_t i = 0; i < second.sound.size(); ++i) {
    const double part = i < fade ? static_cast<double>(i) / static_cast<double>(fade) : 1.0;
    first.sound[start + i] =
        static_cast<float>(first.sound[start + i] * std::sqrt(1.0 - part) + second.sound[i] * std::sqrt(part));
  }
  const double change_s = at_s + 0.5 * fade_s;
  const auto join = [&](std::vector<double>& times, const std::vector<double>& more) {
    std::erase_if(times, [&](double t) { return t >= change_s; });
    for (const double t : more) {
      if (t + at_s >= change_s) times.push_back(t + at_s);
    }
  };
  join(first.beats_s, second.beats_s);
  join(first.downbeats_s, second.downbeats_s);
  first.changes_s.push_back(change_s);
  return first;
}

std::span<const std::string_view> practice_styles() { return kNames; }

PracticePiece practice_piece(std::string_view style, std::uint64_t seed, double seconds) {
  PracticePiece piece = piece_of(style, seed, std::max(20.0, seconds));
  piece.name = std::string(style) + " " + std::to_string(seed);
  return piece;
}

}  // namespace ombra::audio
