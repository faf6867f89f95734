#include "footage/motion/pulse.hpp"

#include "core/arithmetic.hpp"
#include "footage/motion/filters.hpp"
#include "footage/motion/phrases.hpp"
#include "footage/motion/picture_pose.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace ombra::train {
namespace {

constexpr double kFastS = kStopSmoothingS, kSlowS = 0.27;  // of the speed: a stop, and its surroundings
constexpr double kTightness = 15.0;
constexpr std::size_t kMinBeats = 5;
constexpr double kSigmaS = 0.1;

// -> beat count at a frame, continued with the mean beat length at both ends
double count_at(std::span<const double> beats, double frame) {
  const double mean = (beats.back() - beats.front()) / static_cast<double>(beats.size() - 1);
  if (frame <= beats.front()) return (frame - beats.front()) / mean;
  if (frame >= beats.back()) return static_cast<double>(beats.size() - 1) + (frame - beats.back()) / mean;
  const auto next = std::upper_bound(beats.begin(), beats.end(), frame);
  const auto i = next - beats.begin() - 1;
  return static_cast<double>(i) + (frame - beats[i]) / (beats[i + 1] - beats[i]);
}

double spread_of(std::span<const double> beats) {
  const auto n = static_cast<double>(beats.size() - 1);
  const double mean = (beats.back() - beats.front()) / n;
  double sum = 0.0;
  for (std::size_t i = 1; i < beats.size(); ++i) sum += std::pow(beats[i] - beats[i - 1] - mean, 2);
  return std::sqrt(sum / n) / mean;
}

// -> how many beats lie between frame 0 and the first beat: the least number that it may have
int beats_before(std::span<const double> beats) {
  return static_cast<int>(std::max(0.0, std::ceil(-count_at(beats, 0.0))));
}

// -> 0 or 1: whether the first beat is one of the stronger every other ones
int parity_of(std::span<const double> beats, std::span<const double> stops) {
  double strength[2] = {0.0, 0.0};
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const auto pairs = static_cast<double>((beats.size() + 1 - i % 2) / 2);
    strength[i % 2] += stops[static_cast<std::size_t>(beats[i])] / pairs;
  }
  return strength[1] > strength[0] ? 1 : 0;
}

// -> the least number for the first beat that leaves none below 0 and gives a multiple of `cycle` to beat `zero`
int number_for(std::span<const double> beats, int zero, int cycle) {
  const int before = beats_before(beats);
  return before + (((-zero - before) % cycle) + cycle) % cycle;
}

// The speed of the body in each view, and how strong a stop each frame is, mean over the views.
struct Movement {
  std::vector<std::vector<double>> speeds;
  std::vector<double> stops;

  Movement(std::vector<std::vector<double>> view_speeds, double fps)
      : speeds(std::move(view_speeds)), stops(speeds.empty() ? 0 : speeds[0].size(), 0.0) {
    for (const std::vector<double>& v : speeds) {
      const std::vector<double> s = salience(v, fps);
      for (std::size_t i = 0; i < stops.size(); ++i) stops[i] += s[i] / static_cast<double>(speeds.size());
    }
  }
};

Movement movement_of(std::span<const std::vector<Pose2>> views, double fps) {
  std::vector<std::vector<double>> speeds;
  for (const std::vector<Pose2>& view : views) speeds.push_back(speed(view));
  return {std::move(speeds), fps};
}

Movement movement_of(std::span<const double> of_body, double fps) {
  return {std::vector<std::vector<double>>(1, std::vector<double>(of_body.begin(), of_body.end())), fps};
}

// How clearly the movement is on the beat around each beat: the gap over three beats either way, as a share of a clear
// one; the mean of all views.
std::vector<double> beat_confidences(const Movement& movement, double fps, const std::vector<double>& beats) {
  constexpr std::size_t kReach = 3;
  constexpr double kClear = 0.4;
  std::vector<double> confidences(beats.size(), 0.0);
  for (const std::vector<double>& v : movement.speeds) {
    const std::vector<Alignment> of_beats = alignment_by_beat(v, fps, beats);
    for (std::size_t b = 0; b < of_beats.size(); ++b) {
      double sum = 0.0, count = 0.0;
      for (std::size_t i = b - std::min(b, kReach); i < std::min(beats.size(), b + kReach + 1); ++i) {
        sum += of_beats[i].gap();
        count += 1.0;
      }
      confidences[b] += std::clamp(sum / count / kClear, 0.0, 1.0) / static_cast<double>(movement.speeds.size());
    }
  }
  return confidences;
}

