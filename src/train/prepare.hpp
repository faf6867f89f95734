#pragma once
// Dance footage in, data set out: reads motion, finds the pulse, draws the dancer from several sides.
// The pulse comes from the exact tempo where manifest.csv has it; else from the soundtrack, which manifest.csv names or
// which lies beside the motion (clip.trc, clip.wav); else, or when no sure beat is heard in it, from the motion itself.
// Thread: one caller; draws on several threads inside.

#include "train/data_set.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct PrepareOptions {
  std::vector<std::filesystem::path> inputs;  // .trc and .bvh files, or folders of them
  std::filesystem::path output;               // .safetensors; a contact sheet of the same name ends in .png
  double fps = 30.0;
  int size = 96;                               // pixels a side
  std::vector<double> yaws{0.0, -40.0, 40.0};  // camera angles for 3-D clips, degrees
  bool mirror = true;
  std::vector<std::string> hold_out;  // clips whose name contains one of these are kept for evaluation
  int threads = 0;                    // 0: one per core
};

struct PrepareReport {
  std::int64_t frames = 0, held_out_frames = 0, takes = 0, clips = 0;  // take: a file; clip: a take seen from one side
  std::int64_t take_frames = 0;                                        // of all takes, each counted once
  std::uint64_t bytes = 0;
  double seconds = 0.0;                 // all of it
  double draw_ms_a_frame = 0.0;         // of one core
  double aligned = 0.0, shifted = 0.0;  // stops on the beat, and the control (pulse.hpp), weighted by length
  std::filesystem::path contact_sheet;
};

// -> every motion file among the inputs, sorted. Throws Error when an input does not exist or there is no motion file.
std::vector<std::filesystem::path> find_motion(const std::vector<std::filesystem::path>& inputs);

// Draws one pose into size x size distances of a data set.
void draw_picture(const Pose2& pose, int size, std::span<std::uint8_t> picture);

// Writes the data set and its contact sheet, or nothing (also after Ctrl-C, which ends in an Error).
PrepareReport prepare(const PrepareOptions& options);

}  // namespace ombra::train
