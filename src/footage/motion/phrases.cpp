#include "footage/motion/phrases.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::train {
namespace {

constexpr int kPerBeat = 6;                                   // looks at the pose a beat
constexpr std::size_t kBlock = 4;                             // beats on each side of a turn
constexpr double kMotionWeight = 3.0;                         // of steps against poses, which are larger
constexpr double kNoConfidence = 0.8, kFullConfidence = 2.3;  // standard errors by which the phrase's beats stand out

using Numbers = std::vector<double>;

Pose2 pose_at(const std::vector<Pose2>& view, double frame) {
  const double whole = std::clamp(std::floor(frame), 0.0, static_cast<double>(view.size() - 2)), share = frame - whole;
  const Pose2 &a = view[static_cast<std::size_t>(whole)], &b = view[static_cast<std::size_t>(whole) + 1];
  Pose2 pose;
  for (std::size_t j = 0; j < kJoints; ++j) {
    pose[j].x = static_cast<float>(a[j].x + share * (b[j].x - a[j].x));
    pose[j].y = static_cast<float>(a[j].y + share * (b[j].y - a[j].y));
  }
  return pose;
}

// One vector of length 1 for each beat: what the body did and where it was, wherever the dancer stood.
std::vector<Numbers> describe(const std::vector<Pose2>& view, std::span<const double> beats) {
  const std::size_t n = beats.size() - 1;
  std::vector<Numbers> poses;  // kPerBeat a beat, and one after the last
  for (std::size_t i = 0; i <= n * kPerBeat; ++i) {
    const std::size_t beat = std::min(i / kPerBeat, n - 1);
    const double part = static_cast<double>(i - beat * kPerBeat) / kPerBeat;
    const Pose2 pose = pose_at(view, beats[beat] + part * (beats[beat + 1] - beats[beat]));
    double middle = 0.0;
    for (const auto& joint : pose) middle += joint.x / kJoints;
    Numbers numbers;
    for (const auto& joint : pose) numbers.insert(numbers.end(), {joint.x - middle, joint.y});
    poses.push_back(std::move(numbers));
  }
  Numbers mean(poses[0].size(), 0.0);
  for (const Numbers& p : poses) {
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += p[d] / static_cast<double>(poses.size());
  }
  std::vector<Numbers> described;
  for (std::size_t b = 0; b < n; ++b) {
    Numbers v;
    double square = 0.0;
    for (std::size_t i = b * kPerBeat; i < (b + 1) * kPerBeat; ++i) {
      for (std::size_t d = 0; d < mean.size(); ++d) {
        v.push_back(kMotionWeight * (poses[i + 1][d] - poses[i][d]));
        v.push_back(poses[i][d] - mean[d]);
      }
    }
    for (const double x : v) square += x * x;
    for (double& x : v) x /= std::sqrt(square) + 1e-9;
    described.push_back(std::move(v));
  }
  return described;
}

double similarity(const Numbers& a, const Numbers& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// How much the four beats from each beat on differ from the four before it, against how alike each four are.
Numbers novelty_of(const std::vector<Numbers>& beats) {
  const std::size_t n = beats.size();
  Numbers novelty(n, NAN);
  for (std::size_t b = kBlock; b + kBlock <= n; ++b) {
    double within = 0.0, across = 0.0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      for (std::size_t j = 0; j < kBlock; ++j) {
        if (i != j)
          within += similarity(beats[b - kBlock + i], beats[b - kBlock + j]) + similarity(beats[b + i], beats[b + j]);
        across += similarity(beats[b - kBlock + i], beats[b + j]);
      }
    }
    novelty[b] = within / (2.0 * kBlock * (kBlock - 1)) - across / (kBlock * kBlock);
  }
  return novelty;
}

}  // namespace

PhraseStart find_phrases(std::span<const std::vector<Pose2>> views, std::span<const double> beats, int parity) {
  PhraseStart start{.first = parity};
  if (beats.size() < 3 * kPhraseBeats + 1 || views.empty() || views[0].size() < 2) return start;
  Numbers novelty(beats.size() - 1, 0.0);
  for (const std::vector<Pose2>& view : views) {
    const Numbers one = novelty_of(describe(view, beats));
    for (std::size_t i = 0; i < one.size(); ++i) novelty[i] += one[i] / static_cast<double>(views.size());
  }
  std::array<double, kPhraseBeats> mean{}, count{};
  double all = 0.0, square = 0.0, n = 0.0;
  for (std::size_t i = 0; i < novelty.size(); ++i) {
    if (!std::isfinite(novelty[i])) continue;
    mean[i % kPhraseBeats] += novelty[i];
    count[i % kPhraseBeats] += 1.0;
    all += novelty[i], square += novelty[i] * novelty[i], n += 1.0;
  }
  for (std::size_t p = 0; p < mean.size(); ++p) mean[p] /= std::max(1.0, count[p]);
  all /= n;
  const double error = std::sqrt(std::max(1e-12, square / n - all * all) * kPhraseBeats / n);
  double best = -1e9;
  for (int p = parity; p < kPhraseBeats; p += 2) {
    const auto at = [&](int i) { return mean[static_cast<std::size_t>((i + kPhraseBeats) % kPhraseBeats)]; };
    const double smooth = 0.5 * at(p) + 0.25 * (at(p - 1) + at(p + 1));  // a turn is seldom sharper than a beat
    if (smooth > best) best = smooth, start.first = p;
  }
  const double peak = *std::max_element(mean.begin(), mean.end());
  start.confidence = std::clamp(((peak - all) / error - kNoConfidence) / (kFullConfidence - kNoConfidence), 0.0, 1.0);
  return start;
}

}  // namespace ombra::train
