#pragma once
// The file, or the connection, under everything that is written here: streams of packets, put in order.
// Thread: one owner.

#include "media/read/av_check.hpp"
#include "media/write/patience.hpp"

#include <cstdint>
#include <string>

namespace ombra::media {

enum class Keep {
  kWhole,   // a file that is of no use until it is complete: part is removed by its owner (core/new_file.hpp)
  kPieces,  // what was written stays and plays whatever happens: pieces of at most kPieceS, each given to the system
            // at once (fragments of MP4 and MOV, clusters of Matroska)
  kSent,    // nothing is kept: packets go into a network, each at once
};
inline constexpr double kPieceS = 0.8;
inline constexpr double kConnectS = 6.0, kSendS = 4.0;

class Muxer {
 public:
  // part: the file to write (for "image2" a pattern with %06d); file: its name in messages; kind: of FFmpeg's muxers.
  // Throws Error: no such folder, not allowed.
  Muxer(std::string part, std::string file, const char* kind, Keep keep = Keep::kWhole);
  // Sends to a stream's address (media/share/stream_url.hpp holds those that are allowed), of which messages say only
  // file. Connects, which waits for the network; this and all that writes wait as long as patience, which must outlive
  // it, lets them: kConnectS, then kSendS a packet; where it listens, the first as long as patience itself. Throws
  // Error: nobody answers.
  Muxer(const std::string& url, std::string file, const char* kind, Patience& patience, bool listens);
  ~Muxer();
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  bool wants_global_header() const { return (context_->oformat->flags & AVFMT_GLOBALHEADER) != 0; }
  // A stream of what codec, which is open, encodes; before begin().
  AVStream* add(const AVCodecContext& codec);
  // comment: kept in the file, unless empty, where its kind has a place for it.
  void begin(const std::string& comment = "");
  // Sends frame (null: the end) to codec and writes the packets that come out. duration: of a packet without one, in
  // the time base of codec; 0: leave it so. Throws Error, e.g. when the disk is full.
  void encode(AVCodecContext& codec, const AVStream& stream, const AVFrame* frame, std::int64_t duration);
  // Writes one packet, whose times are in time_base. Throws Error, e.g. when the disk is full.
  void put(AVPacket& packet, AVRational time_base, const AVStream& stream);
  void end();
  // Closes the file where it is. Nothing happens after end(), or the second time.
  void discard() noexcept;

  const std::string& file() const { return file_; }
  std::int64_t bytes() const { return bytes_; }  // of all packets so far

 private:
  void allow_to_send();

  const std::string part_, file_;
  const Keep keep_;
  Patience* patience_ = nullptr;  // of a stream
  AVFormatContext* context_ = nullptr;
  bool begun_ = false;      // the header is written, the trailer not
  bool broken_ = false;     // a write has failed
  std::int64_t whole_ = 0;  // bytes of the file up to the end of the last piece that is complete
  AvPtr<AVPacket> packet_;
  std::int64_t bytes_ = 0;
};

}  // namespace ombra::media
