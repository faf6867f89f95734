#include "footage/motion/soundtrack.hpp"

#include "audio/beat/analysis.hpp"
#include "core/text.hpp"
#include "footage/motion/filters.hpp"
#include "media/read/audio_reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 6> kEndings{".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a"};
constexpr double kLongestS = 7200.0;  // of a file, to bound the memory
constexpr double kLongS = 1200.0;     // from here on at the lower rate
constexpr int kRateHz = 48000, kLowRateHz = 16000;
constexpr double kMoreS = 10.0;   // sound after the dance helps to find the beat of its end
constexpr float kHeard = 0.2f;    // less confidence than this: the listener is still looking for the beat
constexpr std::size_t kEven = 6;  // so many beats of nearly the same length in a row: it has settled
constexpr double kUneven = 0.12;  // part of the median length
constexpr double kSlideS = 3.0;   // so long the live grid still slides into place (within 10 ms then)
constexpr std::size_t kFit = 32;  // beats from which the sound is continued

// Least squares through the times of consecutive beats: time of beat i = start_s + i period_s.
struct Line {
  double start_s = 0.0, period_s = 0.0;
};
Line fit(std::span<const double> times_s) {
  const auto n = static_cast<double>(times_s.size());
  const double middle = 0.5 * (n - 1.0);
  double mean = 0.0, slope = 0.0;
  for (std::size_t i = 0; i < times_s.size(); ++i) {
    mean += times_s[i] / n;
    slope += (static_cast<double>(i) - middle) * times_s[i];
  }
  slope /= n * (n * n - 1.0) / 12.0;
  return {mean - middle * slope, slope};
}

// -> the times at which the grid passed whole beats, between the first and the last hop in which a beat was heard
std::vector<double> whole_beats(std::span<const AudioFrame> hops) {
  std::vector<double> times_s;
  const auto heard = [](const AudioFrame& hop) { return hop.grid.confidence >= kHeard; };
  const auto first = std::find_if(hops.begin(), hops.end(), heard);
  const auto last = std::find_if(hops.rbegin(), hops.rend(), heard).base();
  for (auto hop = first; hop != hops.end() && hop + 1 < last; ++hop) {
    const double before = hop->grid.anchor_beat, after = (hop + 1)->grid.anchor_beat;
    const double beat = std::floor(before) + 1.0;
    if (after < beat) continue;
    times_s.push_back(hop->time_s + ((hop + 1)->time_s - hop->time_s) * (beat - before) / (after - before));
  }
  return times_s;
}

// Keeps what lies between the first and the last kEven even beats in a row, less the time in which the grid slides as
// far as kEven beats are left; nothing when there are none.
std::vector<double> settled(const std::vector<double>& times_s) {
  if (times_s.size() <= kEven) return {};
  std::vector<double> lengths;
  for (std::size_t i = 1; i < times_s.size(); ++i) lengths.push_back(times_s[i] - times_s[i - 1]);
  const double median = quantile(lengths, 0.5);
  std::size_t first = times_s.size(), last = 0, row = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    row = std::abs(lengths[i] - median) <= kUneven * median ? row + 1 : 0;
    if (row < kEven) continue;
    first = std::min(first, i + 1 - kEven);
    last = i + 1;
  }
  if (last == 0) return {};
  std::vector<double> kept(times_s.begin() + static_cast<std::ptrdiff_t>(first),
                           times_s.begin() + static_cast<std::ptrdiff_t>(last + 1));
  const auto slid = std::lower_bound(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(kEven), kept[0] + kSlideS);
  kept.erase(kept.begin(), slid);
  return kept;
}

}  // namespace

fs::path soundtrack_beside(const fs::path& motion) {
  std::error_code ignored;
  for (std::string ending : kEndings) {
    for (const bool capitals : {false, true}) {
      if (capitals) {
        for (char& c : ending) c = upper(c);
      }
      fs::path sound = fs::path(motion).replace_extension(ending);
      if (fs::is_regular_file(sound, ignored)) return sound;
    }
  }
  return {};
}

SoundBeats hear_beats(std::span<const float> mono, int rate_hz, double seconds) {
  const auto useful = static_cast<std::size_t>((seconds + kMoreS) * rate_hz);
  const std::vector<AudioFrame> hops = audio::analyse(mono.first(std::min(mono.size(), useful)), rate_hz);
  const std::vector<double> heard = settled(whole_beats(hops));
  SoundBeats result;
  if (heard.empty()) return result;
  double sum = 0.0, count = 0.0;
  for (const AudioFrame& hop : hops) {
    if (hop.time_s < heard.front() || hop.time_s > heard.back()) continue;
    sum += hop.grid.confidence;
    count += 1.0;
  }
  result.confidence = count > 0.0 ? sum / count : 0.0;
  const std::size_t n = std::min(heard.size(), kFit);
  const Line head = fit(std::span(heard).first(n)), tail = fit(std::span(heard).last(n));
  for (double k = std::ceil(-head.start_s / head.period_s); k < 0.0; ++k)
    result.times_s.push_back(head.start_s + k * head.period_s);
  result.times_s.insert(result.times_s.end(), heard.begin(), heard.end());
  for (double k = static_cast<double>(n); tail.start_s + k * tail.period_s <= seconds; ++k)
    result.times_s.push_back(tail.start_s + k * tail.period_s);
  return result;
}

SoundBeats read_beats(const fs::path& path, double seconds, double file_seconds) {
  const int rate_hz = std::max(seconds, file_seconds) > kLongS ? kLowRateHz : kRateHz;
  const media::Sound sound = media::read_audio(path, {.rate_hz = rate_hz, .channels = 1, .max_seconds = kLongestS});
  return hear_beats(sound.samples, sound.rate_hz, seconds);
}

}  // namespace ombra::train
