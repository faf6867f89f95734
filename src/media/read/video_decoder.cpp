#include "media/read/video_decoder.hpp"

#include "core/error.hpp"
#include "media/read/picture_converter.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

namespace ombra::media {
namespace {

constexpr const char* kFormatHint = "mp4, mov, mkv, webm, avi, gif ... and folders of numbered images can be read";
constexpr int kMaxFaultsInARow = 100;  // of reading: after so many the rest of the file counts as unreadable

int refuse_other_files(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) { return AVERROR(EACCES); }

// Pictures made of text, which FFmpeg would play as a video.
bool is_text(AVCodecID codec) {
  return codec == AV_CODEC_ID_ANSI || codec == AV_CODEC_ID_XBIN || codec == AV_CODEC_ID_BINTEXT ||
         codec == AV_CODEC_ID_IDF;
}

bool is_moving_picture(const AVStream& stream) {
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_text(stream.codecpar->codec_id) &&
         (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) == 0;
}

// FFmpeg's own decoders of VP8 and VP9 leave transparency out; libvpx does not.
const AVCodec* decoder_of(const AVStream& stream) {
  const AVCodecID id = stream.codecpar->codec_id;
  const AVDictionaryEntry* alpha = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
  const AVCodec* decoder = nullptr;
  if (alpha && alpha->value[0] == '1') {
    if (id == AV_CODEC_ID_VP8) decoder = avcodec_find_decoder_by_name("libvpx");
    if (id == AV_CODEC_ID_VP9) decoder = avcodec_find_decoder_by_name("libvpx-vp9");
  }
  return decoder ? decoder : avcodec_find_decoder(id);
}

}  // namespace

VideoDecoder::VideoDecoder(std::string file, Kind kind, int threads)
    : file_(std::move(file)), kind_(kind), threads_(threads), packet_(av_packet_alloc()) {
  av_quiet();
  try {
    open();
  } catch (...) {
    close();
    throw;
  }
}

VideoDecoder::~VideoDecoder() { close(); }

void VideoDecoder::open() {
  open_file();
  choose_stream();
  open_codec();
  ended_ = false;
  faults_in_a_row_ = 0;
}

void VideoDecoder::close() {
  codec_.reset();
  format_.reset();
  avio_closep(&io_);
}

void VideoDecoder::open_file() {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file_, ignored)) throw error("{}: no such file\nhint: check the name", file_);
  if (std::filesystem::file_size(file_, ignored) == 0) {
    throw error("{}: the file is empty\nhint: was it copied completely?", file_);
  }
  AVDictionary* limits = nullptr;
  av_dict_set(&limits, "protocol_whitelist", "file", 0);
  const int opened = avio_open2(&io_, ("file:" + file_).c_str(), AVIO_FLAG_READ, nullptr, &limits);
  av_dict_free(&limits);
  av_check(opened, file_, "cannot read", "may you read it?");

  AVFormatContext* format = avformat_alloc_context();
  format->pb = io_;
  format->io_open = refuse_other_files;
  // Recognised by content alone: by its name, FFmpeg would take a single image for a numbered series.
  const std::string name = kind_ == Kind::kStill ? "" : std::filesystem::path(file_).filename().string();
  const int code = avformat_open_input(&format, name.c_str(), nullptr, nullptr);  // frees format when it fails
  av_check(code, file_, "not a video", kFormatHint);
  format_.reset(format);
  if (kind_ == Kind::kStill) return;
  std::vector<AVDictionary*> options(format->nb_streams);
  for (AVDictionary*& option : options) av_dict_set_int(&option, "max_pixels", kLargestArea, 0);
  const int looked = avformat_find_stream_info(format, options.data());
  for (AVDictionary*& option : options) av_dict_free(&option);
  av_check(looked, file_, "not a video", kFormatHint);
}

void VideoDecoder::choose_stream() {
  const std::span streams(format_->streams, format_->nb_streams);
  const auto better = [](const AVStream& a, const AVStream& b) {
    const auto rank = [](const AVStream& s) {
      return std::pair((s.disposition & AV_DISPOSITION_DEFAULT) != 0,
                       static_cast<std::int64_t>(s.codecpar->width) * s.codecpar->height);
    };
    return rank(a) > rank(b);
  };
  stream_ = -1;
  for (const AVStream* stream : streams) {
    if (is_moving_picture(*stream) && (stream_ < 0 || better(*stream, *streams[stream_]))) stream_ = stream->index;
  }
  if (stream_ < 0) {
    throw error("{}: holds no video{}\nhint: {}", file_, has_sound() ? ", only sound" : "", kFormatHint);
  }
  for (AVStream* stream : streams) stream->discard = stream->index == stream_ ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
}

