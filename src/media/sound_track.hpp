#pragma once
// The sound of a video being written: encoded to AAC bit by bit, in step with the picture. Thread: one owner.

#include "media/audio_reader.hpp"
#include "media/muxer.hpp"

#include <vector>

namespace ombra::media {

class SoundTrack {
 public:
  // Adds a stream to muxer; sound and muxer must outlive it. Throws Error: no encoder.
  SoundTrack(const Sound& sound, Muxer& muxer);
  // Encodes what is heard before seconds, in whole blocks; last: cuts the sound there and ends the stream.
  void write_until(double seconds, bool last);

 private:
  void write_block(std::size_t samples);

  const Sound& sound_;
  Muxer& muxer_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<SwrContext> resampler_;
  AvPtr<AVFrame> frame_;
  AVStream* stream_ = nullptr;  // of muxer_
  std::size_t read_ = 0;        // of the sound's frames
  std::size_t written_ = 0;     // of the track's frames
  bool drained_ = false;        // the resampler's rest is in pending_
  std::vector<float> pending_;  // resampled, interleaved, not yet encoded
};

}  // namespace ombra::media
