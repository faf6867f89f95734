#include "footage/motion/motion.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "footage/motion/bvh.hpp"
#include "footage/motion/manifest.hpp"
#include "footage/motion/skeleton.hpp"
#include "footage/motion/soundtrack.hpp"
#include "footage/motion/trc.hpp"

#include <algorithm>

namespace ombra::train {

MotionClip read_motion(const std::filesystem::path& path, const ManifestRow* more) {
  const std::string kind = lower(path.extension().string());
  if (kind != ".trc" && kind != ".bvh") {
    throw error("{}: no motion file\nhint: .trc and .bvh are read", path.string());
  }
  const std::string text = read_text(path, kMaxMotionBytes);
  MotionClip clip = kind == ".trc" ? parse_trc(text, path.string()) : parse_bvh(text, path.string());
  clip.name = path.stem().string();
  add_manifest(clip, path.parent_path(), more);
  if (clip.soundtrack.empty()) clip.soundtrack = soundtrack_beside(path);
  complete(clip, path.string());
  return clip;
}

std::vector<MotionClip> pieces_of(const MotionClip& clip) {
  constexpr double kShortestS = 2.0;
  if (clip.left_out.empty()) return {clip};
  std::vector<FrameSpan> out = clip.left_out;
  std::ranges::sort(out, {}, &FrameSpan::first);
  const auto count = static_cast<std::int64_t>(clip.frames.size());
  out.push_back({count, count});
  std::vector<MotionClip> pieces;
  std::int64_t next = 0;  // frame that belongs to no piece yet
  for (const FrameSpan& span : out) {
    const std::int64_t end = std::clamp<std::int64_t>(span.first, 0, count);
    if (static_cast<double>(end - next) >= kShortestS * clip.fps) {
      MotionClip piece = clip;
      piece.frames.assign(clip.frames.begin() + next, clip.frames.begin() + end);
      piece.left_out.clear();
      piece.from_s = clip.from_s + static_cast<double>(next) / clip.fps;
      if (!pieces.empty()) piece.name += fmt::format(" part {}", pieces.size() + 1);
      pieces.push_back(std::move(piece));
    }
    next = std::clamp<std::int64_t>(span.last + 1, next, count);
  }
  return pieces;
}

}  // namespace ombra::train
