#include "media/record/live_queue.hpp"

#include "media/write/picture_encoder.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <new>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kMaxPieces = 2000;  // of sound, about twenty seconds
constexpr std::size_t kFewest = 3;        // pictures, however large

}  // namespace

LiveQueue::LiveQueue(int width, int height, std::size_t pictures)
    : height_(height),
      picture_bytes_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4),
      pool_(std::min(pictures, std::max(kFewest, kMostBytes / std::max<std::size_t>(1, picture_bytes_)))) {
  for (std::size_t i = pool_.size(); i-- > 0;) free_.push_back(i);
}

bool LiveQueue::push(std::span<const std::uint8_t> rgba, double time_s, bool from_below) {
  std::size_t place = 0;
  {
    const std::lock_guard lock(mutex_);
    const bool behind = !pictures_.empty() && time_s - pictures_.front().time_s > kMaxLagS;
    if (closed_ || free_.empty() || behind || rgba.size() != picture_bytes_) return false;
    place = free_.back();
    free_.pop_back();
  }
  std::unique_ptr<std::uint8_t[]>& memory = pool_[place];  // this thread's until it waits below
  if (!memory) {
    memory.reset(new (std::nothrow) std::uint8_t[picture_bytes_ + PictureEncoder::kSlack]);
    if (!memory) {
      give_back({place, {}, time_s});
      return false;
    }
    std::fill_n(memory.get() + picture_bytes_, PictureEncoder::kSlack, std::uint8_t{0});
  }
  const auto rows = static_cast<std::size_t>(from_below ? height_ : 1);
  const std::size_t row = picture_bytes_ / rows;
  for (std::size_t y = 0; y < rows; ++y) {
    std::memcpy(memory.get() + y * row, rgba.data() + (rows - 1 - y) * row, row);
  }
  {
    const std::lock_guard lock(mutex_);
    pictures_.push_back({place, {memory.get(), picture_bytes_}, time_s});
  }
  wake_.notify_one();
  return true;
}

void LiveQueue::sound(std::span<const float> stereo, int rate_hz, double end_s) {
  if (stereo.empty()) return;
  Piece piece{{stereo.begin(), stereo.end()}, rate_hz, end_s};
  const std::lock_guard lock(mutex_);
  if (pieces_.size() < kMaxPieces) pieces_.push_back(std::move(piece));
}

double LiveQueue::fullness(double time_s) const {
  const std::lock_guard lock(mutex_);
  if (pictures_.empty()) return 0.0;
  return std::max(static_cast<double>(pictures_.size()) / static_cast<double>(pool_.size()),
                  (time_s - pictures_.front().time_s) / kMaxLagS);
}

void LiveQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
}

void LiveQueue::clear() {
  const std::lock_guard lock(mutex_);
  for (const Picture& picture : pictures_) free_.push_back(picture.place);
  pictures_.clear();
  pieces_.clear();
}

LiveQueue::Batch LiveQueue::next(double wait_s, bool sound_alone) {
  Batch batch;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::chrono::duration<double>(wait_s), [this] { return closed_ || !pictures_.empty(); });
  batch.end = closed_ && pictures_.empty();
  if (sound_alone || !pictures_.empty()) std::swap(batch.pieces, pieces_);
  if (!pictures_.empty()) {
    batch.picture = pictures_.front();
    pictures_.pop_front();
  }
  return batch;
}

void LiveQueue::give_back(const Picture& picture) {
  const std::lock_guard lock(mutex_);
  free_.push_back(picture.place);
}

int LiveQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(pool_.size() - free_.size());
}

}  // namespace ombra::media
