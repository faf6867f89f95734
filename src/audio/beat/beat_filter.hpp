#pragma once
// Where in the beat the music is, and how long the beat lasts, as probabilities: the bar pointer model (Whiteley,
// Cemgil and Godsill 2006) on the state space of Krebs, Boeck and Widmer (2015), with several rhythmic patterns (Krebs,
// Boeck and Widmer 2013). A state is a pattern, a period and a place; each hop every state moves on, and where a beat
// ends another period or pattern may follow. Only the forward algorithm runs, so nothing is known but the past. Thread:
// one owner; no allocation after construction.

#include "audio/beat/features.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::audio {

class BeatFilter {
 public:
  static constexpr double kSlowestBpm = 58.0, kFastestBpm = 192.0;

  explicit BeatFilter(double hop_s);

  std::size_t tempi() const { return cells_.size(); }
  double period_s(std::size_t tempo) const { return cells_[tempo] * cell_s_; }

  // All states become equally likely.
  void forget();
  // One hop. accents: drums in HopFeatures. prior: how likely each period is by other evidence, mean 1. stroke: how
  // much the hop speaks against half a beat, 0 or more.
  void push(const DrumAccents& accents, std::span<const float> prior, double stroke = 0.0);

  // What the newest hop is believed to be.
  struct Belief {
    double beat = 0.0;  // place in the beat, 0 .. 1
    double period_s = 0.5;
    double mass = 0.0;  // probability of this and what lies near it
  };
  Belief likeliest() const;
  // The mean over the states near the place and period given.
  Belief near(double beat, double period_s) const;

 private:
  static constexpr int kCellsPerHop = 1;
  static constexpr int kBins = 48;  // of a beat, in the tables

  struct Ring {                       // the states of one pattern and one period
    double cells = 0.0;               // of a beat; if no whole number, beats begin at the nearest cell
    int beats = 0, size = 0;          // size: cells of all beats
    std::size_t first = 0;            // of the states
    std::size_t table = 0;            // of the likelihoods of its places
    std::size_t tempo = 0, slot = 0;  // slot: of its first beat among the beats of all patterns
    int zero = 0;                     // the state that is place 0 now
    int at(int place) const { return place + zero < size ? place + zero : place + zero - size; }
    int start(int beat) const { return static_cast<int>(beat * cells + 0.5); }
    double within(int place) const {  // of its beat, 0 .. 1
      const double beats_in = place / cells;
      return beats_in - std::floor(beats_in);
    }
  };
  void make_tables(double period_s);
  void turn();
  void find_likelihoods(const DrumAccents& accents, float stroke);
  void observe(std::span<const float> prior);

  // immutable after construction
  double cell_s_;
  std::vector<double> cells_;               // of a beat of each tempo
  std::size_t slots_ = 0;                   // beats of all patterns
  std::vector<float> change_;               // [from][to]: another period after a beat
  int reach_ = 0;                           // of a row of change_, to either side
  std::vector<float> weights_[kDrumBands];  // [table entry]: of an accent
  std::vector<float> off_beat_;             // [table entry]: 1 half a beat off the beat, 0 near it
  std::vector<std::uint16_t> bin_;          // [state]: of its ring's table
  // state
  std::vector<Ring> rings_;
  std::vector<float> probability_;  // of each state, sum total_
  double total_ = 1.0;
  std::vector<float> ended_, begun_;  // beats that end and begin in this hop, [cell][slot][tempo]
  std::vector<float> likelihood_;     // of the newest hop, [table entry]
};

}  // namespace ombra::audio
