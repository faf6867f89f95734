#pragma once
// Where in the bar the music is, and how long a beat lasts, as probabilities: the bar pointer model (Whiteley, Cemgil
// and Godsill 2006) on the state space of Krebs, Boeck and Widmer (2015), over what the ear says of each hop (Boeck,
// Krebs and Widmer 2016). A state is a metre, a period and a place in the bar; each hop every state moves on by one
// cell, and where a beat ends another period, metre or beat of the bar may follow. The ear speaks of beats alone, so
// only states near a beat are weighed, against those that are not. Only the forward algorithm runs: nothing is known
// but the past. Thread: one owner; no allocation after construction.

#include "audio/beat/ear.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace ombra::audio {

class BarPointer {
 public:
  static constexpr double kSlowestBpm = 54.0, kFastestBpm = 205.0;
  static constexpr std::array<int, 3> kMetres{4, 3, 2};  // beats of a bar; two of them as 6/8 has them
  static constexpr std::size_t kSlots = 9;               // beats of all metres

  explicit BarPointer(double hop_s);

  // All states become as likely as they are before anything is heard.
  void forget();
  void push(const EarSays& says);

  // What the newest hop is believed to be.
  struct Belief {
    double beat = 0.0;  // place in the beat, 0 .. 1
    double period_s = 0.5;
    double mass = 0.0;  // probability of this and what lies near it
  };
  Belief likeliest() const;
  // The mean over the states near the place and period given.
  Belief near(double beat, double period_s) const;

  // Of the states near the place and period given, the share of each beat of each metre: those of kMetres[0] from the
  // first beat of a bar on, then those of the next. Sum 1, or 0 where there are none.
  using Bars = std::array<double, kSlots>;
  Bars bars(double beat, double period_s) const;

 private:
  struct Ring {          // the states of one metre and one period
    double cells = 0.0;  // of a beat; if no whole number, beats begin at the nearest cell
    int beats = 0, size = 0;
    std::size_t first = 0;            // of the states
    std::size_t tempo = 0, slot = 0;  // slot: of its first beat among the beats of all metres
    double share = 0.0;               // of all states before anything is heard
    std::size_t kind = 0;             // the ear's class of tempo just below its own ...
    double beyond = 0.0;              // ... and how far it is from there to the next, 0 .. 1
    double usual = 0.0;               // nats: how usual its tempo is
    int zero = 0;                     // the state that is place 0 now
    int at(int place) const { return place + zero < size ? place + zero : place + zero - size; }
    int start(int beat) const { return static_cast<int>(beat * cells + 0.5); }
  };
  void turn();
  void observe(const EarSays& says);
  void weigh_tempi(std::span<const float> tempo);
  template <typename Do>
  void each_near(double beat, double period_s, const Do& act) const;

  // immutable after construction
  const double cell_s_;
  std::vector<double> cells_;  // of a beat of each tempo
  std::vector<float> change_;  // [from][to]: another period after a beat
  std::size_t reach_ = 0;      // of a row of change_, to either side
  // state
  std::vector<Ring> rings_;
  std::vector<float> probability_;  // of each state, sum total_
  double total_ = 1.0;
  int hops_until_tempo_ = 0;
  std::vector<float> ended_, begun_;  // beats that end and begin in this hop, [slot][tempo]
};

}  // namespace ombra::audio
