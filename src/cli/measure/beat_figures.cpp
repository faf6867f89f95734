#include "cli/measure/beat_figures.hpp"

#include "audio/testbench/degrade.hpp"
#include "core/quantile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ombra::cli {
namespace {

using nlohmann::json;

constexpr double kSure = 0.9;     // confidence of which nine in ten are to be right
constexpr double kRelockS = 6.0;  // in which the beat of a new record is to be met

std::string seconds(double s) { return s < 0.0 || std::isinf(s) ? "-" : fmt::format("{:.1f}", s); }
std::string percent(double share) { return fmt::format("{:.0f}%", 100.0 * share); }

// -> share of the beats at which a bar is claimed, and of those at which it is right
std::pair<std::string, std::string> bars_texts(double claimed, double right, bool known) {
  return {known ? percent(claimed) : "-", known && claimed > 0.0 ? percent(right) : "-"};
}

using Rows = std::vector<const BeatRow*>;

std::string mean(const Rows& rows, auto&& value) {
  double sum = 0.0;
  for (const BeatRow* row : rows) sum += value(*row);
  return fmt::format("{:.3f}", rows.empty() ? 0.0 : sum / static_cast<double>(rows.size()));
}

std::vector<std::string> mean_texts(const std::string& name, const Rows& rows) {
  std::vector<double> locks;
  Rows with_bars;
  double least = 1.0, claimed = 0.0, right = 0.0, multiples = 0.0;
  int below = 0, mixes = 0, relocked = 0;
  std::size_t learned = 0;
  for (const BeatRow* row : rows) {
    learned += row->learned_from ? 1 : 0;
    locks.push_back(row->ours.lock_s < 0.0 ? INFINITY : row->ours.lock_s);
    least = std::min(least, row->ours.f);
    below += row->ours.f < row->aubio.f - 1e-9 ? 1 : 0;
    multiples += row->half_or_twice() ? 1.0 : 0.0;
    mixes += row->mix ? 1 : 0;
    relocked += row->mix && row->ours.relock_s >= 0.0 && row->ours.relock_s <= kRelockS ? 1 : 0;
    if (!row->bars_known) continue;
    with_bars.push_back(row);
    claimed += row->bars.claimed, right += row->bars.claimed * row->bars.right;
  }
  const auto count = static_cast<double>(std::max<std::size_t>(1, with_bars.size()));
  const auto [bars, of_them] = bars_texts(claimed / count, right / std::max(claimed, 1e-9), !with_bars.empty());
  return {name,
          mean(rows, [](const BeatRow& r) { return r.ours.f; }),
          mean(rows, [](const BeatRow& r) { return r.steady.correct; }),
          mean(rows, [](const BeatRow& r) { return r.steady.allowed; }),
          fmt::format("{:.2f}", least),
          percent(multiples / static_cast<double>(std::max<std::size_t>(1, rows.size()))),
          seconds(median(locks)),
          mixes == 0 ? "-" : fmt::format("{} of {}", relocked, mixes),
          with_bars.empty() ? "-" : mean(with_bars, [](const BeatRow& r) { return r.downbeat_f; }),
          bars,
          of_them,
          mean(rows, [](const BeatRow& r) { return r.aubio.f; }),
          mean(rows, [](const BeatRow& r) { return r.aubio_steady.allowed; }),
          fmt::format("{} of {}", below, rows.size()),
          learned == 0             ? "no"
          : learned == rows.size() ? "yes"
                                   : fmt::format("{} of them", learned),
          rows.empty() || !rows.front()->dance_gap ? "-" : mean(rows, [](const BeatRow& r) { return *r.dance_gap; })};
}

json as_json(const audio::BeatScore& score, const audio::Continuity& steady) {
  return {{"f", score.f},
          {"f_locked", score.f_locked},
          {"cml_t", steady.correct},
          {"aml_t", steady.allowed},
          {"lock_s", score.lock_s},
          {"relock_s", score.relock_s},
          {"tempo_share", score.tempo_share},
          {"octave", score.multiple},
          {"jitter_ms", score.jitter_ms},
          {"late_ms", score.late_ms}};
}

}  // namespace

const BeatRow& BeatFigures::add(BeatRow about, std::span<const AudioFrame> hops, std::span<const double> aubio,
                                const BeatTruth& truth) {
  if (std::ranges::find(sources_, about.source) == sources_.end()) sources_.push_back(about.source);
  const auto beats = audio::announced(hops);
  const auto times = audio::announced_beats(hops);
  about.ours = audio::score_beats(times, truth.beats_s, truth.changes_s);
  about.aubio = audio::score_beats(aubio, truth.beats_s, truth.changes_s);
  about.steady = audio::score_continuity(times, truth.beats_s);
  about.aubio_steady = audio::score_continuity(aubio, truth.beats_s);
  about.bars = audio::score_bars(hops, truth.beats_s, truth.downbeats_s);
  about.bars_known = !truth.downbeats_s.empty();
  about.mix = !truth.changes_s.empty();
  about.downbeat_f = audio::score_downbeats(beats, truth.downbeats_s);
  calibration_[about.source].add(beats, truth.beats_s);
  calibration_[""].add(beats, truth.beats_s);
  rows_.push_back(std::move(about));
  return rows_.back();
}

void BeatFigures::add_cost(double ours_s, double aubio_s, double sound_s) {
  ours_s_ += ours_s;
  aubio_s_ += aubio_s;
  sound_s_ += sound_s;
}

