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

MotionClip read_motion(const std::filesystem::path& path) {
  const std::string kind = lower(path.extension().string());
  if (kind != ".trc" && kind != ".bvh") {
    throw error("{}: no motion file\nhint: .trc and .bvh are read", path.string());
  }
  const std::string text = read_text(path, kMaxMotionBytes);
  MotionClip clip = kind == ".trc" ? parse_trc(text, path.string()) : parse_bvh(text, path.string());
  clip.name = path.stem().string();
  add_manifest(clip, path.parent_path());
  if (clip.soundtrack.empty()) clip.soundtrack = soundtrack_beside(path);
  complete(clip, path.string());
  return clip;
}

}  // namespace ombra::train
