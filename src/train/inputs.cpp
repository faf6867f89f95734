#include "train/inputs.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kMotion{".trc", ".bvh"};
constexpr std::array<std::string_view, 18> kVideo{".mp4", ".mov", ".m4v",  ".mkv", ".webm", ".avi",
                                                  ".gif", ".mpg", ".mpeg", ".ts",  ".mts",  ".m2ts",
                                                  ".wmv", ".flv", ".ogv",  ".3gp", ".vob",  ".mxf"};
constexpr std::array<std::string_view, 8> kImage{".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff", ".ppm"};

template <std::size_t N>
bool is_one_of(const fs::path& path, const std::array<std::string_view, N>& endings) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

void add_folder(const fs::path& folder, Inputs& inputs) {
  std::vector<fs::path> motion, videos;
  std::size_t images = 0;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (is_one_of(entry.path(), kMotion)) motion.push_back(entry.path());
    if (is_one_of(entry.path(), kVideo)) videos.push_back(entry.path());
    if (is_one_of(entry.path(), kImage)) ++images;
  }
  if (code) throw error("{}: {}\nhint: may the folder be read?", folder.string(), code.message());
  if (!motion.empty()) {
    if (!videos.empty())
      log::info("{}: its motion files are taken, its {} videos are not", folder.string(), videos.size());
    inputs.motion.insert(inputs.motion.end(), motion.begin(), motion.end());
  } else if (!videos.empty()) {
    inputs.videos.insert(inputs.videos.end(), videos.begin(), videos.end());
  } else if (images > 0) {
    inputs.videos.push_back(folder);
  } else {
    throw error("{}: no footage there\nhint: motion files (.trc, .bvh), videos or numbered images are read",
                folder.string());
  }
}

void sort_once(std::vector<fs::path>& paths) {
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
}

}  // namespace

Inputs find_inputs(const std::vector<fs::path>& given) {
  Inputs inputs;
  for (const fs::path& path : given) {
    std::error_code code;
    if (fs::is_directory(path, code)) {
      add_folder(path, inputs);
    } else if (!fs::exists(path, code)) {
      throw error("{}: no such file or folder\nhint: check the name", path.string());
    } else if (is_one_of(path, kMotion)) {
      inputs.motion.push_back(path);
    } else {
      inputs.videos.push_back(path);
    }
  }
  sort_once(inputs.motion);
  sort_once(inputs.videos);
  return inputs;
}

}  // namespace ombra::train