// Tempo, evenness and alignment of the beats of a pulse.
void measure(Pulse& pulse, const Movement& movement, double fps) {
  const double n = static_cast<double>(pulse.beats.size() - 1);
  pulse.bpm = 60.0 * fps * n / (pulse.beats.back() - pulse.beats.front());
  pulse.spread = spread_of(pulse.beats);
  for (const std::vector<double>& v : movement.speeds) {
    const Alignment a = alignment(v, fps, pulse.beats);
    pulse.alignment.on_beat += a.on_beat / static_cast<double>(movement.speeds.size());
    pulse.alignment.shifted += a.shifted / static_cast<double>(movement.speeds.size());
  }
  pulse.beat_confidence = beat_confidences(movement, fps, pulse.beats);
}

}  // namespace

double Pulse::beat_confidence_at(double frame) const {
  if (beat_confidence.empty()) return 0.0;
  const double at = std::clamp(count_at(beats, frame), 0.0, static_cast<double>(beat_confidence.size() - 1));
  return beat_confidence[static_cast<std::size_t>(std::lround(at))];
}

double Pulse::beat_at(double frame) const {
  if (beats.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  return count_at(beats, frame) + first_count;
}

std::vector<double> salience(std::span<const double> speed, double fps) {
  const std::vector<double> fast = gaussian_filter(speed, kFastS * fps), slow = gaussian_filter(speed, kSlowS * fps);
  std::vector<double> dips(speed.size(), 0.0);
  for (std::size_t i = 0; i < dips.size(); ++i) {
    if (is_dip(fast, i)) dips[i] = std::max(0.0, 1.0 - fast[i] / (slow[i] + 1e-9));
  }
  return gaussian_filter(dips, fps / 30.0);
}

std::vector<double> beat_times(std::span<const double> salience, double period, double tightness) {
  const auto n = static_cast<int>(salience.size());
  double mean = 0.0, power = 0.0;
  for (const double s : salience) mean += s / n;
  for (const double s : salience) power += (s - mean) * (s - mean) / n;
  const double scale = 1.0 / (std::sqrt(power) + 1e-9);
  const int shortest = std::max(1, static_cast<int>(period / 2.0)), longest = static_cast<int>(2.0 * period);
  std::vector<double> score(salience.size());
  std::vector<int> previous(salience.size(), -1);
  for (int t = 0; t < n; ++t) {
    double best = 0.0;
    for (int lag = shortest; lag <= longest && lag <= t; ++lag) {
      const double off = std::log(lag / period), value = score[t - lag] - tightness * off * off;
      if (value > best) {
        best = value;
        previous[t] = t - lag;
      }
    }
    score[t] = salience[t] * scale + best;
  }
  std::vector<double> beats;
  if (n == 0) return beats;
  const auto tail = score.end() - std::min<std::ptrdiff_t>(n, std::max(1, static_cast<int>(period)));
  for (int t = static_cast<int>(std::max_element(tail, score.end()) - score.begin()); t >= 0; t = previous[t])
    beats.push_back(t);
  std::reverse(beats.begin(), beats.end());
  return beats;
}

std::vector<Alignment> alignment_by_beat(std::span<const double> speed, double fps, std::span<const double> beats,
                                         double bpm, double smoothing_s) {
  if (beats.size() < 2) return {};
  const std::vector<double> smooth = gaussian_filter(speed, smoothing_s * fps);
  const double slow = 1.1 * quantile(smooth, 0.5);
  std::vector<double> stops;  // in beats
  for (std::size_t i = 2; i + 2 < smooth.size(); ++i) {
    if (smooth[i] < slow && is_dip(smooth, i)) stops.push_back(count_at(beats, static_cast<double>(i)));
  }
  std::vector<Alignment> all(beats.size());
  if (stops.empty()) return all;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    const std::size_t next = std::min(b + 1, beats.size() - 1);
    const double beat_s = bpm > 0.0 ? 60.0 / bpm : (beats[next] - beats[next - 1]) / fps;
    const auto near = [&](double shift) {
      const double at = static_cast<double>(b) + shift;
      const auto right = std::lower_bound(stops.begin(), stops.end(), at);
      double off = right == stops.end() ? 1e9 : *right - at;
      if (right != stops.begin()) off = std::min(off, at - *(right - 1));
      const double seconds = off * beat_s;
      return std::exp(-0.5 * seconds * seconds / (kSigmaS * kSigmaS));
    };
    all[b] = {near(0.0), 0.25 * (near(0.2) + near(0.4) + near(0.6) + near(0.8))};
  }
  return all;
}

