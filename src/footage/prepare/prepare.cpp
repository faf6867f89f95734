#include "footage/prepare/prepare.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "core/progress.hpp"
#include "footage/data/contact_sheet.hpp"
#include "footage/data/preview.hpp"
#include "footage/prepare/clip_table.hpp"
#include "footage/prepare/data_set_pictures.hpp"
#include "footage/prepare/inputs.hpp"
#include "footage/prepare/prepare_checks.hpp"
#include "footage/prepare/prepare_footage.hpp"
#include "footage/prepare/prepare_motion.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr int kSheetColumns = 12;
constexpr int kSheetWidth = 16384;  // at most, pixels
constexpr double kUsualFps = 30.0;

void stop_if_interrupted() {
  if (interrupted()) throw error("interrupted: no data set was written\nhint: run it again");
}

FootageOptions footage_options(const PrepareOptions& o) {
  FootageOptions f;
  f.width = o.picture_width();
  f.height = o.size;
  f.picture = o.picture;
  f.image_fps = o.image_fps;
  f.start_s = o.start_s;
  f.end_s = o.end_s;
  f.key = o.key;
  f.crop = o.crop;
  f.invert = o.invert;
  f.threads = o.threads;
  return f;
}

// -> what is known of each video, each with a name of its own
std::vector<Footage> look_up_all(const std::vector<fs::path>& videos, const FootageOptions& options) {
  std::vector<Footage> all;
  std::set<std::string> names;
  for (const fs::path& video : videos) {
    stop_if_interrupted();
    Footage footage = look_up(video, options);
    const std::string name = footage.name;
    for (int n = 2; !names.insert(footage.name).second; ++n) footage.name = fmt::format("{} {}", name, n);
    all.push_back(std::move(footage));
  }
  return all;
}

std::set<std::string> names_of(const std::vector<fs::path>& motion, const std::vector<Footage>& videos) {
  std::set<std::string> names;
  for (const fs::path& file : motion) names.insert(file.stem().string());
  for (const Footage& video : videos) names.insert(video.name);
  return names;
}

// Frames a second of the data set.
double rate_of(const PrepareOptions& o, const std::vector<Footage>& videos) {
  if (o.fps > 0.0) return o.fps;
  if (videos.empty()) return kUsualFps;
  const double own = videos[0].fps > 0.0 ? videos[0].fps : kUsualFps;
  if (o.every == 0) {
    const double moving = std::max(own, videos[0].base_fps);
    return moving / std::ceil(moving / (1.02 * kUsualFps));
  }
  for (const Footage& video : videos) {
    if (std::abs(video.fps - own) > 0.01 * own) {
      throw UsageError(
          fmt::format("{} has {:.2f} frames/s, {} has {:.2f}: every {} frames are different times\nhint: --fps {:.2f}",
                      videos[0].name, own, video.name, video.fps, o.every, own / o.every));
    }
  }
  if (!(own / o.every >= 1.0))
    throw UsageError(fmt::format("{:.2f} frames/s are left\nhint: a smaller --every", own / o.every));
  return own / o.every;
}

// Energy so far in a unit of the clips' own -> in parts of the mean over those clips that are trained on.
void normalise_energy(DataTable& table, std::span<const DataClip> clips) {
  double sum = 0.0, count = 0.0;
  for (const bool held_out : {false, true}) {
    if (count > 0.0) break;  // when everything is held out its own mean serves
    for (const DataClip& clip : clips) {
      if (clip.held_out != held_out) continue;
      for (std::int64_t t = clip.start; t < clip.start + clip.length; ++t)
        sum += table.energy[static_cast<std::size_t>(t)];
      count += static_cast<double>(clip.length);
    }
  }
  const auto scale = static_cast<float>(sum > 0.0 ? count / sum : 0.0);
  for (const DataClip& clip : clips) {
    for (std::int64_t t = clip.start; t < clip.start + clip.length; ++t)
      table.energy[static_cast<std::size_t>(t)] *= scale;
  }
}

