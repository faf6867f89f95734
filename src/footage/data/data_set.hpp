#pragma once
// A data set on disk: pictures of dancers as distances, with pose, beat and energy per frame. One safetensors file.
//
//   frames       as metadata "picture" says:
//     distance   I8  [N, H, W]   signed distance to the outline in 1/15 pixel, outside positive, clamped to +-8 pixels
//     binary     U8  [N, H, W]   0 figure, 255 ground
//     gray       U8  [N, H, W]   0 black .. 255 white
//     rgb        U8  [N, H, W, 3]
//   pose3        F32 [N, 20, 3]  the same with depth, z towards the viewer, from the dancer's place; NaN where it is
//   not
//                                known (keypoints of videos, footage); not in every set
//   pose         F32 [N, 20, 2]  joints in the picture plane (motion.hpp), x from the middle, y above the floor,
//   metres;
//                                NaN where they are not known (footage)
//   beat         F32 [N]         beats since the clip's start, continuous, whole numbers on the beat; NaN: unknown
//   beat_sure    F32 [N]         0..1, how clearly the movement is on the beat there; sets without it are as sure
//   everywhere
//                                as the clip's beat_confidence
//   energy       F32 [N]         speed of the joints, smoothed over half a beat, over the mean of all training frames
//   clip_start   I64 [C]
//   clip_length  I64 [C]
//   metadata: format "ombra-data-set", version "2", picture, fps, width, height, metres (height of the picture), clips
//   (JSON, one object a clip)
//
// Thread: any, once constructed.

#include "footage/motion/motion.hpp"
#include "model/figure/picture_kind.hpp"
#include "model/figure/safetensors.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ombra::train {

inline constexpr float kUnitsPerPixel = 15.0f;
inline constexpr int kMaxUnits = 120;

using model::PictureKind;

// One take seen by one camera.
struct DataClip {
  std::string name, source, licence;
  std::string style, pair;      // MotionClip
  std::string person;           // the figure that dances it; empty: the mannequin, or footage
  double fps = 0.0, yaw = 0.0;  // degrees
  bool mirrored = false, held_out = false;
  double bpm = 0.0;         // mean tempo; 0: unknown
  std::string beat_source;  // "exact tempo", "soundtrack", "motion" or "none"
  double beat_confidence = 0.0, beat_aligned = 0.0, beat_shifted = 0.0;  // Pulse and Alignment in pulse.hpp
  double phrase_confidence = 0.0;  // Pulse: how sure it is that beats 0, 8, 16 ... begin phrases
  int dims = 0, party_score = 0;
  std::int64_t start = 0, length = 0;  // frames
};

// Everything of a data set but its pictures.
struct DataTable {
  double fps = 30.0;
  int width = 96, height = 96;
  PictureKind picture = PictureKind::kDistance;
  std::vector<DataClip> clips;
  std::vector<Pose2> pose;
  std::vector<Pose3> pose3;  // as many, or none
  std::vector<float> beat, beat_confidence, energy;

  int channels() const { return model::channels_of(picture); }
  std::size_t picture_bytes() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(channels());
  }
};

// Writes whole or not at all. draw(first, pictures) fills pictures[n][H][W] or [n][H][W][3] with frames first ..
// first + n - 1, as the format says (distances as signed bytes); it is called in order and may throw to give up.
// Throws Error.
void write_data_set(const std::filesystem::path& path, const DataTable& table,
                    const std::function<void(std::int64_t first, std::span<std::uint8_t> pictures)>& draw);

class DataSet {
 public:
  // Maps and checks the file. Throws Error naming file and tensor.
  explicit DataSet(const std::filesystem::path& path);

  std::int64_t frames() const { return frames_; }  // N
  int width() const { return width_; }
  int height() const { return height_; }
  PictureKind kind() const { return kind_; }
  int channels() const { return model::channels_of(kind_); }
  double fps() const { return fps_; }
  double metres() const { return metres_; }
  const std::vector<DataClip>& clips() const { return clips_; }
  // [H][W] or [H][W][3] of frame i; distances are signed bytes, in picture heights = value / (15 H)
  std::span<const std::uint8_t> picture(std::int64_t i) const;
  const Pose2& pose(std::int64_t i) const { return poses_[static_cast<std::size_t>(i)]; }
  std::span<const Pose2> poses() const { return poses_; }
  std::span<const Pose3> poses_in_space() const { return poses_in_space_; }  // empty: an older set
  std::span<const float> beat() const { return beat_; }
  std::span<const float> beat_confidence() const { return beat_confidence_; }  // empty: not known frame by frame
  std::span<const float> energy() const { return energy_; }

 private:
  // immutable after construction
  model::SafetensorsFile file_;
  std::int64_t frames_ = 0;
  int width_ = 0, height_ = 0;
  PictureKind kind_ = PictureKind::kDistance;
  double fps_ = 0.0, metres_ = 0.0;
  std::vector<DataClip> clips_;
  std::span<const std::uint8_t> pictures_;
  std::span<const Pose2> poses_;
  std::span<const Pose3> poses_in_space_;
  std::span<const float> beat_, beat_confidence_, energy_;
};

}  // namespace ombra::train
