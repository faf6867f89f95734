#include "audio/material/grooves.hpp"

#include "audio/material/groove_genres.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

constexpr double kSeconds = 75.0;
constexpr int kBarsPerSection = 8, kBarsPerPattern = 2;
constexpr std::uint8_t kKick = 36, kHat = 42, kCrash = 49, kRide = 51;

class Drummer {
 public:
  Drummer(const GrooveGenre& genre, Rng& rng)
      : genre_(genre),
        rng_(rng),
        steps_(genre.beats_per_bar * genre.steps_per_beat),
        swing_(rng.uniform() < 0.5 ? 0.0 : rng.uniform(0.0, genre.most_swing)),
        jitter_s_(rng.uniform(0.002, 0.009)),
        accent_(rng.uniform(-0.15, 0.4)) {
    quarter_s_ = 60.0 / std::exp(rng.uniform(std::log(genre.slow_bpm), std::log(genre.fast_bpm)));
    choose_time();
  }

  Score play() {
    const double bar_s = genre_.beats_per_bar * quarter_s_;
    const int bars = std::max(kBarsPerSection, static_cast<int>(kSeconds / bar_s));
    score_.tempi.push_back({0.0, quarter_s_});
    for (int beat = 0; beat < bars * genre_.beats_per_bar; ++beat)
      score_.beats.push_back({static_cast<double>(beat), beat % genre_.beats_per_bar, genre_.beats_per_bar});
    for (int bar = 0; bar < bars; ++bar) {
      if (bar % kBarsPerSection == 0) begin_section(bar);
      const bool last = bar % kBarsPerSection == kBarsPerSection - 1 || (bar % 4 == 3 && rng_.uniform() < 0.3);
      play_bar(bar, last && rng_.uniform() < 0.7 ? steps_ - genre_.steps_per_beat * (1 + rng_.below(2)) : steps_);
    }
    std::ranges::stable_sort(score_.messages, {}, &MidiMessage::at);
    return std::move(score_);
  }

 private:
  struct Part {
    GrooveLane lane;
    double late_s = 0.0;        // as this drummer plays this drum
    std::vector<bool> strikes;  // of the bars of a pattern
    bool rests = false;
  };

  void choose_time() {
    time_ = genre_.time[static_cast<std::size_t>(rng_.below(static_cast<int>(genre_.time.size())))];
    if (time_.note == kHat && rng_.uniform() < 0.25) time_.note = kRide;
  }

  void begin_section(int bar) {
    if (bar > 0 && rng_.uniform() < 0.3) choose_time();
    if (bar == 0 || rng_.uniform() < 0.4) {
      parts_.clear();
      for (const GrooveLane& lane : genre_.lanes()) parts_.push_back(part_of(lane));
    } else {
      parts_.pop_back();
    }
    parts_.push_back(part_of(time_));
    for (Part& part : parts_) part.rests = rng_.uniform() < 0.07;
    if (bar > 0 ? rng_.uniform() < 0.7 : rng_.uniform() < 0.3) strike(kCrash, bar, 0, 0.9, 0.0);
  }

  Part part_of(const GrooveLane& lane) {
    Part part{lane, 0.005 * rng_.normal(), std::vector<bool>(static_cast<std::size_t>(kBarsPerPattern * steps_)),
              false};
    draw(part, 0);
    if (rng_.uniform() < 0.5) {
      draw(part, steps_);
    } else {
      std::copy_n(part.strikes.begin(), steps_, part.strikes.begin() + steps_);
    }
    return part;
  }

  void draw(Part& part, int from) {
    for (int step = 0; step < steps_; ++step) {
      const char letter = part.lane.chance[step];
      const double chance = letter == '#' ? 1.0 : letter == '.' ? 0.0 : 0.1 * (letter - '0');
      part.strikes[static_cast<std::size_t>(from + step)] = rng_.uniform() < chance;
    }
  }

  // fill_from: step from which a fill takes the place of the pattern
  void play_bar(int bar, int fill_from) {
    for (const Part& kept : parts_) {
      if (kept.rests) continue;
      Part part = kept;
      const int from = bar % kBarsPerPattern * steps_;
      if (rng_.uniform() < 0.12) draw(part, from);
      for (int step = 0; step < fill_from; ++step) {
        if (!part.strikes[static_cast<std::size_t>(from + step)]) continue;
        const bool keeps_time = &kept == &parts_.back();
        const double accent = keeps_time && step % genre_.steps_per_beat != 0 ? 1.0 - accent_ : 1.0;
        strike(part.lane.note, bar, step, part.lane.level * accent, part.late_s);
      }
    }
    constexpr std::array<std::uint8_t, 6> kFill = {38, 38, 50, 47, 45, 43};
    const double dense = rng_.uniform(0.5, 1.0);
    for (int step = fill_from; step < steps_; ++step) {
      if (rng_.uniform() > dense) continue;
      const int drum = std::min(5, 6 * (step - fill_from) / std::max(1, steps_ - fill_from) + rng_.below(2));
      strike(kFill[static_cast<std::size_t>(drum)], bar, step, rng_.uniform(0.5, 1.0), 0.0);
      if (rng_.uniform() < 0.25) strike(kKick, bar, step, 0.8, 0.0);
    }
  }

  void strike(std::uint8_t note, int bar, int step, double level, double late_s) {
    const double swung = step % 2 == 1 && genre_.steps_per_beat == 4 ? swing_ : 0.0;
    const double late = (late_s + jitter_s_ * std::clamp(rng_.normal(), -2.5, 2.5)) / quarter_s_;
    const double at = bar * genre_.beats_per_bar + (step + swung) / genre_.steps_per_beat + late;
    const double velocity = 120.0 * level * std::exp2(0.2 * std::clamp(rng_.normal(), -2.0, 2.0));
    const auto status = [](int kind) { return static_cast<std::uint8_t>(kind | MidiMessage::kDrumChannel); };
    score_.messages.push_back({std::max(0.0, at), status(MidiMessage::kNoteOn), note,
                               static_cast<std::uint8_t>(std::clamp(std::lround(velocity), 1l, 127l))});
    score_.messages.push_back({std::max(0.0, at) + 0.2, status(MidiMessage::kNoteOff), note, 0});
  }

  const GrooveGenre& genre_;
  Rng& rng_;
  const int steps_;
  const double swing_, jitter_s_, accent_;
  double quarter_s_ = 0.5;
  GrooveLane time_{};
  std::vector<Part> parts_;  // the last one keeps time
  Score score_;
};

}  // namespace

std::span<const std::string_view> groove_genres() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const GrooveGenre& genre : groove_table()) names.push_back(genre.name);
    return names;
  }();
  return kNames;
}

Score draw_groove(std::string_view genre, Rng& rng) {
  const std::span<const GrooveGenre> table = groove_table();
  const auto found = std::ranges::find(table, genre, &GrooveGenre::name);
  if (found == table.end()) throw error("no genre '{}'", genre);
  return Drummer(*found, rng).play();
}

}  // namespace ombra::audio
