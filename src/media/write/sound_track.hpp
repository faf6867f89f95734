#pragma once
// The sound of a video being rendered: encoded bit by bit, in step with the picture. Thread: one owner.

#include "media/read/audio_reader.hpp"
#include "media/read/resampler.hpp"
#include "media/write/sound_encoder.hpp"

#include <vector>

namespace ombra::media {

class SoundTrack {
 public:
  // encoder: as SoundEncoder's. Adds a stream to muxer; sound and muxer must outlive it. Throws Error: no encoder.
  SoundTrack(const Sound& sound, const char* encoder, Muxer& muxer);
  // Encodes what is heard before seconds, in whole blocks; last: cuts the sound there and ends the stream.
  void write_until(double seconds, bool last);

 private:
  const Sound& sound_;
  SoundEncoder encoder_;
  Resampler resampler_;
  std::size_t read_ = 0;        // of the sound's frames
  bool drained_ = false;        // the resampler's rest is in pending_
  std::vector<float> pending_;  // resampled, interleaved, not yet encoded
};

}  // namespace ombra::media
