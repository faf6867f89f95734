#pragma once
// Latents by tick: the stretch of dance that exists, sampled at any timestamp. Knows nothing of networks.
// Thread: one owner.

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::model {

class LatentTrack {
 public:
  // size: numbers a latent; capacity: ticks that are remembered
  LatentTrack(int size, int capacity);

  void clear(std::int64_t first_tick);         // empty; the next append is first_tick
  void append(std::span<const float> latent);  // the oldest is forgotten when full
  void truncate(std::int64_t end_tick);        // forgets end_tick and all after it
  std::int64_t begin() const { return begin_; }
  std::int64_t end() const { return end_; }
  std::span<const float> at(std::int64_t tick) const;  // clamped to what exists; not on an empty track
  bool empty() const { return begin_ == end_; }

  // The latent at a fractional tick by Catmull and Rom's cubic (1974); width > 0: the mean over that many ticks around
  // it instead (raised-cosine window). Held at the ends.
  void sample(double tick, double width, std::span<float> out) const;
  // Mean distance between neighbouring latents of the last `ticks` ticks before end().
  double speed(std::int64_t ticks) const;

 private:
  int size_, capacity_;
  std::int64_t begin_ = 0, end_ = 0;
  std::vector<float> ring_;
};

}  // namespace ombra::model
