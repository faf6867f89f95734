#include "audio/material/accompaniment.hpp"

#include "core/arithmetic.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

constexpr int kBassChannel = 0, kChordChannel = 1, kLeadChannel = 2;
constexpr double kJitterS = 0.007;
constexpr int kBarsPerSection = 8;
constexpr double kPercussion = 0.2;
constexpr std::array<int, 7> kMajor = {0, 2, 4, 5, 7, 9, 11}, kMinor = {0, 2, 3, 5, 7, 8, 10};

template <typename List>
auto any_of(const List& list, Rng& rng) {
  return list[static_cast<std::size_t>(rng.below(static_cast<int>(std::size(list))))];
}

std::uint8_t byte(double value) { return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0l, 127l)); }

enum class BassStyle { kPattern, kEighths, kBeats, kWalking, kOffBeats, kTumbao, kRoot };
enum class ChordStyle { kHeld, kBeats, kOffBeats, kPattern, kArpeggio };

// Counted in steps of half a beat.
class Band {
 public:
  Band(Score& score, Rng& rng) : score_(score), rng_(rng), per_bar_(std::max(1, score.beats[0].beats_per_bar)) {
    beat_q_ = score.beats[1].at - score.beats[0].at;
    steps_ = 2 * per_bar_;
    bars_ = static_cast<int>(score.beats.size()) / per_bar_;
    swing_ = swing_of(score);
    const double quarter_s = score.tempi.empty() ? 0.5 : score.tempi[0].quarter_s;
    jitter_q_ = kJitterS / quarter_s;
    key_ = rng.below(12);
    scale_ = rng.uniform() < 0.5 ? kMajor : kMinor;
    compose_progression();
  }

  void bass() {
    begin(kBassChannel, 32 + rng_.below(8), rng_.uniform(75.0, 127.0));
    constexpr std::array kStyles = {BassStyle::kPattern,  BassStyle::kPattern, BassStyle::kPattern,
                                    BassStyle::kEighths,  BassStyle::kBeats,   BassStyle::kWalking,
                                    BassStyle::kOffBeats, BassStyle::kTumbao,  BassStyle::kRoot};
    const BassStyle style = any_of(kStyles, rng_);
    const std::vector<bool> pattern = rhythm(0.9, 0.5, 0.3);
    const bool octaves = rng_.uniform() < 0.3;
    for (int bar = 0; bar < bars_; ++bar) {
      if (rests(bar, 0.08)) continue;
      for (int step = 0; step < steps_; ++step) {
        if (!bass_plays(style, pattern, bar, step)) continue;
        const double long_steps = style == BassStyle::kRoot ? steps_ - 0.3 : style == BassStyle::kPattern ? 1.4 : 0.9;
        note(kBassChannel, bar, step, long_steps * (style == BassStyle::kWalking ? 2.0 : 1.0),
             28 + floor_mod(bass_tone(style, bar, step, octaves) + key_ - 4, 24), rng_.uniform(80.0, 112.0));
      }
    }
  }

  void chords() {
    constexpr std::array kPrograms = {0,  2,  4,  5,  7,  16, 17, 18, 24, 25, 26,
                                      27, 29, 30, 48, 50, 61, 62, 81, 89, 90, 95};
    const int program = any_of(kPrograms, rng_);
    begin(kChordChannel, program, rng_.uniform(55.0, 115.0));
    constexpr std::array kStyles = {ChordStyle::kHeld,     ChordStyle::kHeld,    ChordStyle::kBeats,
                                    ChordStyle::kOffBeats, ChordStyle::kPattern, ChordStyle::kPattern,
                                    ChordStyle::kArpeggio};
    const ChordStyle style = program >= 89 ? ChordStyle::kHeld : any_of(kStyles, rng_);
    const std::vector<bool> pattern = rhythm(0.7, 0.4, 0.35);
    const int middle = 52 + rng_.below(12);
    for (int bar = 0; bar < bars_; ++bar) {
      if (rests(bar, 0.12)) continue;
      for (int step = 0; step < steps_; ++step) {
        const int at = bar * steps_ + step;
        const bool plays = style == ChordStyle::kHeld       ? at % chord_steps_ == 0 || step == 0
                           : style == ChordStyle::kBeats    ? step % 2 == 0
                           : style == ChordStyle::kOffBeats ? step % 2 == 1
                           : style == ChordStyle::kPattern  ? pattern[static_cast<std::size_t>(at) % pattern.size()]
                                                            : true;
        if (!plays) continue;
        const double held = style == ChordStyle::kHeld ? std::min(steps_ - step, chord_steps_) - 0.1 : 0.8;
        const double velocity = rng_.uniform(60.0, 95.0) + (step == 0 ? 6.0 : 0.0);
        for (int tone = 0; tone < chord_size_; ++tone) {
          if (style == ChordStyle::kArpeggio && tone != at % chord_size_) continue;
          const int pitch = degree(root(bar, step) + 2 * tone) + key_;
          note(kChordChannel, bar, step, held, middle + floor_mod(pitch - middle, 12), velocity);
        }
      }
    }
  }

