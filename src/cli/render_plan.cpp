#include "cli/render_plan.hpp"

#include "cli/ask.hpp"
#include "core/error.hpp"
#include "core/outputs.hpp"

#include <glob.h>
#include <unistd.h>

#include <set>
#include <system_error>

namespace ombra::cli {
namespace {

namespace fs = std::filesystem;

// A name that exists is itself, whatever is in it.
void expand(const std::string& word, std::vector<fs::path>& songs) {
  std::error_code ignored;
  if (fs::exists(word, ignored) || word.find_first_of("*?[") == std::string::npos) {
    songs.emplace_back(word);
    return;
  }
  glob_t found{};
  const int code = ::glob(word.c_str(), GLOB_TILDE, nullptr, &found);
  if (code == 0) songs.insert(songs.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (code != 0) throw error("{}: nothing fits this pattern\nhint: is this the folder of the songs?", word);
}

bool is_folder(const fs::path& output, std::size_t songs) {
  std::error_code ignored;
  if (!output.has_filename() || fs::is_directory(output, ignored)) return true;
  if (songs > 1 && output.has_extension()) {
    throw UsageError(fmt::format("{}: one file for {} songs\nhint: name a folder: -o videos/", output.string(), songs));
  }
  return songs > 1;
}

// Of numbered pictures: is the first one there?
bool exists(const RenderItem& item) {
  std::error_code ignored;
  if (item.kind != media::VideoKind::kPng) return fs::exists(item.output, ignored);
  if (!media::is_pattern(item.output)) return fs::exists(item.output / "frame_000001.png", ignored);
  const std::string name = item.output.filename().string();
  const std::size_t at = name.find('%'), end = name.find('d', at);
  const std::size_t digits = end > at + 1 ? std::stoul(name.substr(at + 1, end - at - 1)) : 1;
  const std::string first = fmt::format("{}{:0{}}{}", name.substr(0, at), 1, digits, name.substr(end + 1));
  return fs::exists(item.output.parent_path() / first, ignored);
}

// The ending of files in a folder.
std::string ending_of(const RenderPlan& plan) {
  const std::string codec = !plan.codec.empty() ? plan.codec : plan.transparent ? "prores" : "h264";
  for (const char* ending : {".mp4", ".mov", ".mkv", ".gif", ".png"}) {
    try {
      media::kind_of(std::string("x") + ending, codec, plan.transparent);
      return ending;
    } catch (const UsageError&) {
    }
  }
  throw UsageError(fmt::format("--codec {}: cannot be transparent\nhint: prores, ffv1 or png", codec));
}

// Before anything slow begins: may the output be written at all? -> why not, or empty
std::string refusal(const RenderItem& item, bool overwrite) {
  std::error_code ignored;
  const fs::path& output = item.output;
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) {
    return fmt::format("{}: no such folder\nhint: make it first, or choose another", folder.string());
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    return fmt::format("{}: this folder cannot be written\nhint: choose another with -o", folder.string());
  }
  if (!exists(item) || overwrite) return {};
  if (can_ask() && ask(fmt::format("{} exists. Replace it?", output.string()))) return {};
  return fmt::format("{}: exists already\nhint: --overwrite replaces it", output.string());
}

}  // namespace

std::vector<RenderItem> items_of(const RenderPlan& plan, Inputs& inputs) {
  std::vector<fs::path> songs;
  for (const std::string& word : plan.songs) expand(word, songs);
  for (const fs::path& song : songs) inputs.add(song);  // all of them: one's video may be called like another song
  const bool folder = is_folder(plan.output, songs.size());
  std::error_code code;
  if (folder && (fs::create_directories(plan.output, code), code)) {
    throw error("{}: cannot be made: {}\nhint: choose another folder with -o", plan.output.string(), code.message());
  }
  std::vector<RenderItem> items;
  const std::string ending = folder ? ending_of(plan) : "";
  std::set<fs::path> taken;
  for (const fs::path& song : songs) {
    const fs::path whole = song.has_filename() ? song : song.parent_path();
    fs::path output = plan.output;
    if (folder) output /= whole.stem().string() + ending;
    if (folder && !taken.insert(output).second) {  // two songs of one name: their endings tell them apart
      output = plan.output / (whole.filename().string() + ending);
      for (int n = 2; !taken.insert(output).second; ++n) {
        output = plan.output / fmt::format("{} {}{}", whole.filename().string(), n, ending);
      }
    }
    const media::VideoKind kind = media::kind_of(output, plan.codec, plan.transparent);
    if (kind == media::VideoKind::kPng && !media::is_pattern(output)) output.replace_extension();
    if (kind == media::VideoKind::kPng) {
      claim_numbered(media::numbered(output));
    } else {
      claim(output);
    }
    items.push_back({song, output, kind, {}});
  }
  for (RenderItem& item : items) item.refused = refusal(item, plan.overwrite);
  return items;
}

}  // namespace ombra::cli