// A row a take and figure: twelve moments, seen from each side in turn; takes held out are tinted.
void write_sheet(const fs::path& path, const DataSet& data) {
  const int columns = std::clamp(kSheetWidth / data.width(), 1, kSheetColumns);
  std::set<std::pair<std::string, std::string>> shown;  // take and figure
  std::vector<SheetPicture> pictures;
  for (const DataClip& clip : data.clips()) {
    if (!shown.emplace(clip.name, clip.person).second) continue;
    std::vector<const DataClip*> views;
    for (const DataClip& other : data.clips()) {
      if (other.name == clip.name && other.person == clip.person && !other.mirrored) views.push_back(&other);
    }
    const int rows = data.clips().size() > 4 || views.size() > 1 ? 1 : 3;  // of few clips more is shown
    for (int k = 0; k < rows * columns; ++k) {
      const DataClip& view = *views[static_cast<std::size_t>(k) % views.size()];
      const std::int64_t at = view.start + (2 * k + 1) * view.length / (2 * rows * columns);
      pictures.push_back({data.picture(at), view.held_out});
    }
  }
  const auto most = static_cast<std::size_t>(columns * (kSheetWidth / data.height()));
  if (pictures.size() > most) pictures.resize(most);
  write_contact_sheet(path, pictures, {data.kind(), data.width(), data.height(), columns});
}

bool fits_a_name(const std::string& name, const std::vector<std::string>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const std::string& p) { return name.find(p) != std::string::npos; });
}

// Names to hold out that no clip has: usually a slip of the pen.
void warn_of_unused(const std::vector<std::string>& parts, const std::vector<DataClip>& clips) {
  for (const std::string& part : parts) {
    if (std::ranges::none_of(clips, [&](const DataClip& clip) { return fits_a_name(clip.name, {part}); }))
      log::warn("--hold-out {}: no clip has this in its name", part);
  }
}

// Reads motion files into the table.
void add_all_motion(const std::vector<fs::path>& files, const ClipTable& said, const PrepareOptions& options,
                    DataTable& table, PeoplePictures& people, PrepareReport& report) {
  if (files.empty()) return;
  Progress progress("reading", static_cast<std::int64_t>(files.size()));
  for (const fs::path& file : files) {
    stop_if_interrupted();
    for (const MotionClip& piece : pieces_of(read_motion(file, said.row(file.stem().string()))))
      add_motion(piece, options, table.fps, table, people, report);
    progress.add();
  }
}

// Reads videos into the table and their pictures into file. -> which pictures are whose
std::vector<ClipPictures> add_all_footage(std::vector<Footage>& videos, const ClipTable& said,
                                          const FootageOptions& reading, const PrepareOptions& options,
                                          PictureFile& file, DataTable& table, PrepareReport& report) {
  bool nothing_held_out = true;
  for (const DataClip& clip : table.clips) nothing_held_out = nothing_held_out && !clip.held_out;
  for (const Footage& v : videos) nothing_held_out = nothing_held_out && !fits_a_name(v.name, options.hold_out);
  std::vector<ClipPictures> pictures;
  for (Footage& video : videos) {
    if (video.fps > 0.0 && table.fps > 1.02 * video.base_fps) {
      log::warn("{} has {:.2f} frames/s, the data set {:.2f}: some pictures are there twice", video.name,
                video.base_fps, table.fps);
    }
    read_footage(video, reading, file);
    const std::size_t first = table.clips.size();
    for (const ClipPictures& clip : add_footage(video, options, nothing_held_out, table, report))
      pictures.push_back(clip);
    for (DataClip& clip : std::span(table.clips).subspan(first)) said.describe(video.name, clip);
    video.speed = {};
  }
  file.flush();
  return pictures;
}

