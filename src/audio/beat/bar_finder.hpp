#pragma once
// Where the bar begins, and whether it has three or four beats: a forward filter over seven hypotheses of meter and
// downbeat, as the bar pointer model has it (Krebs, Boeck and Widmer 2015), but on whole beats. Every beat that ends
// says by its cues how well it fits as the first, second, ... of each; what was said is forgotten over about a dozen
// bars, so that a loop that repeats is not believed more and more, and a slipped beat is found again.
// It claims nothing without evidence, keeps its claim through a break and against passing doubts, carries it over when
// the beat tracker slips by a beat or doubles or halves its tempo, and begins anew with another tempo.
// Thread: one owner; no allocation after construction.

#include "audio/beat/beat_cues.hpp"
#include "core/frames.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ombra::audio {

class BarFinder {
 public:
  explicit BarFinder(int rate_hz);

  // One hop that ended at time_s; bpm: the tempo without what slides in. Fills in the grid's bar: its confidence is at
  // least 0.5 where a bar is claimed, else 0, and then the bar stays the last one.
  void push(std::span<const float> mono, const HopFeatures& hop, double time_s, double delay_s, bool silent, double bpm,
            BeatGrid& grid);

 private:
  static constexpr std::size_t kMeters = 4 + 3;  // four beats with the first on 0 .. 3, then three beats
  using Beliefs = std::array<double, kMeters>;   // logarithms
  using Shares = std::array<std::array<double, kCues>, kMeters>;

  void fade(double keep);
  void hear(const BeatCues& cues);
  void decide();
  void forget();
  void follow_tempo(double bpm, double beat);
  void follow_slips(double bpm, double grid_bpm, double step_s);
  void rescale(bool doubled, double beat);
  Beliefs probabilities() const;
  double probability_of(std::size_t meter) const;

  BeatCues cues_;
  Beliefs belief_{};
  Shares shares_{};      // of the cues in the beliefs
  double weight_ = 0.0;  // beats that count, forgetting included
  double bpm_ = 0.0, quiet_s_ = 0.0, last_s_ = 0.0;
  double phase_slip_ = 0.0;  // beats by which the grid has gone ahead of its own tempo, in the last time
  bool slipping_ = false;
  // the claim
  std::size_t meter_ = 0, rival_ = 0;
  bool known_ = false;
  int agreed_ = 0, doubted_ = 0;  // beats for which the rival has been likely, the claim unlikely
  float confidence_ = 0.0f;
};

}  // namespace ombra::audio