void VideoDecoder::open_codec() {
  const AVCodecParameters* params = stream().codecpar;
  if (params->width > kLargestSide || params->height > kLargestSide ||
      static_cast<std::int64_t>(params->width) * params->height > kLargestArea) {
    throw error("{}: its pictures have {} x {} pixels\nhint: up to {} x {} and {} million can be read", file_,
                params->width, params->height, kLargestSide, kLargestSide, kLargestArea / 1'000'000);
  }
  const AVCodec* decoder = decoder_of(stream());
  if (!decoder) {
    throw error("{}: its codec ({}) is unknown here\nhint: make a copy with H.264, e.g. ffmpeg -i IN OUT.mp4", file_,
                avcodec_get_name(params->codec_id));
  }
  codec_.reset(avcodec_alloc_context3(decoder));
  av_check(avcodec_parameters_to_context(codec_.get(), params), file_, "bad stream header");
  codec_->pkt_timebase = stream().time_base;
  codec_->max_pixels = kLargestArea;
  codec_->thread_count = threads_;
  // A TIFF with any tag that FFmpeg does not know would count as faulty.
  if (kind_ == Kind::kStill && params->codec_id != AV_CODEC_ID_TIFF)
    codec_->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
  av_check(avcodec_open2(codec_.get(), decoder, nullptr), file_, "the decoder does not start");
}

bool VideoDecoder::has_sound() const {
  const std::span streams(format_->streams, format_->nb_streams);
  return std::any_of(streams.begin(), streams.end(), [](const AVStream* stream) {
    return stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO && avcodec_find_decoder(stream->codecpar->codec_id);
  });
}

bool VideoDecoder::next(AVFrame& frame) {
  int failures = 0;  // of a decoder that goes on failing without being fed
  while (true) {
    av_frame_unref(&frame);
    const int code = avcodec_receive_frame(codec_.get(), &frame);
    if (code == AVERROR_EOF) return false;
    if (code == AVERROR(EAGAIN)) {
      failures = 0;
      if (!feed()) {
        if (ended_) return false;
        ended_ = true;
        count_missing();
        const int last = avcodec_send_packet(codec_.get(), nullptr);  // gives what the decoder still holds
        if (last < 0 && last != AVERROR_EOF) ++damaged_;
      }
    } else if (code < 0) {
      ++damaged_;
      if (++failures > kMaxFaultsInARow) return false;
    } else if ((frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0 ||
               frame.width > kLargestSide || frame.height > kLargestSide) {
      ++damaged_;
    } else {
      return true;
    }
  }
}

// Gives the decoder the next packet; -> false at the end of what can be read.
bool VideoDecoder::feed() {
  while (!ended_) {
    const int code = av_read_frame(format_.get(), packet_.get());
    if (code == AVERROR_EOF) return false;
    if (code < 0) {
      if (code == AVERROR(ENOMEM) || ++faults_in_a_row_ > kMaxFaultsInARow) return false;
      continue;
    }
    faults_in_a_row_ = 0;
    const bool ours = packet_->stream_index == stream_;
    const bool cut_off = (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0 && packet_->pos >= 0 &&
                         packet_->pos + packet_->size >= avio_size(io_);  // by the end of the file
    if (ours && cut_off) {
      ++damaged_;
      av_packet_unref(packet_.get());
      continue;
    }
    const int sent = ours ? avcodec_send_packet(codec_.get(), packet_.get()) : 0;
    av_packet_unref(packet_.get());
    if (sent < 0 && sent != AVERROR_EOF) ++damaged_;
    if (ours) return true;
  }
  return false;
}

// The frames that the index of the file lists behind its end: a file that was cut off.
void VideoDecoder::count_missing() {
  const std::int64_t bytes = avio_size(io_);
  if (bytes <= 0 || missing_counted_) return;
  missing_counted_ = true;
  const int entries = avformat_index_get_entries_count(&stream());
  for (int i = 0; i < entries; ++i) {
    const AVIndexEntry* entry = avformat_index_get_entry(&stream(), i);
    if (entry && entry->pos >= bytes && (entry->flags & AVINDEX_DISCARD_FRAME) == 0) ++damaged_;
  }
}

bool VideoDecoder::seek(std::int64_t timestamp) {
  // A GIF's pictures build on one another and none is a key frame, whatever its packets say.
  const bool possible = stream().codecpar->codec_id != AV_CODEC_ID_GIF && kind_ == Kind::kVideo;
  if (possible && avformat_seek_file(format_.get(), stream_, INT64_MIN, timestamp, timestamp, 0) >= 0) {
    avcodec_flush_buffers(codec_.get());
    ended_ = false;
    faults_in_a_row_ = 0;
    return true;
  }
  close();
  open();
  return false;
}

}  // namespace ombra::media
