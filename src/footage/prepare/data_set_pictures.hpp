#pragma once
// The pictures of a data set that is being written, a block of frames at a time.
// Thread: one owner; block works on several threads inside.

#include "footage/data/data_set.hpp"
#include "footage/prepare/people_pictures.hpp"
#include "footage/prepare/prepare_footage.hpp"
#include "footage/video/picture_file.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::train {

// All pictures of a data set: motion is drawn, footage is read back.
struct DataSetPictures {
  const DataTable& table;
  std::size_t motion_clips;           // the first clips of the table; the others are footage
  std::vector<ClipPictures> footage;  // of the others
  const PictureFile* file;
  PeoplePictures* people;                 // who dances the motion; nobody: the mannequin
  std::atomic<double> busy_seconds{0.0};  // processor time of drawing

  // -> the clip that a frame is of
  std::size_t clip_of(std::int64_t frame) const;
  // One frame of the table; of people only where they are ready.
  void picture(std::int64_t frame, std::span<std::uint8_t> out) const;
  // Frames first .. on several threads.
  void block(std::int64_t first, std::span<std::uint8_t> out, int threads);
};

}  // namespace ombra::train
