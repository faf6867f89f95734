#pragma once
// One dancer's endless dance: appends latents to its track, tick by tick. Two kinds: moves and frames.
// Thread: one owner.

#include "core/rng.hpp"
#include "model/dancers/generator.hpp"
#include "model/dancers/latent_track.hpp"
#include "model/dancers/stop_warp.hpp"

#include <memory>

namespace ombra::model {

class DanceStream {
 public:
  virtual ~DanceStream() = default;

  // Begins at a timestamp, from a seed phrase.
  virtual void start(std::int64_t tick, int seed) = 0;
  // Makes the tracks of these dancers, all of this one's kind, longer than `tick`; what falls due at once is computed
  // at once.
  virtual void advance(std::span<DanceStream* const> together, double tick, const DanceControls& controls) = 0;
  // Goes on from a seed phrase at `tick` (a whole beat where there are beats), crossfaded into what was to come.
  virtual void jump(std::int64_t tick, int seed, const DanceControls& controls) = 0;

  const LatentTrack& track() const { return track_; }
  // Phrases begin at this tick and at every whole number of phrases from it; for kinds that know phrases.
  virtual void set_phrase_start(std::int64_t) {}
  // Where stops are bent onto beats; nullptr for kinds without beats.
  virtual const StopWarp* warp() const { return nullptr; }
  // The numbers of the move chosen last; empty for kinds without moves.
  const std::vector<std::int64_t>& last_move() const { return last_move_; }
  DanceCounters counters;

 protected:
  DanceStream(int latent_size, int capacity) : track_(latent_size, capacity) {}
  // The crossfade after a jump: what would have been danced, by tick; blended away over its length.
  void append_faded(std::span<const float> latent);
  void begin_fade(std::int64_t tick,
                  std::int64_t length);  // takes [tick, tick + length) out of the track and cuts it there

  LatentTrack track_;
  std::vector<std::int64_t> last_move_;

 private:
  std::int64_t fade_begin_ = 0, fade_length_ = 0;
  std::vector<float> fade_;
};

}  // namespace ombra::model
