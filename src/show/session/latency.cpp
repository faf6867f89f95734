#include "show/session/latency.hpp"

#include "core/clock.hpp"
#include "core/quantile.hpp"
#include "gfx/framebuffer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ombra::show {
namespace {

constexpr double kBeforeS = 0.15;   // the brightness before the click is the mean of so long
constexpr double kEarlyS = 0.03;    // a monitor may be heard so long before the loudspeaker
constexpr double kMinChange = 0.5;  // of 255: less is no answer

// -> the mean of the middle of the picture, where the figure stands
double brightness(const gfx::Surface& surface) {
  const int width = surface.width, height = surface.height;
  const int w = std::max(1, width / 3), h = std::max(1, height / 3);
  const gfx::Image image = gfx::read_region(surface.framebuffer, (width - w) / 2, (height - h) / 2, w, h);
  const double sum = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0);
  return sum / static_cast<double>(image.pixels.size());
}

}  // namespace

void LatencyWatcher::heard(const AudioFrame& frame, const audio::HopTimes& times) {
  hops_.push_back({frame.time_s, times.arrived_s, times.published_s, frame.onset_count});
}

void LatencyWatcher::drawn(double begun_s, const gfx::Surface& surface) {
  PictureTimes picture{.begun_s = begun_s};
  picture.brightness = brightness(surface);  // waits for the GPU
  picture.drawn_s = now_s();
  pictures_.push_back(picture);
}

void LatencyWatcher::shown() {
  if (!pictures_.empty()) pictures_.back().shown_s = now_s();
}

std::optional<Latency> answer(double click_s, const std::vector<HeardHop>& hops,
                              const std::vector<PictureTimes>& pictures) {
  double before = 0.0, most = 0.0;
  int known = 0;
  for (const PictureTimes& p : pictures) {
    if (p.begun_s > click_s - kEarlyS - kBeforeS && p.begun_s < click_s - kEarlyS) before += p.brightness, ++known;
  }
  if (known == 0) return std::nullopt;
  before /= known;
  for (const PictureTimes& p : pictures) {
    const bool after = p.begun_s > click_s - kEarlyS && p.begun_s < click_s + kAnswerS;
    if (after) most = std::max(most, std::abs(p.brightness - before));
  }
  if (most < kMinChange) return std::nullopt;
  const auto picture = std::find_if(pictures.begin(), pictures.end(), [&](const PictureTimes& p) {
    return p.begun_s > click_s - kEarlyS && std::abs(p.brightness - before) > 0.25 * most;
  });
  // the hop that the click is in, and the one that told the picture of it
  auto first = std::find_if(hops.begin(), hops.end(), [&](const HeardHop& h) { return h.time_s > click_s; });
  if (first == hops.end()) return std::nullopt;
  while (first != hops.begin() && first->published_s > picture->begun_s) --first;  // hops are timed to a few ms
  const std::uint64_t onsets = first == hops.begin() ? 0 : std::prev(first)->onsets;
  auto onset = std::find_if(first, hops.end(), [&](const HeardHop& h) { return h.onsets > onsets; });
  if (onset == hops.end() || onset->published_s > picture->begun_s) onset = first;
  Latency l;
  l.click_s = click_s;
  l.capture_s = first->arrived_s - click_s;
  l.analysis_s = onset->published_s - first->arrived_s;
  l.wait_s = picture->begun_s - onset->published_s;
  l.draw_s = picture->drawn_s - picture->begun_s;
  l.present_s = picture->shown_s - picture->drawn_s;
  l.total_s = picture->shown_s - click_s;
  return l;
}

Spread spread(std::vector<double> values) {
  return {quantile(values, 0.0), quantile(values, 0.5), quantile(values, 0.95), quantile(values, 1.0)};
}

}  // namespace ombra::show
