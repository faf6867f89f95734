#pragma once
// What `ombra bench beat` measures: a row for each piece as it was heard, and of them means by source and by what was
// done to the sound, aubio's beside Ombra's. Thread: one owner.

#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/continuity.hpp"
#include "cli/measure/bench_table.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ombra::cli {

// Where the beats truly are.
struct BeatTruth {
  std::vector<double> beats_s, downbeats_s, changes_s;
};

struct BeatRow {
  std::string piece, source, degradation;
  bool learned_from = false;  // the ear has
  audio::BeatScore ours, aubio;
  audio::Continuity steady, aubio_steady;
  audio::BarScore bars;
  double downbeat_f = 0.0;
  bool bars_known = true;           // of the truth
  bool mix = false;                 // another record takes over
  std::optional<double> dance_gap;  // of a dance to it (beat_dancer.hpp)
  bool half_or_twice() const { return ours.multiple == "2" || ours.multiple == "1/2"; }
};

class BeatFigures {
 public:
  // hops: what Ombra said of the piece; aubio: its beats, in s
  const BeatRow& add(BeatRow about, std::span<const AudioFrame> hops, std::span<const double> aubio,
                     const BeatTruth& truth);
  void add_cost(double ours_s, double aubio_s, double sound_s);

  const std::vector<BeatRow>& rows() const { return rows_; }
  void add_to(BenchTable& table) const;
  nlohmann::json json() const;
  // By source; "" over all
  const std::map<std::string, audio::Calibration>& calibration() const { return calibration_; }

 private:
  void add_means(BenchTable& table) const;
  void add_calibration(BenchTable& table) const;
  double ours_percent() const { return 100.0 * ours_s_ / sound_s_; }  // of one core
  double aubio_percent() const { return 100.0 * aubio_s_ / sound_s_; }

  std::vector<BeatRow> rows_;
  std::vector<std::string> sources_;  // in the order in which they came
  std::map<std::string, audio::Calibration> calibration_;
  double ours_s_ = 0.0, aubio_s_ = 0.0, sound_s_ = 0.0;
};

// The line of a row, and the one above all of them.
std::string beat_row_head();
std::string beat_row_text(const BeatRow& row);

}  // namespace ombra::cli
