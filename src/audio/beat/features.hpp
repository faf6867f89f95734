#pragma once
// What one hop of sound is like, before any decision: loudness, three bands, spectral flux.
// Flux is the one of SuperFlux (Boeck and Widmer 2013): logarithmic band amplitudes against the maximum over
// neighbouring bands two hops earlier, rises only, so that vibrato does not count as an onset.
// Thread: one owner; no allocation after construction.

#include "audio/beat/ear_bands.hpp"
#include "audio/beat/gain.hpp"
#include "audio/beat/spectrum.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::audio {

// What a listener taps to, by band: bass drum, snare and voices, hats. Each is the rise above the mean rise of the last
// seconds in units of that mean: 0 most of the time, 5 to 15 at a clear onset.
inline constexpr std::size_t kAccentBands = 3;
using Accents = std::array<float, kAccentBands>;
// The same in the bands that tell drums apart: bass drum; tones of drums and basses; snare and claps; hats.
inline constexpr std::size_t kDrumBands = 4;
// Where there is bass at all, the bass drum's count more: through a telephone its band holds no more than remains.
using DrumAccents = std::array<float, kDrumBands>;

struct HopFeatures {
  double rms = 0.0;    // of the hop, 1 = full scale
  float peak = 0.0f;   // largest absolute sample
  float level = 0.0f;  // 0..1 after automatic gain, as are the bands
  float bass = 0.0f, mid = 0.0f, treble = 0.0f;
  double bass_rms = 0.0;   // amplitude of the bass band, in units of rms
  double reference = 0.0;  // RMS that the gain counts as full
  // How hard a stroke is, where flux says how clear: the rise of the drums' bands in units of reference. 0 where there
  // is no bass: a telephone leaves nothing of the hardest ones.
  double stroke = 0.0;
  double flux = 0.0;  // mean rise per band, about 0 .. 2; does not depend on the input level
  Accents accents{};
  DrumAccents drums{};
};

class Features {
 public:
  explicit Features(int rate_hz);

  // Nothing sounded before the first hop, as before the first sample of a track: its first note has an accent.
  // Without this the sound may have been going on, and the first hop says nothing. Call before it.
  void after_silence();

  int hop_samples() const { return spectrum_.hop_samples(); }
  double hop_s() const { return spectrum_.hop_s(); }
  // How long after an attack its flux is at its peak, measured with clicks and kicks.
  double flux_delay_s() const { return 0.5 * spectrum_.window_samples() / spectrum_.rate_hz() + 0.65 * hop_s(); }

  // hop: hop_samples() samples, all finite
  HopFeatures analyse(std::span<const float> hop);
  // The newest hop as the ear's network hears it. out: EarBands::kBands numbers
  void ear(std::span<float> out) const { ear_bands_.hear(spectrum_.amplitude(), loudness_.reference(), out); }

 private:
  void find_accents(HopFeatures& out);
  static constexpr int kLag = 2;  // hops between the two spectra that are compared
  struct Band {
    int first = 0, last = 0;  // bins, inclusive
  };
  Spectrum spectrum_;
  EarBands ear_bands_;
  std::vector<Band> bands_;
  // The accents of some groups of bands. size: at most 8
  struct AccentGroups {
    std::vector<std::uint8_t> of;  // the group of each band
    std::array<float, 8> bands{};  // how many each has
    std::array<float, 8> mean{}, full{};
    void add(std::size_t group) { of.push_back(static_cast<std::uint8_t>(group)), bands[group] += 1.0f; }
  };
  void accents_of(AccentGroups& groups, std::span<float> out);
  AccentGroups plain_, drums_;
  std::array<std::vector<float>, kLag + 1> amplitudes_;  // newest first
  std::array<std::vector<float>, kLag + 1> logs_;        // newest first
  std::array<std::vector<float>, kLag + 1> contrasts_;   // as logs_, against each band's own mean
  std::vector<float> band_mean_;
  std::vector<float> band_rise_;
  double power_ = 0.0, bass_power_ = 0.0;  // means
  double heard_s_ = 0.0, least_heard_s_;   // sound so far; counted as at least so much
  Gain loudness_;
  std::array<Gain, 3> band_gain_;
};

}  // namespace ombra::audio
