#pragma once
// The file under a VideoWriter: streams of packets put in order and written to a temporary name.
// Thread: one owner.

#include "media/av_check.hpp"

#include <string>

namespace ombra::media {

class Muxer {
 public:
  // part: the file to write; file: its name in messages. Throws Error: no such folder, not allowed.
  Muxer(std::string part, std::string file, const char* kind);
  ~Muxer();
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  bool wants_global_header() const { return (context_->oformat->flags & AVFMT_GLOBALHEADER) != 0; }
  // A stream of what codec, which is open, encodes; before begin().
  AVStream* add(const AVCodecContext& codec);
  void begin();
  // Sends frame (null: the end) to codec and writes the packets that come out. duration: of a packet without one, in
  // the time base of codec; 0: leave it so. Throws Error, e.g. when the disk is full.
  void encode(AVCodecContext& codec, const AVStream& stream, const AVFrame* frame, std::int64_t duration);
  void end();
  // Closes and removes the file. Nothing happens after end(), or the second time.
  void discard() noexcept;

  const std::string& file() const { return file_; }

 private:
  const std::string part_, file_;
  AVFormatContext* context_ = nullptr;
  bool begun_ = false;  // the header is written, the trailer not
  AvPtr<AVPacket> packet_;
};

}  // namespace ombra::media
