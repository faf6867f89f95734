#include "evaluate/beat_figures.hpp"

#include "evaluate/figures.hpp"

#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kPerBeat = 12;

// -> [beats, kPerBeat * Z]: the steps of the movement within each whole beat; undefined where there are too few
Tensor movement(const BeatenClip& clip) {
  const auto beats = static_cast<std::int64_t>(clip.beats.size()) - 1;
  if (beats < 2) return {};
  const Tensor index = torch::empty({beats * kPerBeat + 1}, torch::kLong),
               share = torch::empty({beats * kPerBeat + 1, 1});
  for (std::int64_t t = 0; t <= beats * kPerBeat; ++t) {
    const auto beat = static_cast<std::size_t>(std::min(t / kPerBeat, beats - 1));
    const double part = static_cast<double>(t - static_cast<std::int64_t>(beat) * kPerBeat) / kPerBeat,
                 frame = clip.beats[beat] + part * (clip.beats[beat + 1] - clip.beats[beat]),
                 whole = std::min(std::floor(frame), static_cast<double>(clip.codes.size(0) - 2));
    index.data_ptr<std::int64_t>()[t] = static_cast<std::int64_t>(whole);
    share.data_ptr<float>()[t] = static_cast<float>(frame - whole);
  }
  const Tensor at = clip.codes.index_select(0, index) * (1.0 - share) + clip.codes.index_select(0, index + 1) * share;
  return (at.slice(0, 1) - at.slice(0, 0, -1)).view({beats, -1});
}

// -> correlation of a movement with itself `lag` beats later
double correlation(const Tensor& movement, std::int64_t lag) {
  const Tensor a = movement.slice(0, 0, -lag), b = movement.slice(0, lag);
  return ((a * b).sum() / (a.norm() * b.norm()).clamp_min(1e-9)).item<double>();
}

}  // namespace

Alignment alignment_of(const std::vector<Tensor>& dances, double fps, const std::vector<double>& beats) {
  Alignment sum;
  const auto n = static_cast<double>(dances.size());
  for (const Tensor& codes : dances) {
    const Alignment a = alignment(speed_list(codes), fps, beats, 0.0);
    sum.on_beat += a.on_beat / n, sum.shifted += a.shifted / n;
  }
  return sum;
}

Alignment alignment_of(const std::vector<BeatenClip>& clips, double fps, double bpm) {
  Alignment sum;
  const auto n = static_cast<double>(clips.size());
  for (const BeatenClip& clip : clips) {
    const Alignment a = alignment(speed_list(clip.codes), fps, clip.beats, bpm);
    sum.on_beat += a.on_beat / n, sum.shifted += a.shifted / n;
  }
  return sum;
}

double returns_after(const std::vector<BeatenClip>& clips, int lag) {
  double sum = 0.0, weight = 0.0;
  for (const BeatenClip& clip : clips) {
    const Tensor m = movement(clip);
    if (!m.defined() || m.size(0) < 3 * lag) continue;
    const auto beats = static_cast<double>(m.size(0));
    sum += beats * (correlation(m, lag) - 0.5 * (correlation(m, lag - 1) + correlation(m, lag + 1)));
    weight += beats;
  }
  return weight > 0.0 ? sum / weight : NAN;
}

}  // namespace ombra::train