  void lead() {
    constexpr std::array kPrograms = {52, 53, 54, 53, 56, 65, 66, 73, 11, 22, 80, 81, 82, 84, 85, 87};
    begin(kLeadChannel, any_of(kPrograms, rng_), rng_.uniform(55.0, 115.0));
    const std::vector<bool> pattern = rhythm(0.5, 0.45, 0.3);
    int tone = rng_.below(7);
    for (int bar = 0; bar < bars_; ++bar) {
      if (rests(bar, 0.4) || rng_.uniform() < 0.15) continue;
      for (int step = 0; step < steps_; ++step) {
        if (!pattern[static_cast<std::size_t>(bar * steps_ + step) % pattern.size()] || rng_.uniform() < 0.15) continue;
        tone += rng_.below(5) - 2;
        if (step == 0 && rng_.uniform() < 0.7) tone = root(bar, step) + 2 * rng_.below(3);
        note(kLeadChannel, bar, step, rng_.uniform(0.7, 2.5), 60 + key_ + degree(floor_mod(tone, 11)),
             rng_.uniform(60.0, 105.0));
      }
    }
  }

  // Somebody with shakers, congas, a cowbell or claves.
  void percussion() {
    constexpr std::array kNotes = {70, 70, 54, 56, 62, 63, 64, 75, 82, 69};
    const int key = any_of(kNotes, rng_);
    const bool steady = rng_.uniform() < 0.4;
    const std::vector<bool> pattern = rhythm(0.7, 0.6, 0.5);
    const double loud = rng_.uniform(40.0, 105.0);
    for (int step = 0; step < bars_ * steps_; ++step) {
      if (!steady && !pattern[static_cast<std::size_t>(step) % pattern.size()]) continue;
      note(MidiMessage::kDrumChannel, step / steps_, step % steps_, 0.4, key, loud * rng_.uniform(0.75, 1.0));
    }
  }

  // Everybody, or the drummer alone, rests for some bars.
  void drums_rest() { silence(true); }
  void band_rests() { silence(false); }

 private:
  void compose_progression() {
    constexpr std::array kLengths = {1, 2, 4, 4, 4, 4, 8};
    constexpr std::array kDegrees = {0, 3, 4, 5, 1, 3, 4, 6};
    progression_.resize(static_cast<std::size_t>(any_of(kLengths, rng_)));
    for (int& chord : progression_) chord = any_of(kDegrees, rng_);
    progression_[0] = rng_.uniform() < 0.7 ? 0 : progression_[0];
    const double change = rng_.uniform();
    chord_steps_ = change < 0.6 ? steps_ : change < 0.85 ? 2 * steps_ : steps_ % 4 == 0 ? steps_ / 2 : steps_;
    early_ = rng_.uniform() < 0.2 ? 1 : 0;
    chord_size_ = rng_.uniform() < 0.4 ? 4 : 3;
  }

