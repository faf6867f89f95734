#include "media/read/audio_reader.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "media/read/av_check.hpp"

#include <algorithm>
#include <string>

namespace ombra::media {
namespace {

constexpr int kMaxChannels = 64, kMaxRateHz = 768000;
constexpr const char* kFormatHint = "wav, flac, ogg, opus, mp3, m4a and the sound of videos can be read";

class Decoder {
 public:
  Decoder(const std::string& file, const ReadAudioOptions& options) : file_(file), options_(options) {
    open_file();
    open_codec();
  }

  Sound read() {
    const AvPtr<AVPacket> packet(av_packet_alloc());
    while (true) {
      const int code = av_read_frame(format_.get(), packet.get());
      if (code < 0) {
        if (code != AVERROR_EOF) ++faults_;
        break;
      }
      if (packet->stream_index == stream_ && avcodec_send_packet(codec_.get(), packet.get()) < 0) ++faults_;
      av_packet_unref(packet.get());
      receive();
    }
    avcodec_send_packet(codec_.get(), nullptr);
    receive();
    if (resampler_) resample(nullptr);
    if (sound_.samples.empty()) throw error("{}: no sound could be decoded\nhint: is the file complete?", file_);
    if (faults_ > 0) log::warn("{}: damaged in {} places; {:.1f} s were read", file_, faults_, sound_.seconds());
    return std::move(sound_);
  }

 private:
  void open_file() {
    if (!std::filesystem::is_regular_file(file_)) throw error("{}: no such file\nhint: check the name", file_);
    AVDictionary* limits = nullptr;
    av_dict_set(&limits, "protocol_whitelist", "file", 0);  // a playlist may not fetch anything
    AVFormatContext* format = nullptr;
    const std::string url = "file:" + file_;
    const int code = avformat_open_input(&format, url.c_str(), nullptr, &limits);
    av_dict_free(&limits);
    av_check(code, file_, "not a sound file", kFormatHint);
    format_.reset(format);
    av_check(avformat_find_stream_info(format, nullptr), file_, "not a sound file", kFormatHint);
    stream_ = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (stream_ < 0) throw error("{}: holds no sound\nhint: {}", file_, kFormatHint);
  }

  void open_codec() {
    const AVCodecParameters* params = format_->streams[stream_]->codecpar;
    const AVCodec* decoder = avcodec_find_decoder(params->codec_id);
    if (!decoder)
      throw error("{}: its codec ({}) is unknown here\nhint: {}", file_, avcodec_get_name(params->codec_id),
                  kFormatHint);
    codec_.reset(avcodec_alloc_context3(decoder));
    av_check(avcodec_parameters_to_context(codec_.get(), params), file_, "bad stream header");
    codec_->pkt_timebase = format_->streams[stream_]->time_base;  // lets the decoder cut encoder padding exactly
    av_check(avcodec_open2(codec_.get(), decoder, nullptr), file_, "the decoder does not start");
  }

  void receive() {
    const AvPtr<AVFrame> frame(av_frame_alloc());
    while (true) {
      const int code = avcodec_receive_frame(codec_.get(), frame.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      if (code < 0) {
        ++faults_;
        return;
      }
      resample(frame.get());
      av_frame_unref(frame.get());
    }
  }

  // The first frame decides the input format; a stream that changes it midway is reconfigured.
  void configure(const AVFrame& frame) {
    const int channels = frame.ch_layout.nb_channels;
    if (channels < 1 || channels > kMaxChannels || frame.sample_rate < 1000 || frame.sample_rate > kMaxRateHz) {
      throw error("{}: {} channels at {} Hz\nhint: up to {} channels and {} Hz can be read", file_, channels,
                  frame.sample_rate, kMaxChannels, kMaxRateHz);
    }
    if (!resampler_) {
      sound_.channels = options_.channels > 0 ? options_.channels : std::min(channels, 2);
      sound_.rate_hz = options_.rate_hz > 0 ? options_.rate_hz : frame.sample_rate;
    } else {
      resample(nullptr);
    }
    AVChannelLayout in{}, out{};
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
      av_channel_layout_default(&in, channels);
    } else {
      av_check(av_channel_layout_copy(&in, &frame.ch_layout), file_, "bad channel layout");
    }
    av_channel_layout_default(&out, sound_.channels);
    SwrContext* swr = nullptr;
    const int code = swr_alloc_set_opts2(&swr, &out, AV_SAMPLE_FMT_FLT, sound_.rate_hz, &in,
                                         static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
    resampler_.reset(swr);
    av_channel_layout_uninit(&in);
    av_check(code, file_, "cannot resample");
    if (channels == 1 && sound_.channels == 2) {
      const double both[] = {1.0, 1.0};  // as loud on each side as it was; FFmpeg would take 3 dB off
      av_check(swr_set_matrix(swr, both, 1), file_, "cannot resample");
    }
    av_check(swr_init(swr), file_, "cannot resample");
    format_in_ = frame.format;
    rate_in_ = frame.sample_rate;
    channels_in_ = channels;
  }

  // null: the rest that the resampler still holds
  void resample(const AVFrame* frame) {
    if (frame && (!resampler_ || frame->format != format_in_ || frame->sample_rate != rate_in_ ||
                  frame->ch_layout.nb_channels != channels_in_)) {
      configure(*frame);
    }
    const int in = frame ? frame->nb_samples : 0;
    const int room = av_check(swr_get_out_samples(resampler_.get(), in), file_, "cannot resample");
    const auto channels = static_cast<std::size_t>(sound_.channels);
    const std::size_t before = sound_.samples.size();
    const double limit = options_.max_seconds * sound_.rate_hz;
    if (static_cast<double>(before / channels) > limit) {
      throw error("{}: longer than {:.0f} s\nhint: cut it, e.g. ffmpeg -i IN -t {:.0f} OUT", file_,
                  options_.max_seconds, options_.max_seconds);
    }
    sound_.samples.resize(before + static_cast<std::size_t>(room) * channels);
    auto* out = reinterpret_cast<std::uint8_t*>(sound_.samples.data() + before);
    const auto** planes = frame ? const_cast<const std::uint8_t**>(frame->extended_data) : nullptr;
    const int got = swr_convert(resampler_.get(), &out, room, planes, in);
    sound_.samples.resize(before + static_cast<std::size_t>(std::max(0, got)) * channels);
    av_check(got, file_, "cannot resample");
  }

  // immutable after construction
  const std::string file_;
  const ReadAudioOptions options_;
  // state
  AvPtr<AVFormatContext> format_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<SwrContext> resampler_;
  int stream_ = -1;
  int format_in_ = -1, rate_in_ = 0, channels_in_ = 0;
  int faults_ = 0;
  Sound sound_;
};

}  // namespace

Sound read_audio(const std::filesystem::path& path, const ReadAudioOptions& options) {
  av_quiet();
  return Decoder(path.string(), options).read();
}

}  // namespace ombra::media
