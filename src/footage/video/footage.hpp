#pragma once
// A video (or a folder of numbered images) of a dancer -> pictures of a data set, in two passes: a look at frames
// spread over it decides key, background and crop; then every frame is read once, and its picture goes to disk. Memory
// does not grow with the length. Thread: one caller; decodes on threads of its own.

#include "footage/data/data_set.hpp"
#include "footage/video/framing.hpp"
#include "footage/video/key.hpp"
#include "footage/video/pauses.hpp"
#include "footage/video/picture_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct FootageOptions {
  int width = 96, height = 96;
  PictureKind picture = PictureKind::kDistance;
  double fps = 30.0;                  // of the data set
  double image_fps = 25.0;            // at which numbered images were taken
  double start_s = 0.0, end_s = 0.0;  // end 0: to the end
  KeySpec key;
  CropSpec crop;
  bool invert = false;
  int threads = 0;  // of the decoder; 0: two
};

struct Footage {
  std::filesystem::path path;
  std::string name;           // of the file without its ending, or of the folder
  double fps = 0.0;           // of the video itself, its mean; 0: unknown
  double base_fps = 0.0;      // where it moves; as fps where there are hardly any pauses
  double file_seconds = 0.0;  // of the whole video; 0: unknown
  double duration_s = 0.0;    // of what lies between start and end; 0: unknown
  bool has_sound = false;
  double sound_start_s = 0.0;            // from the first frame
  std::int64_t first = 0, frames = 0;    // pictures in the file of pictures
  std::int64_t damaged = 0;              // frames of the video that could not be read
  double skipped_s = 0.0;                // time stamps that jumped further than can be
  Pauses pauses;                         // while they last the last picture is held
  std::int64_t touching = 0, empty = 0;  // pictures with the figure at the edge, and with none
  std::vector<double> speed;             // of each picture; see PictureMaker::change
  std::string key, crop;                 // what was decided, in words
};

// -> what is known of a video before it is read: name, rate, length, sound. Throws Error when it is no video.
Footage look_up(const std::filesystem::path& path, const FootageOptions& options);

// Appends the pictures of footage.path to the file and fills in the rest. Says on the log what was chosen and why.
// Throws Error: nothing could be read, interrupted, disk full.
void read_footage(Footage& footage, const FootageOptions& options, PictureFile& pictures);

}  // namespace ombra::train