// The data set, its pictures drawn from motion or copied as they come. words: for the progress bar
void write_pictures(const PrepareOptions& options, const DataTable& table, DataSetPictures& pictures,
                    const char* words) {
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  Progress progress(words, static_cast<std::int64_t>(table.pose.size()));
  const auto area = static_cast<std::int64_t>(table.picture_bytes());
  write_data_set(options.output, table, [&](std::int64_t first, std::span<std::uint8_t> block) {
    stop_if_interrupted();
    pictures.block(first, block, threads);
    progress.add(static_cast<std::int64_t>(block.size()) / area);
  });
}

PeoplePictures people_for(const PrepareOptions& options, const Inputs& inputs) {
  if (options.bodies.empty()) return {};
  if (inputs.motion.empty())
    throw UsageError("figures dance motion capture, and there is none\nhint: leave out --bodies, or add .trc or .bvh");
  return PeoplePictures(options.bodies);
}

// Of footage no joints are known.
void forget_depth_of_footage(DataTable& table) {
  if (table.pose3.empty()) return;
  Pose3 unknown;
  unknown.fill({NAN, NAN, NAN});
  table.pose3.resize(table.pose.size(), unknown);
}

}  // namespace

PrepareReport prepare(const PrepareOptions& options) {
  check_options(options);
  const double start = now_s();
  const Inputs inputs = find_inputs(options.inputs);
  ombra::Inputs kept;
  keep_inputs(inputs, kept);
  kept.add(options.clips);
  const ClipTable said(options.clips);
  const PrepareOutputs outputs = outputs_of(options, !inputs.videos.empty());
  FootageOptions reading = footage_options(options);
  std::vector<Footage> videos = look_up_all(inputs.videos, reading);
  said.warn_of_others(names_of(inputs.motion, videos));
  DataTable table;
  table.fps = reading.fps = rate_of(options, videos);
  table.width = options.picture_width();
  table.height = options.size;
  table.picture = options.picture;
  PrepareReport report;
  report.fps = table.fps;
  report.passed_over = inputs.passed_over;
  PeoplePictures people = people_for(options, inputs);
  add_all_motion(inputs.motion, said, options, table, people, report);
  check_pairs(table.clips);
  const std::size_t motion_clips = table.clips.size();
  normalise_energy(table, table.clips);
  announce(options, table, videos);

  std::optional<PictureFile> file;
  DataSetPictures pictures{table, motion_clips, {}, nullptr, &people};
  if (!videos.empty()) {
    file.emplace(options.output.parent_path(), table.picture_bytes());
    pictures.footage = add_all_footage(videos, said, reading, options, *file, table, report);
    pictures.file = &*file;
    normalise_energy(table, std::span(table.clips).subspan(motion_clips));
  }
  warn_of_unused(options.hold_out, table.clips);
  forget_depth_of_footage(table);
  report.aligned /= static_cast<double>(report.take_frames);
  report.shifted /= static_cast<double>(report.take_frames);
  report.frames = static_cast<std::int64_t>(table.pose.size());
  write_pictures(options, table, pictures, motion_clips > 0 ? "drawing" : "writing");
  const DataSet data(options.output);
  report.contact_sheet = outputs.sheet;
  write_sheet(report.contact_sheet, data);
  if (!videos.empty()) {
    report.preview = outputs.preview;
    write_preview(report.preview, data);
  }
  for (const DataClip& clip : table.clips) report.held_out_frames += clip.held_out ? clip.length : 0;
  report.clips = static_cast<std::int64_t>(table.clips.size());
  report.bytes = fs::file_size(options.output);
  if (motion_clips > 0) {
    const std::int64_t drawn = motion_clips < table.clips.size() ? table.clips[motion_clips].start : report.frames;
    report.draw_ms_a_frame = 1e3 * pictures.busy_seconds.load() / static_cast<double>(std::max<std::int64_t>(1, drawn));
  }
  report.seconds = now_s() - start;
  return report;
}

}  // namespace ombra::train
