#pragma once
// The one adapter between FFmpeg's error codes and ours, and owners for its objects.
// Thread: any.

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

namespace ombra::media {

// -> code when it is not negative; else throws Error: "<file>: <what>: <FFmpeg's words>\nhint: <hint>"
int av_check(int code, const std::string& file, const char* what,
             const char* hint = "does `ffprobe` understand the file? Is it complete?");

// FFmpeg's own messages go to our log at debug level instead of to stderr. Cheap to call again.
void av_quiet();
// In FFmpeg's messages dots stand for this from now on: a key, a password. Nothing happens to what has fewer than three
// letters; of a thousand the oldest is forgotten.
void av_hide(const std::string& secret);

struct AvFree {
  void operator()(AVFormatContext* c) const { avformat_close_input(&c); }
  void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVFrame* f) const { av_frame_free(&f); }
  void operator()(SwrContext* s) const { swr_free(&s); }
  void operator()(SwsContext* s) const { sws_freeContext(s); }
};
template <typename T>
using AvPtr = std::unique_ptr<T, AvFree>;

}  // namespace ombra::media
