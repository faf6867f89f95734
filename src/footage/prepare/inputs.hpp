#pragma once
// What there is to prepare among files and folders: motion capture, videos, folders of numbered images.
// Thread: any.

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

struct Inputs {
  std::vector<std::filesystem::path> motion;  // .trc and .bvh files, sorted
  std::vector<std::filesystem::path> videos;  // files and folders of images, sorted
  std::vector<std::string> passed_over;       // what folders hold besides, by name and with the reason
};

// A folder gives its motion files; one without any gives its videos; one without those is a video itself when it holds
// images. What is no footage for all its name (media/read/leftovers.hpp) is passed over in a folder; a file that is
// given by name is taken as it is, for a video where it is no motion. Throws Error when something does not exist or
// holds nothing.
Inputs find_inputs(const std::vector<std::filesystem::path>& given);

}  // namespace ombra::train
