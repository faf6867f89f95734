#pragma once
// Footage as part of a data set: read to disk, with its beats, the end of it held out, mirrored copies added.
// Thread: one caller.

#include "footage/prepare/prepare.hpp"
#include "footage/video/footage.hpp"

#include <span>
#include <vector>

namespace ombra::train {

// Where the pictures of a clip lie in the file of pictures.
struct ClipPictures {
  std::int64_t first = 0;
  bool mirrored = false;
};

// How many of the last frames of a video are held out; 0: none, or the video is too short to be divided.
// nothing_held_out: no name was given that fits anything.
std::int64_t held_out_frames(std::int64_t frames, double fps, const PrepareOptions& options, bool nothing_held_out);

// Appends what was read to the table: one clip, or two when the end is held out, and their mirrored copies.
// -> for each clip where its pictures lie
std::vector<ClipPictures> add_footage(const Footage& footage, const PrepareOptions& options, bool nothing_held_out,
                                      DataTable& table, PrepareReport& report);

}  // namespace ombra::train
