#include "audio/testbench/continuity.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ombra::audio {
namespace {

constexpr double kNear = 0.175;  // of a beat

std::span<const double> from(std::span<const double> times, double start_s) {
  return times.subspan(static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), start_s) - times.begin()));
}

std::size_t nearest(std::span<const double> times, double time_s) {
  const auto next = static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time_s) - times.begin());
  if (next == times.size()) return next - 1;
  return next > 0 && time_s - times[next - 1] <= times[next] - time_s ? next - 1 : next;
}

double share_right(std::span<const double> beats, std::span<const double> truth) {
  if (beats.size() < 2 || truth.size() < 2) return 0.0;
  std::vector<bool> taken(truth.size(), false);
  std::size_t right = 0;
  for (std::size_t b = 0; b < beats.size(); ++b) {
    const std::size_t t = nearest(truth, beats[b]);
    if (taken[t]) continue;
    // the intervals before both; where one of them has none, the intervals behind both
    const bool behind = b == 0 || t == 0;
    if (behind && (b + 1 == beats.size() || t + 1 == truth.size())) continue;
    const double beat_s = behind ? beats[b + 1] - beats[b] : beats[b] - beats[b - 1],
                 true_s = behind ? truth[t + 1] - truth[t] : truth[t] - truth[t - 1];
    if (std::abs(beats[b] - truth[t]) >= kNear * true_s || std::abs(1.0 - beat_s / true_s) >= kNear) continue;
    taken[t] = true;
    ++right;
  }
  return static_cast<double>(right) / static_cast<double>(std::max(beats.size(), truth.size()));
}

std::vector<double> every_second(std::span<const double> times, std::size_t first) {
  std::vector<double> out;
  for (std::size_t i = first; i < times.size(); i += 2) out.push_back(times[i]);
  return out;
}

}  // namespace

Continuity score_continuity(std::span<const double> beats, std::span<const double> truth, double from_s) {
  const auto b = from(beats, from_s), t = from(truth, from_s);
  std::vector<double> between, twice;
  for (std::size_t i = 0; i < t.size(); ++i) {
    twice.push_back(t[i]);
    if (i + 1 == t.size()) break;
    between.push_back(0.5 * (t[i] + t[i + 1]));
    twice.push_back(between.back());
  }
  Continuity score;
  score.correct = score.allowed = share_right(b, t);
  for (const std::vector<double>& other : {between, twice, every_second(t, 0), every_second(t, 1)})
    score.allowed = std::max(score.allowed, share_right(b, other));
  return score;
}

}  // namespace ombra::audio
