#pragma once
// The kinds of video that are written here, live and offline alike: which container, which codecs. Thread: any.

#include "media/read/av_check.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ombra::media {

enum class VideoKind { kMp4, kMkv, kProRes, kFfv1, kGif, kPng, kMov };  // kPng: numbered pictures; kMov: H.264

struct VideoKindInfo {
  VideoKind kind;
  const char* ending;  // "": a folder
  const char* muxer;
  std::vector<const char*> encoders;  // live the first that opens is taken, offline the last: software
  const char* sound;                  // encoder; nullptr: none
  bool alpha;                         // can be transparent
};

const VideoKindInfo& about(VideoKind kind);

// -> ".mp4", ...; "" for a folder
inline std::string ending_of(VideoKind kind) { return about(kind).ending; }
// -> the kind of file that a name's ending asks for, H.264 where there is a choice (.mkv); nothing for other endings
std::optional<VideoKind> kind_of(const std::filesystem::path& path);
// -> what path's ending and codec ("h264", "prores", "ffv1", "gif", "png", or "": usual) ask for together. transparent:
// the usual codec is one that can be. Throws UsageError where they do not fit.
VideoKind kind_of(const std::filesystem::path& path, const std::string& codec, bool transparent);

// -> pictures a second as a fraction; 23.976, 29.97 and 59.94 are 24000/1001 and so on
AVRational frame_rate(double fps);

// -> the pattern of a name that a muxer writes numbered pictures to. path: a folder, or a pattern with %d or %06d
// itself
std::string numbered(const std::filesystem::path& path);
bool is_pattern(const std::filesystem::path& path);

}  // namespace ombra::media
