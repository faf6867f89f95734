#include "media/write/video_kind.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <regex>

namespace ombra::media {
namespace {

const std::array<VideoKindInfo, 7>& all() {
  static const std::array<VideoKindInfo, 7> kKinds = {{
      {VideoKind::kMp4, ".mp4", "mp4", {"h264_nvenc", "h264_vaapi", "libx264"}, "aac", false},
      {VideoKind::kMkv, ".mkv", "matroska", {"h264_nvenc", "h264_vaapi", "libx264"}, "aac", false},
      {VideoKind::kProRes, ".mov", "mov", {"prores_ks"}, "pcm_s16le", true},
      {VideoKind::kFfv1, ".mkv", "matroska", {"ffv1"}, "flac", true},
      {VideoKind::kGif, ".gif", "gif", {"gif"}, nullptr, false},
      {VideoKind::kPng, "", "image2", {"png"}, nullptr, true},
      {VideoKind::kMov, ".mov", "mov", {"h264_nvenc", "h264_vaapi", "libx264"}, "aac", false},
  }};
  return kKinds;
}

std::string lower_ending(const std::filesystem::path& path) { return lower(path.extension().string()); }

const char* codec_of(VideoKind kind) {
  constexpr std::array kNames = {"h264", "h264", "prores", "ffv1", "gif", "png", "h264"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace

const VideoKindInfo& about(VideoKind kind) { return all()[static_cast<std::size_t>(kind)]; }

AVRational frame_rate(double fps) {
  const double whole = std::round(fps * 1.001);
  if (std::abs(fps - std::round(fps)) > 1e-3 && std::abs(fps - whole / 1.001) < 1e-3 * fps / 24.0)
    return {static_cast<int>(whole) * 1000, 1001};
  return av_d2q(fps, 100000);
}

std::optional<VideoKind> kind_of(const std::filesystem::path& path) {
  const std::string ending = lower_ending(path);
  if (ending == ".png") return VideoKind::kPng;
  for (const VideoKindInfo& info : all()) {
    if (*info.ending != '\0' && ending == info.ending) return info.kind;
  }
  return std::nullopt;
}

VideoKind kind_of(const std::filesystem::path& path, const std::string& codec, bool transparent) {
  const std::string ending = lower_ending(path);
  const bool pictures = ending == ".png" || ending.empty();
  std::optional<VideoKind> chosen;
  for (const VideoKindInfo& info : all()) {
    const bool fits = pictures ? info.kind == VideoKind::kPng : ending == info.ending;
    const bool wanted = (codec.empty() || codec == codec_of(info.kind)) && (!transparent || info.alpha);
    if (fits && wanted && !chosen) chosen = info.kind;
  }
  // a name without an ending is a folder of pictures only where that was asked for
  if (chosen && (!ending.empty() || codec == "png")) return *chosen;
  if (transparent) {
    throw UsageError(
        fmt::format("{}: this kind of video cannot be transparent\nhint: .mov (ProRes 4444), .mkv (FFV1), or "
                    ".png for a folder of numbered pictures",
                    path.string()));
  }
  const std::string with = codec.empty() ? "" : " with " + codec;
  throw UsageError(
      fmt::format("{}: cannot write this kind of video{}\nhint: .mp4, .mkv and .mov with h264, .mov with prores, .mkv "
                  "with ffv1, .gif, and .png for a folder of numbered pictures",
                  path.string(), with));
}

bool is_pattern(const std::filesystem::path& path) {
  static const std::regex kNumber("[^%]*%(0[0-9]{1,2})?d[^%]*");
  return std::regex_match(path.filename().string(), kNumber);
}

std::string numbered(const std::filesystem::path& path) {
  const bool given = is_pattern(path);
  std::string pattern;  // where a % is no number it must be told from one
  for (const char c : given ? path.parent_path().string() : path.string()) {
    pattern += c == '%' ? "%%" : std::string(1, c);
  }
  if (given) return pattern.empty() ? path.filename().string() : pattern + "/" + path.filename().string();
  return pattern + "/frame_%06d.png";
}

}  // namespace ombra::media