  // strengths: how likely a note begins on the 1, on another beat, off the beats. -> one or two bars of steps
  std::vector<bool> rhythm(double one, double beat, double off) {
    std::vector<bool> out(static_cast<std::size_t>(steps_) * (rng_.uniform() < 0.5 ? 1 : 2));
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto step = static_cast<int>(i) % steps_;
      out[i] = rng_.uniform() < (step == 0 ? one : step % 2 == 0 ? beat : off);
    }
    if (std::ranges::find(out, true) == out.end()) out[0] = true;
    return out;
  }

  // the chord that sounds there, as a degree of the scale
  int root(int bar, int step) const {
    const int chord = (bar * steps_ + step + early_) / chord_steps_;
    return progression_[static_cast<std::size_t>(chord) % progression_.size()];
  }
  int degree(int d) const { return scale_[static_cast<std::size_t>(floor_mod(d, 7))] + 12 * floor_div(d, 7); }

  bool bass_plays(BassStyle style, const std::vector<bool>& pattern, int bar, int step) const {
    switch (style) {
      case BassStyle::kPattern:
        return pattern[static_cast<std::size_t>(bar * steps_ + step) % pattern.size()];
      case BassStyle::kEighths:
        return true;
      case BassStyle::kBeats:
      case BassStyle::kWalking:
        return step % 2 == 0;
      case BassStyle::kOffBeats:
        return step % 2 == 1;
      case BassStyle::kTumbao:  // off beat two and on the last beat, the next bar's chord
        return step == 3 || step == steps_ - 2;
      case BassStyle::kRoot:
        return step == 0;
    }
    return false;
  }

  // -> semitones above the key
  int bass_tone(BassStyle style, int bar, int step, bool octaves) {
    if (style == BassStyle::kTumbao && step == steps_ - 2) return degree(root(bar + 1, 0));
    const int low = root(bar, step);
    if (style == BassStyle::kWalking) return step == 0 ? degree(low) : degree(low + rng_.below(6));
    if (step == 0 || rng_.uniform() < 0.7) return degree(low);
    return octaves ? degree(low) + 12 : degree(low + (rng_.uniform() < 0.6 ? 4 : 2));
  }

  // Sections of eight bars in which a part rests; drawn once for each.
  bool rests(int bar, double share) {
    if (bar % kBarsPerSection == 0) rests_ = rng_.uniform() < share;
    return rests_;
  }

  void begin(int channel, int program, double volume) {
    score_.messages.push_back({0.0, status(MidiMessage::kProgram, channel), byte(program), 0});
    score_.messages.push_back({0.0, status(MidiMessage::kControl, channel), 7, byte(volume)});
  }

  void note(int channel, int bar, int step, double long_steps, int key, double velocity) {
    const auto at = [&](double s) {
      const double whole = std::floor(s / 2.0), part = s / 2.0 - whole;
      const double late = part < 0.5 ? part * 2.0 * swing_ : swing_ + (part - 0.5) * 2.0 * (1.0 - swing_);
      return (bar * per_bar_ + whole + late) * beat_q_;
    };
    const double jitter = jitter_q_ * std::clamp(rng_.normal(), -2.5, 2.5);
    const double start = std::max(0.0, at(step) + jitter), end = std::max(start + 0.02, at(step + long_steps) + jitter);
    score_.messages.push_back({start, status(MidiMessage::kNoteOn, channel), byte(key), byte(velocity)});
    score_.messages.push_back({end, status(MidiMessage::kNoteOff, channel), byte(key), 0});
  }

  void silence(bool drums) {
    const int length = rng_.uniform() < 0.5 ? 4 : 8, places = (bars_ - length) / 4;
    if (places < 2) return;
    const double from = 4 * (1 + rng_.below(places - 1)) * per_bar_ * beat_q_, to = from + length * per_bar_ * beat_q_;
    std::erase_if(score_.messages, [&](const MidiMessage& m) {
      return m.strikes() && m.at >= from - 0.05 && m.at < to - 0.05 &&
             (m.channel() == MidiMessage::kDrumChannel) == drums;
    });
  }

  static std::uint8_t status(int kind, int channel) { return static_cast<std::uint8_t>(kind | channel); }

  Score& score_;
  Rng& rng_;
  int per_bar_, steps_ = 8, bars_ = 0, key_ = 0, chord_steps_ = 8, early_ = 0, chord_size_ = 3;
  double beat_q_ = 1.0, swing_ = 0.5, jitter_q_ = 0.0;
  std::array<int, 7> scale_{};
  std::vector<int> progression_;
  bool rests_ = false;
};

}  // namespace

double swing_of(const Score& drums) {
  if (drums.beats.size() < 2) return 0.5;
  const double beat = drums.beats[1].at - drums.beats[0].at;
  std::vector<double> seconds;
  for (const MidiMessage& m : drums.messages) {
    const double phase = m.at / beat - std::floor(m.at / beat);
    if (m.strikes() && phase > 0.42 && phase < 0.72) seconds.push_back(phase);
  }
  if (seconds.size() < 16) return 0.5;
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  return std::clamp(*middle, 0.5, 0.67);
}

std::string accompany(Score& score, Rng& rng) {
  OMBRA_ASSERT(score.beats.size() >= 2);
  Band band(score, rng);
  const double who = rng.uniform();  // a bass and chords, one of them, or a lead as well
  std::string players = "drums";
  if (who < 0.8) band.bass(), players += ", bass";
  if (who > 0.15) band.chords(), players += ", chords";
  if (rng.uniform() < 0.35) band.lead(), players += ", lead";
  if (rng.uniform() < kPercussion) band.percussion(), players += ", percussion";
  if (rng.uniform() < 0.35) band.drums_rest();
  if (rng.uniform() < 0.15) band.band_rests();
  std::ranges::stable_sort(score.messages, {}, &MidiMessage::at);
  return players;
}

}  // namespace ombra::audio
