#pragma once
// A sound file without loss (.flac) that grows while it is heard, on the pictures' clock: what was written up to a
// second ago plays whatever happens. Thread: one owner.

#include "media/record/sound_aligner.hpp"
#include "media/write/sound_encoder.hpp"

#include <cstdint>
#include <filesystem>
#include <span>

namespace ombra::media {

class LiveSound {
 public:
  static constexpr int kRateHz = 48000;

  // The file begins at start_s. Replaces what is there. Throws Error.
  LiveSound(const std::filesystem::path& path, double start_s);

  // As SoundAligner::push. Throws Error: the disk is full.
  void push(std::span<const float> stereo, int rate_hz, double end_s);
  // Sound before time_s that has not come is silence. Throws Error.
  void no_sound_before(double time_s);
  // Ends the file. Throws Error.
  void finish();
  std::int64_t bytes() const { return muxer_.bytes(); }

 private:
  void encode(bool last);

  Muxer muxer_;
  SoundEncoder encoder_;
  SoundAligner aligner_;
};

}  // namespace ombra::media
