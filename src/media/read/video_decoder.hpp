#pragma once
// The pictures of one file, as its decoder gives them. The file is all that is opened: a play list or a film that
// points to other files or to the network gets nothing. Thread: one owner.

#include "media/read/av_check.hpp"

#include <cstdint>
#include <string>

namespace ombra::media {

class VideoDecoder {
 public:
  enum class Kind {
    kVideo,
    kStill,  // one picture in a file: no look ahead into the file, a picture with any fault counts as damaged
  };

  // Throws Error: no such file, not a video, no video stream, unknown codec, too large.
  VideoDecoder(std::string file, Kind kind, int threads);
  ~VideoDecoder();

  // -> false at the end. Pictures that are damaged are left out and counted.
  bool next(AVFrame& frame);
  // To the key frame at or before timestamp, in the time base of the stream; -> false where the file cannot do that,
  // and decoding goes on from the first picture.
  bool seek(std::int64_t timestamp);

  AVFormatContext& format() const { return *format_; }
  AVStream& stream() const { return *format_->streams[stream_]; }
  bool has_sound() const;
  std::int64_t damaged() const { return damaged_; }

 private:
  void open();
  void close();
  void open_file();
  void choose_stream();
  void open_codec();
  bool feed();
  void count_missing();

  // immutable after construction
  const std::string file_;
  const Kind kind_;
  const int threads_;
  // state
  AVIOContext* io_ = nullptr;
  AvPtr<AVFormatContext> format_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVPacket> packet_;
  int stream_ = -1;
  bool ended_ = false;
  bool missing_counted_ = false;
  int faults_in_a_row_ = 0;
  std::int64_t damaged_ = 0;
};

}  // namespace ombra::media
