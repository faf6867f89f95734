#include "footage/prepare/inputs.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "media/read/leftovers.hpp"
#include "media/read/video_sources.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> kMotion{".trc", ".bvh"};
constexpr std::array<std::string_view, 18> kVideo{".mp4", ".mov", ".m4v",  ".mkv", ".webm", ".avi",
                                                  ".gif", ".mpg", ".mpeg", ".ts",  ".mts",  ".m2ts",
                                                  ".wmv", ".flv", ".ogv",  ".3gp", ".vob",  ".mxf"};

template <std::size_t N>
bool is_one_of(const fs::path& path, const std::array<std::string_view, N>& endings) {
  const std::string ending = lower(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

// What a folder holds by its endings, without what is passed over.
struct Found {
  std::vector<fs::path> motion, videos;
  std::size_t images = 0;
};

void sort_in(const fs::path& file, Found& found, std::vector<std::string>& passed_over) {
  const bool motion = is_one_of(file, kMotion), video = is_one_of(file, kVideo), image = media::is_image_name(file);
  if (!motion && !video && !image) return;
  const std::string why = media::why_passed_over(file);
  if (!why.empty() && !(image && why == "empty")) {  // an empty image keeps its place among the numbered ones
    passed_over.push_back(fmt::format("{} ({})", file.filename().string(), why));
  } else if (motion) {
    found.motion.push_back(file);
  } else if (video) {
    found.videos.push_back(file);
  } else {
    ++found.images;
  }
}

void add_folder(const fs::path& folder, Inputs& inputs) {
  Found found;
  std::vector<std::string> passed_over;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
    sort_in(it->path(), found, passed_over);
  if (code) throw error("{}: {}\nhint: may the folder be read?", folder.string(), code.message());
  const auto others = [&](std::size_t count, const char* what) {
    if (count > 0) passed_over.push_back(fmt::format("{} {} in {}", count, what, folder.string()));
  };
  if (!found.motion.empty()) {
    others(found.videos.size(), "videos beside motion");
    inputs.motion.insert(inputs.motion.end(), found.motion.begin(), found.motion.end());
  } else if (!found.videos.empty()) {
    others(found.images, "images beside videos");
    inputs.videos.insert(inputs.videos.end(), found.videos.begin(), found.videos.end());
  } else if (found.images > 0) {
    inputs.videos.push_back(folder);
  } else {
    throw error("{}: no footage there{}\nhint: motion files (.trc, .bvh), videos or numbered images are read",
                folder.string(), passed_over.empty() ? "" : ", only " + passed_over[0]);
  }
  std::sort(passed_over.begin(), passed_over.end());
  inputs.passed_over.insert(inputs.passed_over.end(), passed_over.begin(), passed_over.end());
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
