#include "media/write/codec_pass.hpp"

#include "core/error.hpp"
#include "media/read/av_check.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>

namespace ombra::media {
namespace {

constexpr std::size_t kAnyBlock = 1024;  // for an encoder that takes any number of samples
constexpr int kMostDelayMs = 120;        // of an encoder and its decoder together
constexpr double kCompareS = 6.0;       // how much of the sound tells the delay

bool takes(const AVCodec& encoder, int rate_hz) {
  if (!encoder.supported_samplerates) return true;
  const int* rate = encoder.supported_samplerates;
  while (*rate != 0 && *rate != rate_hz) ++rate;
  return *rate == rate_hz;
}

AVSampleFormat format_for(const AVCodec& encoder) {
  for (const AVSampleFormat* f = encoder.sample_fmts; f && *f != AV_SAMPLE_FMT_NONE; ++f) {
    if (*f == AV_SAMPLE_FMT_FLTP || *f == AV_SAMPLE_FMT_FLT || *f == AV_SAMPLE_FMT_S16 || *f == AV_SAMPLE_FMT_S16P)
      return *f;
  }
  return AV_SAMPLE_FMT_NONE;
}

// One channel: planar or not is the same.
bool floats(int format) { return format == AV_SAMPLE_FMT_FLTP || format == AV_SAMPLE_FMT_FLT; }

class Codec {
 public:
  Codec(const AVCodec& encoder, int rate_hz, int bits_per_s) : name_(encoder.name), coded_(av_packet_alloc()) {
    encoder_.reset(avcodec_alloc_context3(&encoder));
    encoder_->sample_fmt = format_for(encoder);
    encoder_->sample_rate = rate_hz;
    encoder_->time_base = {1, rate_hz};
    encoder_->bit_rate = bits_per_s;
    encoder_->thread_count = 1;
    av_channel_layout_default(&encoder_->ch_layout, 1);
    av_check(avcodec_open2(encoder_.get(), &encoder, nullptr), name_, "the encoder refuses the sound");
    decoder_.reset(avcodec_alloc_context3(avcodec_find_decoder(encoder.id)));
    const AvParameters parameters(avcodec_parameters_alloc());
    av_check(avcodec_parameters_from_context(parameters.get(), encoder_.get()), name_, "cannot be decoded");
    av_check(avcodec_parameters_to_context(decoder_.get(), parameters.get()), name_, "cannot be decoded");
    decoder_->thread_count = 1;
    av_check(avcodec_open2(decoder_.get(), decoder_->codec, nullptr), name_, "cannot be decoded");
  }

  std::vector<float> pass(std::span<const float> mono) {
    const std::size_t block = encoder_->frame_size > 0 ? static_cast<std::size_t>(encoder_->frame_size) : kAnyBlock;
    const std::size_t lead = encoder_->initial_padding > 0 ? static_cast<std::size_t>(encoder_->initial_padding) : 0;
    const std::size_t all = mono.size() + lead + 4 * block;  // with silence behind it, which pushes out the last of it
    for (std::size_t at = 0; at < all; at += block) encode(mono.subspan(std::min(at, mono.size())), block, at);
    collect(nullptr);
    decode(nullptr);
    return std::move(out_);
  }

 private:
  struct FreeParameters {
    void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
  };
  using AvParameters = std::unique_ptr<AVCodecParameters, FreeParameters>;

  void encode(std::span<const float> from, std::size_t count, std::size_t at) {
    const AvPtr<AVFrame> frame(av_frame_alloc());
    frame->nb_samples = static_cast<int>(count);
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    frame->pts = static_cast<std::int64_t>(at);
    av_check(av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout), name_, "cannot encode");
    av_check(av_frame_get_buffer(frame.get(), 0), name_, "cannot encode");
    for (std::size_t i = 0; i < count; ++i) {
      const float x = i < from.size() ? std::clamp(from[i], -1.0f, 1.0f) : 0.0f;
      if (floats(frame->format)) {
        reinterpret_cast<float*>(frame->data[0])[i] = x;
      } else {
        reinterpret_cast<std::int16_t*>(frame->data[0])[i] = static_cast<std::int16_t>(std::lround(x * 32767.0f));
      }
    }
    collect(frame.get());
  }

  void collect(const AVFrame* frame) {
    av_check(avcodec_send_frame(encoder_.get(), frame), name_, "cannot encode");
    while (true) {
      const int got = avcodec_receive_packet(encoder_.get(), coded_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return;
      av_check(got, name_, "cannot encode");
      decode(coded_.get());
      av_packet_unref(coded_.get());
    }
  }

  void decode(const AVPacket* packet) {
    av_check(avcodec_send_packet(decoder_.get(), packet), name_, "cannot decode");
    const AvPtr<AVFrame> frame(av_frame_alloc());
    while (true) {
      const int got = avcodec_receive_frame(decoder_.get(), frame.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return;
      av_check(got, name_, "cannot decode");
      for (int i = 0; i < frame->nb_samples; ++i)
        out_.push_back(floats(frame->format)
                           ? reinterpret_cast<const float*>(frame->data[0])[i]
                           : static_cast<float>(reinterpret_cast<const std::int16_t*>(frame->data[0])[i]) / 32768.0f);
    }
  }

  const std::string name_;
  AvPtr<AVCodecContext> encoder_, decoder_;
  AvPtr<AVPacket> coded_;
  std::vector<float> out_;
};

// -> by how many samples b is late: where the sum of products is largest
std::size_t delay_of(std::span<const float> a, std::span<const float> b, int rate_hz) {
  const auto most = static_cast<std::size_t>(rate_hz) * kMostDelayMs / 1000;
  const std::size_t count =
      std::min({a.size(), b.size() - std::min(b.size(), most), static_cast<std::size_t>(kCompareS * rate_hz)});
  double best = -1.0;
  std::size_t delay = 0;
  for (std::size_t d = 0; d <= most && d + count <= b.size(); ++d) {
    double sum = 0.0;
    for (std::size_t i = 0; i < count; i += 3) sum += static_cast<double>(a[i]) * b[i + d];
    if (sum <= best) continue;
    best = sum;
    delay = d;
  }
  return delay;
}

}  // namespace

std::vector<float> through_codec(std::span<const float> mono, int rate_hz, const std::string& name, int bits_per_s) {
  av_quiet();
  const AVCodec* encoder = avcodec_find_encoder_by_name(name.c_str());
  if (!encoder || !takes(*encoder, rate_hz) || format_for(*encoder) == AV_SAMPLE_FMT_NONE ||
      !avcodec_find_decoder(encoder->id))
    return {};
  std::vector<float> sound = Codec(*encoder, rate_hz, bits_per_s).pass(mono);
  const std::size_t late = delay_of(mono, sound, rate_hz);
  sound.erase(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(std::min(late, sound.size())));
  sound.resize(mono.size(), 0.0f);
  return sound;
}

}  // namespace ombra::media
