#include "footage/video/spread_frames.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"

namespace ombra::train {
namespace {

constexpr double kReadThroughS = 90.0;  // shorter videos are
constexpr std::size_t kMin = 40;        // fewer different frames than this are too few
constexpr std::size_t kBeyond = 24;     // at most so many frames beyond a key frame

void stop_if_interrupted() {
  if (interrupted()) throw error("interrupted: no data set was written\nhint: run it again");
}

// Every n-th frame; n doubles whenever there are too many.
std::vector<media::VideoFrame> read_through(media::VideoReader& reader, const SpreadOptions& o) {
  std::vector<media::VideoFrame> kept;
  media::VideoFrame frame;
  std::size_t step = 1, seen = 0;
  while (reader.next(frame)) {
    stop_if_interrupted();
    if (frame.time_s < o.start_s) continue;
    if (o.end_s > 0.0 && frame.time_s >= o.end_s) break;
    if (seen++ % step != 0) continue;
    kept.push_back(frame);
    if (kept.size() < 2 * o.count) continue;
    for (std::size_t i = 0; i < o.count; ++i) std::swap(kept[i], kept[2 * i]);
    kept.resize(o.count);
    step *= 2;
  }
  if (kept.size() > o.count) {
    std::vector<media::VideoFrame> fewer;
    for (std::size_t i = 0; i < o.count; ++i) fewer.push_back(std::move(kept[i * kept.size() / o.count]));
    return fewer;
  }
  return kept;
}

std::vector<media::VideoFrame> key_frames(media::VideoReader& reader, const SpreadOptions& o, double end_s) {
  std::vector<media::VideoFrame> kept;
  media::VideoFrame frame;
  for (std::size_t k = 0; k < o.count; ++k) {
    stop_if_interrupted();
    const double at = o.start_s + (static_cast<double>(k) + 0.5) / static_cast<double>(o.count) * (end_s - o.start_s);
    reader.seek(at);
    if (!reader.next(frame)) continue;
    // a little beyond the key frame, another distance every time: where key frames and dance repeat in step (a loop,
    // one key frame a bar) they would all show the same pose
    for (std::size_t i = k * 7 % kBeyond; i > 0 && frame.time_s < at && reader.next(frame); --i) stop_if_interrupted();
    if (frame.time_s < o.start_s || frame.time_s >= end_s) continue;
    if (kept.empty() || frame.time_s > kept.back().time_s) kept.push_back(frame);
  }
  return kept;
}

}  // namespace

std::vector<media::VideoFrame> spread_frames(const std::filesystem::path& path, const SpreadOptions& options) {
  media::VideoReader reader(path, options.read);
  const double duration = reader.info().duration_s;
  const double end = options.end_s > 0.0 && (duration <= 0.0 || options.end_s < duration) ? options.end_s : duration;
  std::vector<media::VideoFrame> frames;
  if (duration > 0.0 && end - options.start_s > kReadThroughS) frames = key_frames(reader, options, end);
  if (frames.size() < kMin) {
    media::VideoReader again(path, options.read);
    if (options.start_s > 0.0) again.seek(options.start_s);
    frames = read_through(again, options);
  }
  if (frames.empty()) {
    throw error("{}: no picture between {} s and its end\nhint: it is {:.1f} s long; see --start and --end",
                path.string(), options.start_s, duration);
  }
  return frames;
}

}  // namespace ombra::train
