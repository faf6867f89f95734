#include "footage/prepare/prepare_checks.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "media/read/leftovers.hpp"
#include "media/read/video_sources.hpp"

#include <algorithm>
#include <map>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFrameBytes = (20 * 5 + 3) * 4;  // poses, beat, its confidence, energy
constexpr double kLargeBytes = 8e9;                    // from here on a person is asked

}  // namespace

void check_options(const PrepareOptions& o) {
  if (o.inputs.empty()) throw UsageError("no footage given\nhint: ombra prepare FOOTAGE -o DATA.safetensors");
  if (o.output.extension() != ".safetensors") {
    throw UsageError(
        fmt::format("{}: a data set's name ends in .safetensors\nhint: -o data/dance.safetensors", o.output.string()));
  }
  if (o.fps != 0.0 && !(o.fps >= 1.0 && o.fps <= 240.0))
    throw UsageError(fmt::format("{} frames/s\nhint: 1 to 240", o.fps));
  if (o.every < 0 || o.every > 1000) throw UsageError(fmt::format("every {} frames\nhint: 1 to 1000", o.every));
  if (o.every > 0 && o.fps > 0.0) throw UsageError("a rate and every n-th frame at once\nhint: --fps or --every");
  for (const int side : {o.size, o.picture_width()}) {
    if (side < 16 || side > 1024) throw UsageError(fmt::format("pictures of {} pixels\nhint: 16 to 1024", side));
  }
  if (o.yaws.empty() || o.yaws.size() > 36) throw UsageError("give 1 to 36 camera angles\nhint: --yaw 0 -40 40");
  if (o.start_s < 0.0 || (o.end_s > 0.0 && o.end_s <= o.start_s)) {
    throw UsageError(fmt::format("from {} s to {} s is empty\nhint: --start before --end", o.start_s, o.end_s));
  }
}

void check_pairs(const std::vector<DataClip>& clips) {
  std::map<std::string, const DataClip*> seen;  // by pair
  for (const DataClip& clip : clips) {
    if (clip.pair.empty()) continue;
    const DataClip* other = seen.emplace(clip.pair, &clip).first->second;
    if (other->held_out == clip.held_out) continue;
    throw UsageError(fmt::format("{} is held out and {} is not, and they are the pair '{}'\nhint: --hold-out with both",
                                 clip.held_out ? clip.name : other->name, clip.held_out ? other->name : clip.name,
                                 clip.pair));
  }
}

void keep_inputs(const Inputs& inputs, ombra::Inputs& kept) {
  for (const fs::path& file : inputs.motion) kept.add_with_namesakes(file);
  for (const fs::path& video : inputs.videos) {
    std::error_code code;
    if (!fs::is_directory(video, code)) kept.add(video);
    for (fs::directory_iterator at(video, code), end; !code && at != end; at.increment(code)) {
      if (media::is_image_name(at->path()) && media::why_passed_over(at->path()).empty()) kept.add(at->path());
    }
  }
}

PrepareOutputs outputs_of(const PrepareOptions& o, bool footage) {
  const PrepareOutputs outputs{fs::path(o.output).replace_extension(".png"),
                               fs::path(o.output).replace_extension(".preview.mp4")};
  std::vector<fs::path> beside = {outputs.sheet};
  if (footage) beside.push_back(outputs.preview);
  claim(o.output);
  for (const fs::path& path : beside) {
    claim(path);
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored) && !media::made_by_ombra(path)) {
      throw UsageError(fmt::format("{}: exists, and {} would replace it\nhint: another name for -o, or move it away",
                                   path.string(), path == outputs.sheet ? "the contact sheet" : "the preview"));
    }
  }
  return outputs;
}

void announce(const PrepareOptions& o, const DataTable& table, const std::vector<Footage>& videos) {
  double fresh = 0.0;  // pictures of footage
  for (const Footage& video : videos) fresh += video.duration_s * table.fps;
  const double frames = static_cast<double>(table.pose.size()) + fresh * (o.mirror ? 2.0 : 1.0);
  const double picture = static_cast<double>(table.picture_bytes()), whole = frames * (picture + kFrameBytes);
  const bool known = std::all_of(videos.begin(), videos.end(), [](const Footage& v) { return v.duration_s > 0.0; });
  log::info("{} will have {} {:.0f} {} pictures of {} x {}, {:.2f} a second: {:.0f} MB", o.output.string(),
            known ? "about" : "at least", frames, name_of(table.picture), table.width, table.height, table.fps,
            whole / 1e6);
  std::error_code code;
  fs::path folder = fs::absolute(o.output).parent_path();
  while (!fs::exists(folder, code) && folder.has_relative_path()) folder = folder.parent_path();
  const fs::space_info space = fs::space(folder, code);
  const double needed = whole + fresh * picture;  // pictures wait in a file until all are there
  if (!code && static_cast<double>(space.available) < needed) {
    throw error(
        "{}: {:.1f} GB are needed there, {:.1f} GB are free\nhint: --no-mirror, a lower --fps or a smaller --size",
        folder.string(), needed / 1e9, static_cast<double>(space.available) / 1e9);
  }
  if (whole > kLargeBytes && o.confirm && !o.confirm(fmt::format("Write {:.0f} GB?", whole / 1e9))) {
    throw error("nothing was written\nhint: --no-mirror, a lower --fps or a smaller --size make it smaller");
  }
}

}  // namespace ombra::train