Alignment alignment(std::span<const double> speed, double fps, std::span<const double> beats, double bpm) {
  Alignment mean;
  const std::vector<Alignment> all = alignment_by_beat(speed, fps, beats, bpm);
  for (const Alignment& a : all) {
    mean.on_beat += a.on_beat / static_cast<double>(all.size());
    mean.shifted += a.shifted / static_cast<double>(all.size());
  }
  return mean;
}

namespace {

Pulse pulse_in(const Movement& movement, double fps, double exact_bpm) {
  Pulse best;
  best.source = "none";
  if (movement.stops.size() < 2) return best;
  std::vector<double> tempi;
  if (exact_bpm > 0.0) {
    tempi = {exact_bpm};
  } else {
    for (double bpm = 76.0; bpm <= 148.0; bpm += 4.0) tempi.push_back(bpm);
  }
  std::optional<double> best_score;
  for (const double bpm : tempi) {
    Pulse pulse;
    pulse.beats = beat_times(movement.stops, 60.0 * fps / bpm, kTightness);
    if (pulse.beats.size() < kMinBeats) continue;
    measure(pulse, movement, fps);
    const double octaves = std::log2(pulse.bpm / 112.0) / 0.35;
    const double score = pulse.alignment.gap() - 0.5 * pulse.spread - 0.05 * octaves * octaves;
    if (best_score && score <= *best_score) continue;
    best_score = score;
    pulse.confidence = std::clamp(pulse.alignment.gap() / 0.4, 0.0, 1.0);
    pulse.source = exact_bpm > 0.0 ? "exact tempo" : "motion";
    best = std::move(pulse);
  }
  if (!best.beats.empty()) best.first_count = number_for(best.beats, parity_of(best.beats, movement.stops), 2);
  return best;
}

Pulse pulse_to(const Movement& movement, double fps, std::span<const double> beats, double confidence) {
  Pulse pulse;
  pulse.source = "none";
  if (movement.stops.size() < 2) return pulse;
  const auto frames = static_cast<double>(movement.stops.size());
  for (const double beat : beats) {
    if (beat >= 0.0 && beat < frames) pulse.beats.push_back(beat);
  }
  if (pulse.beats.size() < kMinBeats) {
    pulse.beats.clear();
    return pulse;
  }
  measure(pulse, movement, fps);
  pulse.first_count = number_for(pulse.beats, parity_of(pulse.beats, movement.stops), 2);
  pulse.confidence = std::clamp(confidence, 0.0, 1.0);
  pulse.source = "soundtrack";
  return pulse;
}

// Gives multiples of eight to the beats on which phrases seem to begin.
void number_phrases(Pulse& pulse, std::span<const std::vector<Pose2>> views, const Movement& movement) {
  const PhraseStart start = find_phrases(views, pulse.beats, parity_of(pulse.beats, movement.stops));
  pulse.first_count = number_for(pulse.beats, start.first, kPhraseBeats);
  pulse.phrase_confidence = start.confidence;
}

}  // namespace

Pulse find_pulse(std::span<const std::vector<Pose2>> views, double fps, double exact_bpm, double first) {
  const Movement movement = movement_of(views, fps);
  Pulse pulse = pulse_in(movement, fps, exact_bpm);
  if (pulse.beats.empty()) return pulse;
  if (exact_bpm > 0.0) {
    const int zero = static_cast<int>(std::lround(count_at(pulse.beats, -first)));  // the beat on which the take begins
    pulse.first_count = number_for(pulse.beats, zero, kPhraseBeats);
    pulse.phrase_confidence = 1.0;
  } else {
    number_phrases(pulse, views, movement);
  }
  return pulse;
}

Pulse find_pulse_of_speed(std::span<const double> speed, double fps, double exact_bpm) {
  return pulse_in(movement_of(speed, fps), fps, exact_bpm);
}

Pulse pulse_of_sound(std::span<const std::vector<Pose2>> views, double fps, std::span<const double> beats,
                     double confidence) {
  const Movement movement = movement_of(views, fps);
  Pulse pulse = pulse_to(movement, fps, beats, confidence);
  if (!pulse.beats.empty()) number_phrases(pulse, views, movement);
  return pulse;
}

Pulse pulse_of_sound(std::span<const double> speed, double fps, std::span<const double> beats, double confidence) {
  return pulse_to(movement_of(speed, fps), fps, beats, confidence);
}

}  // namespace ombra::train
