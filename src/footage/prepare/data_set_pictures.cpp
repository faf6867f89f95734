#include "footage/prepare/data_set_pictures.hpp"

#include <time.h>

#include <algorithm>
#include <exception>
#include <thread>

namespace ombra::train {
namespace {

// -> processor time of this thread: what drawing costs, however busy the machine is
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void turn_round(std::span<std::uint8_t> picture, int width, std::size_t channels) {
  const std::size_t row = static_cast<std::size_t>(width) * channels;
  for (std::size_t y = 0; y * row < picture.size(); ++y) {
    for (std::size_t left = 0, right = row - channels; left < right; left += channels, right -= channels)
      std::swap_ranges(&picture[y * row + left], &picture[y * row + left] + channels, &picture[y * row + right]);
  }
}

}  // namespace

std::size_t DataSetPictures::clip_of(std::int64_t frame) const {
  const auto after = std::upper_bound(table.clips.begin(), table.clips.end(), frame,
                                      [](std::int64_t f, const DataClip& clip) { return f < clip.start; });
  return static_cast<std::size_t>(after - table.clips.begin()) - 1;
}

void DataSetPictures::picture(std::int64_t frame, std::span<std::uint8_t> out) const {
  const std::size_t clip = clip_of(frame);
  if (clip < motion_clips) {
    const Pose2& pose = table.pose[static_cast<std::size_t>(frame)];
    if (people->size() == 0) return draw_picture(pose, table, out);
    return people->draw(clip, frame - table.clips[clip].start, pose, table, out);
  }
  const ClipPictures& where = footage[clip - motion_clips];
  file->read(where.first + frame - table.clips[clip].start, out);
  if (where.mirrored) turn_round(out, table.width, static_cast<std::size_t>(table.channels()));
}

void DataSetPictures::block(std::int64_t first, std::span<std::uint8_t> out, int threads) {
  const std::size_t area = table.picture_bytes(), count = out.size() / area;
  if (people->size() > 0 && count > 0)
    people->make_ready(clip_of(first), clip_of(first + static_cast<std::int64_t>(count) - 1));
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::atomic<bool> failed{false};
  const auto work = [&] {
    const double start = thread_seconds();
    try {
      for (std::size_t i = next++; i < count && !failed; i = next++)
        picture(first + static_cast<std::int64_t>(i), out.subspan(i * area, area));
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
    busy_seconds += thread_seconds() - start;
  };
  {
    std::vector<std::jthread> helpers;
    for (int t = 1; t < threads; ++t) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ombra::train
