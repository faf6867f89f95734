#pragma once
// Addresses that a show can be sent to. What is secret in them (keys of streams, passwords) is not for messages or
// logs. Thread: any.

#include <string>
#include <vector>

namespace ombra::media {

struct StreamUrl {
  std::string url;                   // whole, for FFmpeg alone
  std::string shown;                 // for everybody: without what may be a key, "rtmp://live.example.org/app/..."
  std::vector<std::string> secrets;  // parts of url that shown lacks, as they stand there, decoded and encoded
  const char* muxer = "mpegts";      // of FFmpeg's: "flv" for RTMP
  bool listens = false;              // FFmpeg waits for whoever connects
};

// udp://, srt:// and tcp:// carry MPEG-TS, rtmp:// and rtmps:// FLV. Throws UsageError, which does not tell a key
// either: another kind of address, none of a host, or what no address holds.
StreamUrl stream_url(const std::string& text);

}  // namespace ombra::media
