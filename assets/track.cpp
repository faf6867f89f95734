// Composes and synthesises the bundled track: house, 124 BPM exactly, A minor, 80 bars, beat 0 at t = 0. Writes
// track.opus. The end meets the beginning on the beat, so it can be looped for a whole night. usage: ombra_track
// OUT.opus

#include "media/write/audio_writer.hpp"
#include "track/drums.hpp"
#include "track/effects.hpp"
#include "track/instruments.hpp"

#include <array>
#include <cstdio>
#include <exception>

namespace ombra::track {
namespace {

constexpr double kBpm = 124.0, kBeatS = 60.0 / kBpm, kBarS = 4.0 * kBeatS, kStepS = kBeatS / 4.0;
constexpr int kBars = 80;

// The form, by its first bars.
constexpr int kGroove = 8, kBuild1 = 16, kDrop1 = 24, kBreak = 40, kBuild2 = 52, kDrop2 = 56, kOutro = 72;

struct Chord {
  std::array<double, 5> notes;
  double root;
};
constexpr std::array<Chord, 4> kChords = {{
    {{57, 60, 64, 67, 71}, 33},  // A minor 9
    {{53, 57, 60, 64, 67}, 29},  // F major 9
    {{52, 55, 59, 62, 67}, 36},  // C major 9
    {{55, 59, 62, 64, 69}, 31},  // G 6/9
}};

// Melody of four bars: step (sixteenth), note, length in steps.
struct Note {
  int step;
  double note;
  int length;
};
constexpr Note kHook[] = {{0, 76, 3},  {3, 76, 3},  {6, 74, 2},  {8, 72, 3},  {11, 74, 2}, {13, 76, 3}, {16, 72, 3},
                          {19, 72, 3}, {22, 69, 2}, {24, 67, 3}, {27, 69, 2}, {29, 72, 3}, {32, 76, 3}, {35, 76, 3},
                          {38, 79, 2}, {40, 76, 3}, {43, 74, 2}, {45, 72, 3}, {48, 74, 3}, {51, 74, 3}, {54, 71, 2},
                          {56, 74, 3}, {59, 76, 2}, {61, 74, 2}, {63, 71, 1}};

bool between(int bar, int from, int to) { return bar >= from && bar < to; }
bool is_drop(int bar) { return between(bar, kDrop1, kBreak) || between(bar, kDrop2, kOutro); }
bool has_kick(int bar) { return bar < kBuild1 + 4 || is_drop(bar) || bar >= kOutro; }
double at(int bar, double step) {
  // every second sixteenth comes a little late: swing of 54 %
  const bool late = static_cast<int>(step) % 2 == 1;
  return bar * kBarS + step * kStepS + (late ? 0.08 * kStepS : 0.0);
}
double ramp(double t, double from_bar, double to_bar, double from, double to) {
  const double x = std::clamp((t / kBarS - from_bar) / (to_bar - from_bar), 0.0, 1.0);
  return from * std::pow(to / from, x);
}

// How open the filters are over the form: the big gestures of the track.
double brightness(double t) {
  const double bar = t / kBarS;
  if (bar < kGroove) return ramp(t, 0, kGroove, 0.25, 0.9);
  if (bar < kBuild1) return 1.0;
  if (bar < kDrop1) return ramp(t, kBuild1, kDrop1, 0.8, 4.0);
  if (bar < kBreak) return 1.7;
  if (bar < kBuild2) return ramp(t, kBreak, kBuild2, 0.9, 2.2);
  if (bar < kDrop2) return ramp(t, kBuild2, kDrop2, 2.2, 5.0);
  if (bar < kOutro) return 2.1;
  return ramp(t, kOutro, kBars, 1.5, 0.25);
}

// Ducking by the kick: down on the beat, back within half of it.
double ducking(double t, double depth) {
  const int bar = static_cast<int>(t / kBarS);
  if (!has_kick(bar)) return 1.0;
  const double x = std::fmod(t, kBeatS) / kBeatS;
  const double back = std::clamp((x - 0.04) / 0.55, 0.0, 1.0);
  return 1.0 - depth * (1.0 - back * back * (3.0 - 2.0 * back));
}

void play_drums(Drums& kit) {
  constexpr double kHats[16] = {0.5, 0.3, 0, 0.42, 0.5, 0.28, 0, 0.45, 0.52, 0.3, 0, 0.42, 0.48, 0.33, 0, 0.5};
  for (int bar = 0; bar < kBars; ++bar) {
    const bool drop = is_drop(bar), fill = bar % 8 == 7;
    for (int step = 0; step < 16; ++step) {
      const double t = at(bar, step);
      if (has_kick(bar) && step % 4 == 0 && !(fill && step == 12 && drop)) kit.kick(t, drop ? 0.76 : 0.64);
      const bool clap = between(bar, 4, kBuild1 + 4) || drop || between(bar, kOutro, kBars - 4);
      if (clap && step % 8 == 4) kit.clap(t, 0.70);
      if (clap && fill && step == 15) kit.clap(t, 0.3);
      const bool hats = between(bar, 2, kBuild1 + 6) || drop || bar >= kOutro || between(bar, kBreak + 8, kDrop2);
      if (hats && kHats[step] > 0.0) kit.hat(t, 0.74 * kHats[step], 0.028, step % 4 == 3 ? 0.35 : -0.2);
      if (between(bar, kBreak + 4, kBreak + 8) && step % 2 == 0) kit.hat(t, step % 4 == 2 ? 0.20 : 0.10, 0.02, -0.3);
      const bool open = between(bar, kGroove, kBuild1) || drop || between(bar, kOutro, kBars - 4);
      if (open && step % 4 == 2) kit.hat(t, 0.58, 0.12, 0.1);
      if (between(bar, kDrop2, kOutro) && step % 2 == 0) kit.hat(t, 0.15, 0.35, -0.4);
      const bool percussion = between(bar, kGroove, kBuild1) || drop;
      if (percussion && (step == 3 || step == 6 || step == 11))
        kit.skin(t, 0.13, step == 6 ? 250.0 : 330.0, 0.06, -0.5);
      if (percussion && bar % 2 == 1 && (step == 14 || step == 15)) kit.skin(t, 0.15, 220.0, 0.08, 0.5);
      if (percussion && (step == 7 || step == 10)) kit.skin(t, 0.07, 1700.0, 0.012, 0.45);
    }
  }
  // rolls: eighths, sixteenths, thirty-seconds, swelling
  for (const int drop : {kDrop1, kDrop2}) {
    for (int eighth = 0; eighth < 32; ++eighth) {
      const double loud = 0.06 + 0.3 * eighth / 32.0;
      const int hits = eighth < 16 ? 1 : eighth < 24 ? 2 : eighth < 30 ? 4 : 0;  // the last beat is silence
      for (int k = 0; k < hits; ++k)
        kit.snare(at(drop - 4, 0) + (eighth + static_cast<double>(k) / hits) * kBeatS / 2.0, loud);
    }
    kit.riser(at(drop - (drop == kDrop1 ? 8 : 4), 0), at(drop, -4), 0.26);
    kit.crash(at(drop, 0), 0.34);
    kit.crash(at(drop + 8, 0), 0.2);
    kit.impact(at(drop, 0), 0.3);
  }
  for (const int bar : {kGroove, kBuild1, kBreak, kBuild2, kOutro}) kit.crash(at(bar, 0), 0.22);
  kit.riser(at(kGroove - 2, 0), at(kGroove, 0), 0.16);
  kit.riser(at(kBreak - 1, 0), at(kBreak, 0), 0.16);
}

void play_bass_line(Bus& bass) {
  struct Hit {
    int step;
    double up;
    double length;
  };
  constexpr Hit kLine[] = {{2, 0, 1.6},  {3, 12, 0.7},  {6, 0, 1.6},  {9, 0, 0.8},
                           {10, 0, 1.6}, {13, 12, 0.7}, {14, 0, 1.4}, {15, 7, 0.7}};
  constexpr Hit kSparse[] = {{2, 0, 1.6}, {6, 0, 1.6}, {10, 0, 1.6}, {14, 0, 1.4}};
  for (int bar = 0; bar < kBars; ++bar) {
    const bool full = is_drop(bar), some = between(bar, kGroove, kBuild1) || between(bar, kOutro, kBars - 4);
    if (!full && !some) continue;
    const double root = kChords[static_cast<std::size_t>(bar % 4)].root;
    const double open = full ? 1.6 : 1.0;
    for (const Hit& hit : full ? std::span<const Hit>(kLine) : std::span<const Hit>(kSparse)) {
      play_bass(bass, root + hit.up, at(bar, hit.step), hit.length * kStepS, full ? 0.38 : 0.32, open);
    }
  }
}

struct Music {
  Bus pad, stab, pluck, lead;
  explicit Music(std::size_t frames) : pad(frames), stab(frames), pluck(frames), lead(frames) {}
};

void play_music(Music& music) {
  const Voice pad{6, 0.007, 0.95, {0.25, 1.0, 0.9, 0.35}, 900.0, 0.0, 0.1, 0.7, 0.0};
  const Voice stab{4, 0.005, 0.7, {0.003, 0.13, 0.12, 0.07}, 700.0, 2.4, 0.10, 1.1, 0.0};
  const Voice pluck{2, 0.004, 0.5, {0.002, 0.11, 0.05, 0.06}, 900.0, 2.6, 0.07, 1.4, 0.0};
  const Voice lead{5, 0.006, 0.7, {0.008, 0.3, 0.6, 0.12}, 2300.0, 0.8, 0.2, 0.9, 0.004};
  constexpr int kStabs[] = {0, 3, 6, 11, 14};
  constexpr int kArp[16] = {0, 2, 4, 1, 3, 4, 2, 1, 0, 3, 4, 2, 4, 3, 1, 2};
  for (int bar = 0; bar < kBars; ++bar) {
    const Chord& chord = kChords[static_cast<std::size_t>(bar % 4)];
    if (bar < kBars - 2)
      play(music.pad, pad, chord.notes, at(bar, 0), kBarS * 0.98, is_drop(bar) ? 0.26 : 0.34, brightness);
    if (is_drop(bar) || between(bar, kGroove + 4, kDrop1 - 2)) {
      for (const int step : kStabs) play(music.stab, stab, chord.notes, at(bar, step), 1.2 * kStepS, 0.42, brightness);
    }
    const bool arp =
        between(bar, kBuild1, kDrop1) || between(bar, kDrop1 + 8, kBreak) || between(bar, kBreak + 4, kOutro);
    for (int step = 0; arp && step < 16; ++step) {
      const double note = chord.notes[static_cast<std::size_t>(kArp[step])] + (step % 8 == 5 ? 24.0 : 12.0);
      const double loud = (step % 4 == 0 ? 0.26 : 0.19) * (is_drop(bar) ? 0.8 : 1.0);
      play(music.pluck, pluck, {&note, 1}, at(bar, step), 0.8 * kStepS, loud, brightness);
    }
  }
  // the hook sings in the break, one octave lower and soft, and on top of the second drop
  for (const int first :
       {kBreak, kBreak + 4, kBreak + 8, kDrop2, kDrop2 + 4, kDrop2 + 8, kDrop2 + 12, kDrop1 + 8, kDrop1 + 12}) {
    const bool soft = between(first, kBreak, kDrop2), quiet = first < kBreak;
    for (const Note& note : kHook) {
      const double pitch = note.note - (soft && first < kBreak + 8 ? 12.0 : 0.0);
      const double loud = soft ? 0.22 : quiet ? 0.12 : 0.20;
      play(music.lead, lead, {&pitch, 1}, at(first + note.step / 16, note.step % 16), note.length * kStepS * 0.85, loud,
           [soft](double) { return soft ? 0.7 : 1.5; });
    }
  }
}

Bus compose() {
  const auto frames = static_cast<std::size_t>(std::llround(kBars * kBarS * kRateHz));
  Bus drums(frames), bass(frames), room(frames), master(frames);
  Music music(frames);
  Drums kit(drums, room);
  play_drums(kit);
  play_bass_line(bass);
  play_music(music);

  // before each drop the drums lose their weight, so that its return is felt
  sweep(drums, true, [](double t) {
    const double bar = t / kBarS;
    if (bar < kBuild1 || bar >= kDrop2 || between(static_cast<int>(bar), kDrop1, kBuild2)) return 22.0;
    return bar < kDrop1 ? ramp(t, kBuild1, kDrop1 - 0.3, 22.0, 320.0) : ramp(t, kBuild2, kDrop2 - 0.3, 60.0, 320.0);
  });
  shape(bass, [](double t) { return ducking(t, 0.85); });
  for (Bus* bus : {&music.pad, &music.stab}) shape(*bus, [](double t) { return ducking(t, 0.72); });
  for (Bus* bus : {&music.pluck, &music.lead}) shape(*bus, [](double t) { return ducking(t, 0.40); });
  for (Bus* bus : {&music.pad, &music.stab, &music.pluck, &music.lead}) sweep(*bus, true, [](double) { return 150.0; });

  Bus echo_in(frames);
  echo_in.mix(music.pluck, 0.55);
  echo_in.mix(music.lead, 0.45);
  echo_in.mix(music.stab, 0.18);
  const Bus echo = ping_pong(echo_in, 3.0 * kStepS, 0.45);
  room.mix(music.pad, 0.25);
  room.mix(music.stab, 0.22);
  room.mix(music.pluck, 0.30);
  room.mix(music.lead, 0.35);
  room.mix(echo, 0.30);
  Bus hall = reverb(room, 2.2, 5200.0);
  shape(hall, [](double t) { return ducking(t, 0.35); });

  master.mix(drums, 1.0);
  master.mix(bass, 0.9);
  master.mix(music.pad, 1.5);
  master.mix(music.stab, 1.4);
  master.mix(music.pluck, 1.4);
  master.mix(music.lead, 1.4);
  master.mix(echo, 0.8);
  master.mix(hall, 1.2);
  shape(master, [](double) { return decibels(-4.6); });
  // glue: gentle saturation of everything together, then the ceiling
  shape(master, [](double t) { return std::min({1.0, t / 0.005, (kBars * kBarS - t) / 0.02}); });
  for (auto* side : {&master.left, &master.right}) {
    for (float& x : *side) x = static_cast<float>(0.9 * std::tanh(x / 0.9));
  }
  limit(master, decibels(-1.6));
  return master;
}

}  // namespace
}  // namespace ombra::track

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: ombra_track OUT.opus\n");
    return 2;
  }
  try {
    const ombra::track::Bus master = ombra::track::compose();
    ombra::media::Sound sound;
    sound.channels = 2;
    sound.rate_hz = ombra::track::kRateHz;
    sound.samples.reserve(master.size() * 2);
    for (std::size_t i = 0; i < master.size(); ++i) {
      sound.samples.push_back(master.left[i]);
      sound.samples.push_back(master.right[i]);
    }
    ombra::media::write_audio(argv[1], sound, 128);
    std::printf("%s: %.3f s\n", argv[1], sound.seconds());
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ombra_track: %s\n", e.what());
    return 1;
  }
}
