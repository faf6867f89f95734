#pragma once
// The modulation table: rows that let the music push parameters.
//   position now = clamp(position of base + sum over rows of amount * follow(source)),  positions 0..1 along the range
// where follow() rises with the row's attack time constant and falls with its release time constant. Where a parameter
// wraps its position is carried round instead.
// Thread: one owner (the show's).

#include "core/frames.hpp"
#include "show/params/params.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ombra::show {

// Level to Drop as in AudioFrame; Break (calm), Build, Change and Ahead as in MusicalForm. Beat, Bar and Phrase: 1 on
// the beat (the bar's, the phrase's first), falling to 0 before the next; phrases that are not known have four bars.
// Lfo: a sine locked to the beat, -1..1. Turn: rises from 0 to 1 with the beat, again and again: with the amount 1 it
// leads round a parameter that wraps. Noise: a smooth random walk locked to the beat, -1..1.
enum class ModulationSource {
  kLevel,
  kBass,
  kMid,
  kTreble,
  kOnset,
  kBeat,
  kBar,
  kLfo,
  kTurn,
  kNoise,
  kDrop,
  kBreak,
  kBuild,
  kChange,
  kAhead,
  kPhrase
};
inline constexpr int kSources = 16;
std::string_view source_name(ModulationSource source);
std::optional<ModulationSource> find_source(std::string_view name);
// -> is it one with a period of its own, ModulationRow::beats?
constexpr bool has_period(ModulationSource source) {
  return source == ModulationSource::kLfo || source == ModulationSource::kTurn || source == ModulationSource::kNoise;
}

struct ModulationRow {
  ModulationSource source = ModulationSource::kLevel;
  float amount = 0.2f;     // -1..1 of the parameter's range
  float attack_s = 0.05f;  // time constants, 0..10 s
  float release_s = 0.4f;
  float beats = 4.0f;  // period of Lfo, Turn and Noise, 1/16..64 beats
  int target = -1;     // index in the registry; must be modulatable
};

class Modulation {
 public:
  static constexpr std::size_t kMaxRows = 64;

  // Level -> temperature and energy, bass -> glow, drop -> jump, and the light's; rows whose parameter does not exist
  // are left out.
  static std::vector<ModulationRow> default_rows(const Params& params);
  // Level -> swell, bass -> throb, onset -> flash: without these rows the light does not listen.
  static std::vector<ModulationRow> light_rows(const Params& params);

  const std::vector<ModulationRow>& rows() const { return rows_; }
  // Replaces the table: numbers are clamped, rows without a modulatable target and rows past kMaxRows are dropped.
  void set_rows(std::vector<ModulationRow> rows, const Params& params);
  void set_row(std::size_t index, const ModulationRow& row, const Params& params);

  // Once a frame: sets every modulatable parameter's value now, fires triggers whose push rises past a half.
  // beat: of the music at the time that the frame will be seen; step_s: since the call before.
  void apply(Params& params, const AudioFrame& audio, double beat, double step_s);
  // What row i adds now, in parts of its parameter's range.
  float push(std::size_t i) const { return i < states_.size() ? states_[i].push : 0.0f; }

 private:
  struct State {
    float follow = 0.0f, push = 0.0f;
    bool armed = true;  // triggers: fires once, then waits until the push has fallen below a quarter
  };
  std::vector<ModulationRow> rows_;
  std::vector<State> states_;
  std::vector<double> sums_;  // scratch, by parameter
};

// -> the source's value; row_seed makes the noise of each row its own
float source_value(ModulationSource source, const AudioFrame& audio, double beat, float beats, std::uint64_t row_seed);

}  // namespace ombra::show
