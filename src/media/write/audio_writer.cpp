#include "media/write/audio_writer.hpp"

#include "core/error.hpp"
#include "core/new_file.hpp"
#include "media/read/av_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace ombra::media {
namespace {

struct Target {
  const char* muxer;
  const char* encoder;
  AVSampleFormat format;
};

Target target_of(const std::string& file, const std::string& ending) {
  if (ending == ".wav") return {"wav", "pcm_s16le", AV_SAMPLE_FMT_S16};
  if (ending == ".flac") return {"flac", "flac", AV_SAMPLE_FMT_S16};
  if (ending == ".opus") return {"ogg", "libopus", AV_SAMPLE_FMT_FLT};
  throw error("{}: cannot write this kind of sound file\nhint: .wav, .flac and .opus can be written", file);
}

// Owns the muxer; its file is closed whatever happens.
struct Muxer {
  AVFormatContext* context = nullptr;
  ~Muxer() {
    if (context && context->pb) avio_closep(&context->pb);
    avformat_free_context(context);
  }
};

class Encoder {
 public:
  // part: what is written to; file: its name in messages
  Encoder(const std::string& part, const std::string& file, const Target& target, const Sound& sound, int kbit_per_s)
      : file_(file), target_(target), sound_(sound), packet_(av_packet_alloc()) {
    av_check(avformat_alloc_output_context2(&muxer_.context, nullptr, target.muxer, nullptr), file, "cannot write");
    const AVCodec* encoder = avcodec_find_encoder_by_name(target.encoder);
    if (!encoder) throw error("{}: this FFmpeg has no encoder {}\nhint: write .wav instead", file, target.encoder);
    codec_.reset(avcodec_alloc_context3(encoder));
    codec_->sample_fmt = target.format;
    codec_->sample_rate = sound.rate_hz;
    codec_->time_base = {1, sound.rate_hz};
    codec_->bit_rate = kbit_per_s * 1000;
    av_channel_layout_default(&codec_->ch_layout, sound.channels);
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;  // same sound, same file: no date, no version in it
    muxer_.context->flags |= AVFMT_FLAG_BITEXACT;
    if (muxer_.context->oformat->flags & AVFMT_GLOBALHEADER) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_check(avcodec_open2(codec_.get(), encoder, nullptr), file, "the encoder refuses the sound",
             "Opus takes 48000, 24000, 16000, 12000 and 8000 Hz only");
    AVStream* stream = avformat_new_stream(muxer_.context, nullptr);
    stream->time_base = codec_->time_base;
    av_check(avcodec_parameters_from_context(stream->codecpar, codec_.get()), file, "cannot write");
    av_check(avio_open(&muxer_.context->pb, ("file:" + part).c_str(), AVIO_FLAG_WRITE), file, "cannot write",
             "does the folder exist, and may you write there?");
    av_check(avformat_write_header(muxer_.context, nullptr), file, "cannot write");
  }

  void write() {
    const AvPtr<AVFrame> frame(av_frame_alloc());
    const std::size_t block = codec_->frame_size > 0 ? static_cast<std::size_t>(codec_->frame_size) : 4096;
    for (std::size_t at = 0; at < sound_.frames(); at += block) {
      const std::size_t n = std::min(block, sound_.frames() - at);
      frame->nb_samples = static_cast<int>(n);
      frame->format = target_.format;
      frame->sample_rate = sound_.rate_hz;
      av_check(av_channel_layout_copy(&frame->ch_layout, &codec_->ch_layout), file_, "cannot write");
      av_check(av_frame_get_buffer(frame.get(), 0), file_, "cannot write");
      fill(*frame, at, n);
      frame->pts = static_cast<std::int64_t>(at);
      send(frame.get());
      av_frame_unref(frame.get());
    }
    send(nullptr);
    av_check(av_write_trailer(muxer_.context), file_, "cannot finish the file", "is the disk full?");
  }

 private:
  void fill(AVFrame& frame, std::size_t at, std::size_t n) const {
    const auto channels = static_cast<std::size_t>(sound_.channels);
    const float* in = sound_.samples.data() + at * channels;
    for (std::size_t i = 0; i < n * channels; ++i) {
      const float x = std::clamp(in[i], -1.0f, 1.0f);
      if (target_.format == AV_SAMPLE_FMT_FLT) {
        reinterpret_cast<float*>(frame.data[0])[i] = x;
      } else {
        reinterpret_cast<std::int16_t*>(frame.data[0])[i] = static_cast<std::int16_t>(std::lround(x * 32767.0f));
      }
    }
  }

  void send(const AVFrame* frame) {
    av_check(avcodec_send_frame(codec_.get(), frame), file_, "cannot encode");
    while (true) {
      const int code = avcodec_receive_packet(codec_.get(), packet_.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      av_check(code, file_, "cannot encode");
      av_packet_rescale_ts(packet_.get(), codec_->time_base, muxer_.context->streams[0]->time_base);
      av_check(av_interleaved_write_frame(muxer_.context, packet_.get()), file_, "cannot write", "is the disk full?");
    }
  }

  const std::string file_;
  const Target target_;
  const Sound& sound_;
  Muxer muxer_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVPacket> packet_;
};

}  // namespace

void write_audio(const std::filesystem::path& path, const Sound& sound, int kbit_per_s) {
  av_quiet();
  const Target target = target_of(path.string(), path.extension().string());
  NewFile place(path);
  Encoder(place.part().string(), path.string(), target, sound, kbit_per_s).write();
  place.commit();
}

}  // namespace ombra::media