void BeatFigures::add_means(BenchTable& table) const {
  table.section("beat", "means over the pieces, each clean and degraded");
  table.columns({{"", 24, true},
                 {"F", 5},
                 {"CMLt", 5},
                 {"AMLt", 5},
                 {"least F", 7},
                 {"octave", 6},
                 {"lock, s", 7},
                 {fmt::format("again in {:.0f} s", kRelockS), 12},
                 {"downbeat F", 10},
                 {"bars", 5},
                 {"right", 5},
                 {"aubio's F", 9},
                 {"its AMLt", 8},
                 {"below aubio", 11},
                 {"learned from", 12},
                 {"dance gap", 9}});
  for (const std::string& source : sources_) {
    for (const audio::Degradation degradation : audio::kDegradations) {
      Rows some;
      for (const BeatRow& row : rows_) {
        if (row.source == source && row.degradation == audio::name_of(degradation)) some.push_back(&row);
      }
      if (!some.empty()) table.cells(mean_texts(fmt::format("{} {}", source, audio::name_of(degradation)), some));
    }
  }
}

void BeatFigures::add_calibration(BenchTable& table) const {
  table.section("beat_confidence", "of the beats given out with so much confidence, how many were met within 70 ms");
  std::vector<BenchColumn> columns = {{"confidence", 24, true}};
  constexpr std::size_t bins = audio::Calibration::kBins;
  for (std::size_t i = 0; i < bins; ++i)
    columns.push_back(
        {fmt::format("{:.1f} to {:.1f}", 0.1 * static_cast<double>(i), 0.1 * static_cast<double>(i + 1)), 10});
  columns.push_back({"error", 5});
  columns.push_back({fmt::format("met from {:.1f}", kSure), 12});
  table.columns(std::move(columns));
  const auto line = [&](const std::string& name, const audio::Calibration& c) {
    std::vector<std::string> texts = {name};
    for (std::size_t i = 0; i < bins; ++i)
      texts.push_back(c.beats[i] > 0.0 ? fmt::format("{} of {}", percent(c.met[i] / c.beats[i]), c.beats[i]) : "-");
    texts.push_back(fmt::format("{:.3f}", c.error()));
    texts.push_back(percent(c.met_from(kSure)));
    table.cells(std::move(texts));
  };
  for (const std::string& source : sources_) {
    if (const auto at = calibration_.find(source); at != calibration_.end()) line(source, at->second);
  }
  if (const auto all = calibration_.find(""); all != calibration_.end()) line("all", all->second);
}

void BeatFigures::add_to(BenchTable& table) const {
  add_means(table);
  add_calibration(table);
  table.section("beat_cost", "what it costs, of one core");
  table.add_figure("Ombra's whole analysis", ours_percent(), "%");
  table.add_figure("aubio's beats alone", aubio_percent(), "%");
}

json BeatFigures::json() const {
  nlohmann::json all = {{"rows", nlohmann::json::array()},
                        {"confidence", nlohmann::json::object()},
                        {"cost_percent_of_a_core", {{"ombra", ours_percent()}, {"aubio", aubio_percent()}}}};
  for (const BeatRow& row : rows_) {
    all["rows"].push_back({{"piece", row.piece},
                           {"source", row.source},
                           {"degradation", row.degradation},
                           {"spoiling", row.degradation},  // its name in earlier versions, which scripts read
                           {"learned_from", row.learned_from},
                           {"mix", row.mix},
                           {"ombra", as_json(row.ours, row.steady)},
                           {"aubio", as_json(row.aubio, row.aubio_steady)},
                           {"bars", {{"claimed", row.bars.claimed}, {"right", row.bars.right}}},
                           {"downbeat_f", row.downbeat_f}});
    if (row.dance_gap) all["rows"].back()["dance_gap"] = *row.dance_gap;
  }
  for (const auto& [source, c] : calibration_)
    all["confidence"][source.empty() ? "all" : source] = {{"beats", c.beats}, {"met", c.met}, {"error", c.error()}};
  return all;
}

std::string beat_row_head() {
  return fmt::format("{:<28} {:<6} {:>5} {:>5} {:>5} {:>6} {:>5} {:>5} {:>6} {:>5} {:>5} {:>6} {:>5} {:>5} {:>5} {:>5}",
                     "piece", "sound", "F", "CMLt", "AMLt", "tempo", "ratio", "lock", "relock", "jit.", "late", "aubio",
                     "ratio", "1s' F", "bars", "right");
}

std::string beat_row_text(const BeatRow& row) {
  const auto [bars, right] = bars_texts(row.bars.claimed, row.bars.right, row.bars_known);
  return fmt::format(
      "{:<28} {:<6} {:5.2f} {:5.2f} {:5.2f} {:>6} {:>5} {:>5} {:>6} {:5.0f} {:5.0f} {:6.2f} {:>5} {:>5} {:>5} {:>5}",
      row.piece, row.degradation, row.ours.f, row.steady.correct, row.steady.allowed, percent(row.ours.tempo_share),
      row.ours.multiple, seconds(row.ours.lock_s), seconds(row.ours.relock_s), row.ours.jitter_ms, row.ours.late_ms,
      row.aubio.f, row.aubio.multiple, row.bars_known ? fmt::format("{:.2f}", row.downbeat_f) : "-", bars, right);
}

}  // namespace ombra::cli
