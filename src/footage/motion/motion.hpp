#pragma once
// A piece of recorded movement: the joints of one dancer, frame by frame.
// Thread: any (values).

#include "model/figure/joints.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::train {

using model::kJoints;
using enum model::Joint;
using Joint = model::Joint;
using model::Joint2;
using model::Joint3;
using model::Pose2;
using model::Pose3;

// -> "LShoulder", ...
std::string_view joint_name(int joint);
// -> the same joint of the other side; middle joints are their own
int mirrored_joint(int joint);

// Frames of a file, the last one included.
struct FrameSpan {
  std::int64_t first = 0, last = 0;
  bool operator==(const FrameSpan&) const = default;
};

struct MotionClip {
  std::string name;  // of the file, without folder and extension
  double fps = 0.0;
  int dims = 3;  // 2: keypoints in the picture plane, z = 0
  std::vector<Pose3> frames;
  std::array<bool, kJoints> known{};      // joints that the file has
  std::vector<std::string> unused_names;  // of the file, which stand for no joint of ours; the first few
  double from_s = 0.0;                    // of the file: where the frames begin, once pieces are cut out of it
  // from the manifest beside the file, where there is one
  std::string licence, source;
  std::string style;                 // "hip hop", "salsa" ...; empty: not said
  std::string pair;                  // clips of one pair are trained on together or not at all; empty: danced alone
  std::vector<FrameSpan> left_out;   // frames of the file that are no dance or badly captured
  double exact_bpm = 0.0;            // 0: unknown
  int party_score = 0;               // 3 upright party dance .. 1 stage; 0: unknown
  std::filesystem::path soundtrack;  // of the manifest, else a sound file of the same stem; empty: none
};

// Limits that keep a broken or hostile file from filling the memory.
inline constexpr std::size_t kMaxMotionBytes = 256u << 20;
inline constexpr std::size_t kMaxMotionFrames = 1'000'000;

struct ManifestRow;  // manifest.hpp

// Reads .trc or .bvh (by extension), adds what a manifest.csv in the same folder says, and more, which wins over it
// (null: nothing), looks for the soundtrack, fills in missing joints and brings the dancer to one human size
// (skeleton.hpp). Throws Error with file, line and hint.
MotionClip read_motion(const std::filesystem::path& path, const ManifestRow* more = nullptr);

// -> what is left of a clip without the frames that are left out, in pieces of at least two seconds, the second of them
// named "NAME part 2" and so on; the clip itself where nothing is left out.
std::vector<MotionClip> pieces_of(const MotionClip& clip);

}  // namespace ombra::train
