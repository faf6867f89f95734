#include "media/write/sound_encoder.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::media {
namespace {

constexpr int kUsualRateHz = 48000;
constexpr std::size_t kAnyBlock = 1024;  // for an encoder that takes any number of samples

// The sound's own rate where the encoder takes it.
int rate_for(const AVCodec& encoder, int rate_hz) {
  if (!encoder.supported_samplerates) return rate_hz;
  for (const int* rate = encoder.supported_samplerates; *rate != 0; ++rate) {
    if (*rate == rate_hz) return rate_hz;
  }
  return kUsualRateHz;
}

float sane(float x) { return std::isfinite(x) ? std::clamp(x, -1.0f, 1.0f) : 0.0f; }

}  // namespace

SoundEncoder::SoundEncoder(const char* name, int rate_hz, int channels, Muxer& muxer)
    : muxer_(muxer), frame_(av_frame_alloc()), channels_(static_cast<std::size_t>(channels)) {
  const std::string& file = muxer.file();
  const AVCodec* encoder = avcodec_find_encoder_by_name(name);
  if (!encoder) throw error("{}: this FFmpeg has no encoder {}\nhint: write the video without sound", file, name);
  codec_.reset(avcodec_alloc_context3(encoder));
  codec_->sample_fmt = encoder->sample_fmts[0];  // planar floats for AAC, 16 bits for the others
  codec_->sample_rate = rate_for(*encoder, rate_hz);
  codec_->time_base = {1, codec_->sample_rate};
  codec_->bit_rate = 96000 * channels;
  codec_->thread_count = 1;
  av_channel_layout_default(&codec_->ch_layout, channels);
  codec_->flags |= AV_CODEC_FLAG_BITEXACT;
  if (muxer.wants_global_header()) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_check(avcodec_open2(codec_.get(), encoder, nullptr), file, "the encoder refuses the sound");
  block_ = codec_->frame_size > 0 ? static_cast<std::size_t>(codec_->frame_size) : kAnyBlock;
  stream_ = muxer.add(*codec_);
}

void SoundEncoder::write(std::span<const float> interleaved) {
  const std::string& file = muxer_.file();
  const std::size_t samples = interleaved.size() / channels_;
  av_frame_unref(frame_.get());
  frame_->nb_samples = static_cast<int>(samples);
  frame_->format = codec_->sample_fmt;
  frame_->sample_rate = codec_->sample_rate;
  frame_->pts = written_;
  av_check(av_channel_layout_copy(&frame_->ch_layout, &codec_->ch_layout), file, "cannot encode");
  av_check(av_frame_get_buffer(frame_.get(), 0), file, "cannot encode");
  for (std::size_t c = 0; c < channels_; ++c) {
    auto* planar = reinterpret_cast<float*>(frame_->data[c]);
    auto* whole = reinterpret_cast<std::int16_t*>(frame_->data[0]);
    for (std::size_t i = 0; i < samples; ++i) {
      const float x = sane(interleaved[i * channels_ + c]);
      if (codec_->sample_fmt == AV_SAMPLE_FMT_FLTP) {
        planar[i] = x;
      } else {
        whole[i * channels_ + c] = static_cast<std::int16_t>(std::lround(x * 32767.0f));
      }
    }
  }
  written_ += static_cast<std::int64_t>(samples);
  muxer_.encode(*codec_, *stream_, frame_.get(), 0);
}

void SoundEncoder::finish() { muxer_.encode(*codec_, *stream_, nullptr, 0); }

}  // namespace ombra::media
