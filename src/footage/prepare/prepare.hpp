#pragma once
// Dance in, data set out: videos, folders of numbered images and motion capture, several at once.
// Motion is drawn from several sides. Its pulse comes from the exact tempo where manifest.csv has it; else from the
// soundtrack, which manifest.csv names or which lies beside the motion (clip.trc, clip.wav); else, or when no sure beat
// is heard in it, from the motion itself. Footage is keyed (footage/video/footage.hpp); its pulse comes from its own
// sound, else from how the pictures change. Thread: one caller; draws on several threads inside.

#include "footage/data/data_set.hpp"
#include "footage/video/framing.hpp"
#include "footage/video/key.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ombra::train {

// The end of a video, kept for evaluation.
struct HeldOutEnd {
  double seconds = 0.0;
  double share = 0.0;  // of the video, instead of seconds
};

struct PrepareOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path
      output;        // .safetensors; a contact sheet (.png) and, of footage, a preview (.preview.mp4) beside it
  double fps = 0.0;  // 0: of the first video, divided by every; 30 where there is only motion
  int every = 0;     // instead of fps: every n-th frame of the videos; 0: as many as fps has, at most 30 a second
  int size = 96;     // height of a picture, pixels
  int width = 0;     // 0: as wide as high
  PictureKind picture = PictureKind::kDistance;
  std::vector<double> yaws{0.0, -40.0, 40.0};  // camera angles for 3-D clips, degrees
  bool mirror = true;
  std::filesystem::path clips;   // table of clips that wins over manifests (clip_table.hpp); empty: none
  std::filesystem::path bodies;  // folder of figures that dance the motion (footage/people); empty: the mannequin does
  int people = 1;                // of them, how many dance each take; 0: all
  std::vector<std::string> hold_out;        // clips whose name contains one of these are kept for evaluation
  std::optional<HeldOutEnd> hold_out_last;  // of every video; nothing: a tenth, when nothing else is held out
  int threads = 0;                          // 0: one per core
  // footage only
  double start_s = 0.0, end_s = 0.0;  // end 0: to the end
  double image_fps = 25.0;            // of numbered images
  KeySpec key;
  CropSpec crop;
  bool invert = false;
  // asked with a question before a very large data set is written; nothing or true: go on
  std::function<bool(const std::string& question)> confirm;

  int picture_width() const { return width > 0 ? width : size; }
};

struct PrepareReport {
  std::int64_t frames = 0, held_out_frames = 0, takes = 0, clips = 0;  // take: a file; clip: a take seen from one side
  std::int64_t take_frames = 0;                                        // of all takes, each counted once
  // of footage: pictures without copies; those with the figure at the edge, with none; frames that cannot be read
  std::int64_t footage_frames = 0, touching = 0, empty = 0, damaged = 0;
  std::int64_t pauses = 0;               // of footage: stretches of over two seconds without a new frame
  double paused_s = 0.0, cut_s = 0.0;    // all of them in the videos, and how much of that is left out
  std::vector<std::string> passed_over;  // files of the folders that are no footage, each with the reason
  std::uint64_t bytes = 0;
  double fps = 0.0;
  double seconds = 0.0;                          // all of it
  double draw_ms_a_frame = 0.0;                  // of one core; 0 without motion
  double aligned = 0.0, shifted = 0.0;           // stops on the beat, and the control (pulse.hpp), weighted by length
  std::filesystem::path contact_sheet, preview;  // preview: of footage only
};

// Draws one pose into size x size distances of a data set.
void draw_picture(const Pose2& pose, int size, std::span<std::uint8_t> picture);
// The same as any picture of a data set; where it is wider than high the figure stands in the middle.
void draw_picture(const Pose2& pose, const DataTable& format, std::span<std::uint8_t> picture);

// Writes the data set, its contact sheet and its preview, or nothing (also after Ctrl-C, which ends in an Error).
PrepareReport prepare(const PrepareOptions& options);

}  // namespace ombra::train
