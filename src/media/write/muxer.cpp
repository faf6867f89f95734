#include "media/write/muxer.hpp"

#include "core/error.hpp"

#include <filesystem>
#include <utility>

namespace ombra::media {
namespace {

constexpr int kTsPackets = 7 * 188;    // bytes of a datagram: whole packets of MPEG-TS, as receivers expect them
constexpr int kMuxDelayUs = 100'000;   // of MPEG-TS: so much earlier than its time a picture is sent
constexpr double kFarewellS = 0.5;     // for a peer that may have gone
constexpr double kWaitForPeerS = 1e9;  // an address that listens waits for whoever comes

// What is said of a fault.
struct Words {
  const char *begin, *begin_hint, *write, *end, *hint;
};
constexpr Words kFileWords = {"cannot write", "does this kind of file take this codec?", "cannot write",
                              "cannot finish the file", "is the disk full?"};
constexpr Words kStreamWords = {"cannot begin the stream", "does the receiver still run?", "cannot send",
                                "cannot end the stream", "does the receiver still run?"};
const Words& words(Keep keep) { return keep == Keep::kSent ? kStreamWords : kFileWords; }

}  // namespace

Muxer::Muxer(std::string part, std::string file, const char* kind, Keep keep)
    : part_(std::move(part)), file_(std::move(file)), keep_(keep), packet_(av_packet_alloc()) {
  const std::string url = "file:" + part_;
  av_check(avformat_alloc_output_context2(&context_, nullptr, kind, url.c_str()), file_, "cannot write");
  context_->flags |= AVFMT_FLAG_BITEXACT;  // no date and no version: same pictures, same file
  if (keep_ == Keep::kPieces) context_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  if (context_->oformat->flags & AVFMT_NOFILE) return;  // numbered pictures: one file each
  const int code = avio_open(&context_->pb, url.c_str(), AVIO_FLAG_WRITE);
  if (code < 0) {
    avformat_free_context(std::exchange(context_, nullptr));
    av_check(code, file_, "cannot write", "does the folder exist, and may you write there?");
  }
}

Muxer::Muxer(const std::string& url, std::string file, const char* kind, Patience& patience, bool listens)
    : file_(std::move(file)), keep_(Keep::kSent), patience_(&patience), packet_(av_packet_alloc()) {
  av_check(avformat_alloc_output_context2(&context_, nullptr, kind, nullptr), file_, "cannot send");
  context_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  context_->max_delay = kMuxDelayUs;
  context_->interrupt_callback = patience.callback();
  patience.allow(listens ? kWaitForPeerS : kConnectS);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "udp,srt,rtmp,rtmps,tcp,tls", 0);
  av_dict_set_int(&options, "pkt_size", kTsPackets, 0);
  const int code = avio_open2(&context_->pb, url.c_str(), AVIO_FLAG_WRITE, &context_->interrupt_callback, &options);
  av_dict_free(&options);
  if (code >= 0) return;
  avformat_free_context(std::exchange(context_, nullptr));
  if (code == AVERROR_EXIT)
    throw error("{}: nobody answers\nhint: does the receiver run, and is its address right?", file_);
  av_check(code, file_, "cannot connect", "does the receiver run, and is its address right?");
}

Muxer::~Muxer() { discard(); }

void Muxer::allow_to_send() {
  if (patience_) patience_->allow(kSendS);
}

AVStream* Muxer::add(const AVCodecContext& codec) {
  AVStream* stream = avformat_new_stream(context_, nullptr);
  if (!stream) throw error("{}: no memory for a stream", file_);
  stream->time_base = codec.time_base;
  stream->sample_aspect_ratio = codec.sample_aspect_ratio;
  av_check(avcodec_parameters_from_context(stream->codecpar, &codec), file_, words(keep_).begin);
  return stream;
}

void Muxer::begin(const std::string& comment) {
  if (!comment.empty()) av_dict_set(&context_->metadata, "comment", comment.c_str(), 0);
  AVDictionary* options = nullptr;
  if (keep_ == Keep::kWhole) {
    av_dict_set(&options, "movflags", "+faststart", 0);  // the index first: it plays while it is still being fetched
  } else if (keep_ == Keep::kSent) {
    av_dict_set(&options, "flvflags", "no_duration_filesize", 0);  // that could only be told at its end
  } else {                                                         // those that a muxer does not know are left aside
    av_dict_set(&options, "movflags", "+delay_moov+default_base_moof", 0);
    av_dict_set_int(&options, "frag_duration", static_cast<std::int64_t>(kPieceS * 1e6), 0);
    av_dict_set_int(&options, "cluster_time_limit", static_cast<std::int64_t>(kPieceS * 1e3), 0);
  }
  allow_to_send();
  const int code = avformat_write_header(context_, &options);
  av_dict_free(&options);
  av_check(code, file_, words(keep_).begin, words(keep_).begin_hint);
  begun_ = true;
}

void Muxer::encode(AVCodecContext& codec, const AVStream& stream, const AVFrame* frame, std::int64_t duration) {
  av_check(avcodec_send_frame(&codec, frame), file_, "cannot encode");
  while (true) {
    const int code = avcodec_receive_packet(&codec, packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    av_check(code, file_, "cannot encode");
    if (packet_->duration == 0) packet_->duration = duration;
    put(*packet_, codec.time_base, stream);
  }
}

void Muxer::put(AVPacket& packet, AVRational time_base, const AVStream& stream) {
  packet.stream_index = stream.index;
  bytes_ += packet.size;
  av_packet_rescale_ts(&packet, time_base, stream.time_base);
  allow_to_send();
  const int written = av_interleaved_write_frame(context_, &packet);
  broken_ = written < 0;
  av_check(written, file_, words(keep_).write, words(keep_).hint);
  if (context_->pb) whole_ = avio_tell(context_->pb);
}

void Muxer::end() {
  begun_ = false;
  allow_to_send();
  const int ended = av_write_trailer(context_);
  broken_ = ended < 0;
  av_check(ended, file_, words(keep_).end, words(keep_).hint);
  const int code = avio_closep(&context_->pb);
  avformat_free_context(std::exchange(context_, nullptr));
  av_check(code, file_, words(keep_).end, words(keep_).hint);
}

void Muxer::discard() noexcept {
  if (!context_) return;
  if (patience_) patience_->allow(kFarewellS);
  if (std::exchange(begun_, false)) av_write_trailer(context_);  // some muxers free what they hold only there
  avio_closep(&context_->pb);
  avformat_free_context(std::exchange(context_, nullptr));
  std::error_code ignored;
  if (keep_ == Keep::kPieces && broken_ && whole_ > 0) {
    std::filesystem::resize_file(part_, static_cast<std::uintmax_t>(whole_), ignored);  // without half a piece
  }
}

}  // namespace ombra::media
