#include "media/sound_track.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::media {
namespace {

constexpr int kUsualRateHz = 48000;
constexpr std::size_t kReadFrames = 4096;

// The sound's own rate where the encoder takes it.
int rate_for(const AVCodec& encoder, int rate_hz) {
  for (const int* rate = encoder.supported_samplerates; rate && *rate != 0; ++rate) {
    if (*rate == rate_hz) return rate_hz;
  }
  return kUsualRateHz;
}

}  // namespace

SoundTrack::SoundTrack(const Sound& sound, Muxer& muxer) : sound_(sound), muxer_(muxer), frame_(av_frame_alloc()) {
  const std::string& file = muxer.file();
  const AVCodec* encoder = avcodec_find_encoder_by_name("aac");
  if (!encoder) throw error("{}: this FFmpeg has no encoder for AAC\nhint: write the video without sound", file);
  codec_.reset(avcodec_alloc_context3(encoder));
  codec_->sample_fmt = AV_SAMPLE_FMT_FLTP;
  codec_->sample_rate = rate_for(*encoder, sound.rate_hz);
  codec_->time_base = {1, codec_->sample_rate};
  codec_->bit_rate = 96000 * sound.channels;
  codec_->thread_count = 1;
  av_channel_layout_default(&codec_->ch_layout, sound.channels);
  codec_->flags |= AV_CODEC_FLAG_BITEXACT;
  if (muxer.wants_global_header()) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_check(avcodec_open2(codec_.get(), encoder, nullptr), file, "the encoder refuses the sound");
  stream_ = muxer.add(*codec_);

  SwrContext* swr = nullptr;
  const int code = swr_alloc_set_opts2(&swr, &codec_->ch_layout, AV_SAMPLE_FMT_FLT, codec_->sample_rate,
                                       &codec_->ch_layout, AV_SAMPLE_FMT_FLT, sound.rate_hz, 0, nullptr);
  resampler_.reset(swr);
  av_check(code, file, "cannot resample");
  av_check(swr_init(swr), file, "cannot resample");
}

void SoundTrack::write_until(double seconds, bool last) {
  const auto channels = static_cast<std::size_t>(sound_.channels);
  const auto block = static_cast<std::size_t>(codec_->frame_size);
  const auto until = static_cast<std::size_t>(std::llround(seconds * codec_->sample_rate));
  while (written_ < until) {
    const std::size_t wanted = std::min(block, until - written_);
    if (wanted < block && !last) break;
    while (pending_.size() / channels < wanted && !drained_) {
      const std::size_t n = std::min(kReadFrames, sound_.frames() - read_);
      const auto* in = reinterpret_cast<const std::uint8_t*>(sound_.samples.data() + read_ * channels);
      const int room =
          av_check(swr_get_out_samples(resampler_.get(), static_cast<int>(n)), muxer_.file(), "cannot resample");
      const std::size_t before = pending_.size();
      pending_.resize(before + static_cast<std::size_t>(room) * channels);
      auto* out = reinterpret_cast<std::uint8_t*>(pending_.data() + before);
      const int got = swr_convert(resampler_.get(), &out, room, n > 0 ? &in : nullptr, static_cast<int>(n));
      pending_.resize(before + static_cast<std::size_t>(std::max(0, got)) * channels);
      av_check(got, muxer_.file(), "cannot resample");
      read_ += n;
      drained_ = n == 0;
    }
    const std::size_t samples = std::min(wanted, pending_.size() / channels);
    if (samples == 0) break;  // the sound is shorter than the picture
    if (samples < block && !last && !drained_) break;
    write_block(samples);
  }
  if (last) muxer_.encode(*codec_, *stream_, nullptr, 0);
}

void SoundTrack::write_block(std::size_t samples) {
  const auto channels = static_cast<std::size_t>(sound_.channels);
  const std::string& file = muxer_.file();
  av_frame_unref(frame_.get());
  frame_->nb_samples = static_cast<int>(samples);
  frame_->format = codec_->sample_fmt;
  frame_->sample_rate = codec_->sample_rate;
  frame_->pts = static_cast<std::int64_t>(written_);
  av_check(av_channel_layout_copy(&frame_->ch_layout, &codec_->ch_layout), file, "cannot encode");
  av_check(av_frame_get_buffer(frame_.get(), 0), file, "cannot encode");
  for (std::size_t c = 0; c < channels; ++c) {
    auto* out = reinterpret_cast<float*>(frame_->data[c]);
    for (std::size_t i = 0; i < samples; ++i) {
      const float x = pending_[i * channels + c];
      out[i] = std::isfinite(x) ? std::clamp(x, -1.0f, 1.0f) : 0.0f;
    }
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(samples * channels));
  written_ += samples;
  muxer_.encode(*codec_, *stream_, frame_.get(), 0);
}

}  // namespace ombra::media
