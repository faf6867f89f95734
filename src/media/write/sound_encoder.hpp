#pragma once
// One stream of sound in a file: samples in, packets of the chosen encoder out. Thread: one owner.

#include "media/write/muxer.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ombra::media {

class SoundEncoder {
 public:
  // name: of FFmpeg's encoders: "aac", "flac", "pcm_s16le". Adds a stream to muxer, which must outlive it. A rate that
  // the encoder does not take becomes 48000 Hz. Throws Error: no such encoder.
  SoundEncoder(const char* name, int rate_hz, int channels, Muxer& muxer);

  int rate_hz() const { return codec_->sample_rate; }
  std::size_t block() const { return block_; }       // frames that are encoded together
  std::int64_t written() const { return written_; }  // frames so far
  // Up to block() frames, interleaved; fewer only at the end. What is not a number is silence; the rest is cut at 1.
  void write(std::span<const float> interleaved);
  // Ends the stream.
  void finish();

 private:
  Muxer& muxer_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVFrame> frame_;
  AVStream* stream_ = nullptr;  // of muxer_
  std::size_t channels_, block_ = 0;
  std::int64_t written_ = 0;
};

}  // namespace ombra::media
