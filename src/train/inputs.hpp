#pragma once
// What there is to prepare among files and folders: motion capture, videos, folders of numbered images.
// Thread: any.

#include <filesystem>
#include <vector>

namespace ombra::train {

struct Inputs {
  std::vector<std::filesystem::path> motion;  // .trc and .bvh files, sorted
  std::vector<std::filesystem::path> videos;  // files and folders of images, sorted
};

// A folder gives its motion files; one without any gives its videos; one without those is a video itself when it holds
// images. A file that is no motion is taken for a video. Throws Error when something does not exist or holds nothing.
Inputs find_inputs(const std::vector<std::filesystem::path>& given);

}  // namespace ombra::train
