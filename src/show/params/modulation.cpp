#include "show/params/modulation.hpp"

#include "core/arithmetic.hpp"
#include "core/rng.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <numbers>

namespace ombra::show {
namespace {

constexpr std::array<std::string_view, kSources> kNames = {"level", "bass",   "mid",   "treble", "onset", "beat",
                                                           "bar",   "lfo",    "turn",  "noise",  "drop",  "break",
                                                           "build", "change", "ahead", "phrase"};

constexpr int kUsualPhraseBars = 4;

double fraction(double x) { return x - std::floor(x); }

// 1 at phase 0, 0 from phase 0.75 on: a pulse that is over before the next one
float pulse(double phase) {
  const double rest = std::max(0.0, 1.0 - phase / 0.75);
  return static_cast<float>(rest * rest);
}

// -> phrases since one began
double place_in_phrase(const AudioFrame& audio, double beat) {
  const bool known = audio.form.phrase_bars > 0;
  const double beats = (known ? audio.form.phrase_bars : kUsualPhraseBars) * audio.grid.beats_per_bar;
  return (beat - (known ? audio.form.phrase : audio.grid.downbeat)) / beats;
}

// Value noise: a random value at each whole x, joined by smoothsteps.
float noise(double x, std::uint64_t seed) {
  const double cell = std::floor(x), t = x - cell, s = smoothstep(t);
  const auto value = [seed](double c) {
    return Rng(seed ^ (static_cast<std::uint64_t>(static_cast<std::int64_t>(c)) * 0x9e3779b97f4a7c15u))
        .uniform(-1.0, 1.0);
  };
  return static_cast<float>(value(cell) + s * (value(cell + 1.0) - value(cell)));
}

float clean(float value, float low, float high, float otherwise) {
  return std::isfinite(value) ? std::clamp(value, low, high) : otherwise;
}

ModulationRow clean(ModulationRow row) {
  const ModulationRow initial;
  row.amount = clean(row.amount, -1.0f, 1.0f, 0.0f);
  row.attack_s = clean(row.attack_s, 0.0f, 10.0f, initial.attack_s);
  row.release_s = clean(row.release_s, 0.0f, 10.0f, initial.release_s);
  row.beats = clean(row.beats, 1.0f / 16.0f, 64.0f, initial.beats);
  return row;
}

bool usable(const ModulationRow& row, const Params& params) {
  return row.target >= 0 && row.target < params.size() && params.declaration(row.target).modulatable;
}

struct NamedRow {
  ModulationRow row;
  std::string_view target;
};

// -> the rows whose parameter exists
std::vector<ModulationRow> known(std::initializer_list<NamedRow> rows, const Params& params) {
  std::vector<ModulationRow> out;
  for (auto [row, target] : rows) {
    row.target = params.find(target);
    if (row.target >= 0) out.push_back(row);
  }
  return out;
}

}  // namespace

std::string_view source_name(ModulationSource source) { return kNames[static_cast<std::size_t>(source)]; }

std::optional<ModulationSource> find_source(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<ModulationSource>(found - kNames.begin());
}

float source_value(ModulationSource source, const AudioFrame& audio, double beat, float beats, std::uint64_t row_seed) {
  switch (source) {
    case ModulationSource::kLevel:
      return audio.level;
    case ModulationSource::kBass:
      return audio.bass;
    case ModulationSource::kMid:
      return audio.mid;
    case ModulationSource::kTreble:
      return audio.treble;
    case ModulationSource::kOnset:
      return audio.onset;
    case ModulationSource::kDrop:
      return audio.drop;
    case ModulationSource::kBreak:
      return audio.form.calm;
    case ModulationSource::kBuild:
      return audio.form.build;
    case ModulationSource::kChange:
      return audio.form.change;
    case ModulationSource::kAhead:
      return audio.form.ahead;
    case ModulationSource::kPhrase:
      return pulse(fraction(place_in_phrase(audio, beat)));
    case ModulationSource::kBeat:
      return pulse(fraction(beat));
    case ModulationSource::kBar:
      return pulse(audio.grid.place_in_bar(beat) / audio.grid.beats_per_bar);
    case ModulationSource::kLfo:
      return static_cast<float>(std::sin(2.0 * std::numbers::pi * fraction(beat / beats)));
    case ModulationSource::kTurn:
      return static_cast<float>(fraction(beat / beats));
    case ModulationSource::kNoise:
      return noise(beat / beats, row_seed);
  }
  return 0.0f;
}

std::vector<ModulationRow> Modulation::default_rows(const Params& params) {
  std::vector<ModulationRow> rows = known({{{ModulationSource::kLevel, 0.30f, 0.10f, 0.80f}, "dancer/temperature"},
                                           {{ModulationSource::kLevel, 0.35f, 0.10f, 0.80f}, "dancer/energy"},
                                           {{ModulationSource::kBass, 0.45f, 0.02f, 0.25f}, "look/glow"},
                                           {{ModulationSource::kDrop, 1.00f, 0.00f, 0.20f}, "dancer/jump"}},
                                          params);
  for (const ModulationRow& row : light_rows(params)) rows.push_back(row);
  return rows;
}

// Up quickly and down slowly, so that light breathes and never flickers; an onset's envelope falls by itself.
std::vector<ModulationRow> Modulation::light_rows(const Params& params) {
  return known({{{ModulationSource::kLevel, 1.0f, 0.05f, 0.30f}, "look/swell"},
                {{ModulationSource::kBass, 1.0f, 0.03f, 0.22f}, "look/throb"},
                {{ModulationSource::kOnset, 1.0f, 0.00f, 0.00f}, "look/flash"}},
               params);
}

void Modulation::set_rows(std::vector<ModulationRow> rows, const Params& params) {
  std::erase_if(rows, [&](const ModulationRow& row) { return !usable(row, params); });
  if (rows.size() > kMaxRows) rows.resize(kMaxRows);
  for (ModulationRow& row : rows) row = clean(row);
  rows_ = std::move(rows);
  states_.assign(rows_.size(), {});
}

void Modulation::set_row(std::size_t index, const ModulationRow& row, const Params& params) {
  if (index < rows_.size() && usable(row, params)) rows_[index] = clean(row);
}

void Modulation::apply(Params& params, const AudioFrame& audio, double beat, double step_s) {
  sums_.assign(static_cast<std::size_t>(params.size()), 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const ModulationRow& row = rows_[i];
    State& state = states_[i];
    float value = source_value(row.source, audio, beat, row.beats, i + 1);
    if (!std::isfinite(value)) value = 0.0f;
    float way = value - state.follow;
    if (row.source == ModulationSource::kTurn) way -= std::round(way);  // 1 is 0 again
    const float time_constant_s = way > 0.0f ? row.attack_s : row.release_s;
    const double share = time_constant_s > 0.0f ? 1.0 - std::exp(-std::max(0.0, step_s) / time_constant_s) : 1.0;
    state.follow += static_cast<float>(share) * way;
    if (row.source == ModulationSource::kTurn) state.follow -= std::floor(state.follow);
    state.push = row.amount * state.follow;
    if (params.declaration(row.target).kind == Kind::kTrigger) {
      if (state.armed && state.push > 0.5f) params.fire(row.target), state.armed = false;
      if (state.push < 0.25f) state.armed = true;
    } else {
      sums_[static_cast<std::size_t>(row.target)] += state.push;
    }
  }
  for (int p = 0; p < params.size(); ++p) {
    const Declaration& d = params.declaration(p);
    if (!d.modulatable || d.kind == Kind::kTrigger) continue;
    const double sum = sums_[static_cast<std::size_t>(p)];
    params.set_now(p, sum == 0.0 ? params.base(p) : params.from_unit(p, params.to_unit(p, params.base(p)) + sum));
  }
}

}  // namespace ombra::show
