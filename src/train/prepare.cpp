#include "train/prepare.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "core/progress.hpp"
#include "media/leftovers.hpp"
#include "media/video_sources.hpp"
#include "train/contact_sheet.hpp"
#include "train/inputs.hpp"
#include "train/prepare_footage.hpp"
#include "train/prepare_motion.hpp"
#include "train/preview.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>
#include <thread>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr int kSheetColumns = 12;
constexpr int kSheetWidth = 16384;           // at most, pixels
constexpr std::size_t kFrameBytes = 48 * 4;  // pose, beat, energy
constexpr double kLargeBytes = 8e9;          // from here on a person is asked
constexpr double kUsualFps = 30.0;

void check(const PrepareOptions& o) {
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
    throw UsageError(fmt::format("from {} s to {} s is nothing\nhint: --start before --end", o.start_s, o.end_s));
  }
}

void stop_if_interrupted() {
  if (interrupted()) throw error("interrupted: no data set was written\nhint: run it again");
}

// What is read may not be written over: motion with its sound beside it, videos, the images of folders.
void keep(const Inputs& inputs, ombra::Inputs& kept) {
  for (const fs::path& file : inputs.motion) kept.add_with_namesakes(file);
  for (const fs::path& video : inputs.videos) {
    std::error_code code;
    if (!fs::is_directory(video, code)) kept.add(video);
    for (fs::directory_iterator at(video, code), end; !code && at != end; at.increment(code)) {
      if (media::is_image_name(at->path()) && media::why_passed_over(at->path()).empty()) kept.add(at->path());
    }
  }
}

struct Outputs {
  fs::path sheet, preview;
};

// Throws UsageError when one is an input, or there is a picture or video of that name that no earlier run has made:
// then it is somebody's.
Outputs outputs_of(const PrepareOptions& o, bool footage) {
  const Outputs outputs{fs::path(o.output).replace_extension(".png"),
                        fs::path(o.output).replace_extension(".preview.mp4")};
  std::vector<fs::path> beside = {outputs.sheet};
  if (footage) beside.push_back(outputs.preview);
  claim(o.output);
  for (const fs::path& path : beside) {
    claim(path);
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored) && !media::made_by_ombra(path)) {
      throw UsageError(
          fmt::format("{}: exists, and {} would be written over it\nhint: another name for -o, or move it away",
                      path.string(), path == outputs.sheet ? "the contact sheet" : "the preview"));
    }
  }
  return outputs;
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
      throw UsageError(fmt::format(
          "{} has {:.2f} frames/s, {} has {:.2f}: every {} frames are not the same time\nhint: --fps {:.2f}",
          videos[0].name, own, video.name, video.fps, o.every, own / o.every));
    }
  }
  if (!(own / o.every >= 1.0))
    throw UsageError(fmt::format("{:.2f} frames/s are left\nhint: a smaller --every", own / o.every));
  return own / o.every;
}

// Says how large the data set will be, and gives up when the disk or the user does.
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

// -> processor time of this thread: what drawing costs, however busy the machine is
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

void turn_round(std::span<std::uint8_t> picture, int width, std::size_t channels) {
  const std::size_t row = static_cast<std::size_t>(width) * channels;
  for (std::size_t y = 0; y * row < picture.size(); ++y) {
    for (std::size_t left = 0, right = row - channels; left < right; left += channels, right -= channels)
      std::swap_ranges(&picture[y * row + left], &picture[y * row + left] + channels, &picture[y * row + right]);
  }
}

// All pictures of a data set: motion is drawn, footage is read back.
struct Pictures {
  const DataTable& table;
  std::size_t motion_clips;           // the first clips of the table; the others are footage
  std::vector<ClipPictures> footage;  // of the others
  const PictureFile* file;
  std::atomic<double> busy_seconds{0.0};  // drawing

  void picture(std::int64_t frame, std::span<std::uint8_t> out) const {
    const auto after = std::upper_bound(table.clips.begin(), table.clips.end(), frame,
                                        [](std::int64_t f, const DataClip& clip) { return f < clip.start; });
    const auto clip = static_cast<std::size_t>(after - table.clips.begin()) - 1;
    if (clip < motion_clips) {
      draw_picture(table.pose[static_cast<std::size_t>(frame)], table, out);
      return;
    }
    const ClipPictures& where = footage[clip - motion_clips];
    file->read(where.first + frame - table.clips[clip].start, out);
    if (where.mirrored) turn_round(out, table.width, static_cast<std::size_t>(table.channels()));
  }

  // Frames first .. on several threads.
  void block(std::int64_t first, std::span<std::uint8_t> out, int threads) {
    const std::size_t area = table.picture_bytes(), count = out.size() / area;
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::atomic<bool> failed{false};
    const auto work = [&] {
      const double start = thread_seconds();
      try {
        for (std::size_t i = next++; i < count && !failed; i = next++)
          picture(first + static_cast<std::int64_t>(i), out.subspan(i * area, area));
      } catch (...) {
        if (!failed.exchange(true)) failure = std::current_exception();
      }
      busy_seconds += thread_seconds() - start;
    };
    {
      std::vector<std::jthread> helpers;
      for (int t = 1; t < threads; ++t) helpers.emplace_back(work);
      work();
    }
    if (failure) std::rethrow_exception(failure);
  }
};

// A row a take: twelve moments, seen from each side in turn; takes held out are tinted.
void write_sheet(const fs::path& path, const DataSet& data) {
  const int columns = std::clamp(kSheetWidth / data.width(), 1, kSheetColumns);
  std::set<std::string> names;
  std::vector<SheetPicture> pictures;
  for (const DataClip& clip : data.clips()) {
    if (!names.insert(clip.name).second) continue;
    std::vector<const DataClip*> views;
    for (const DataClip& other : data.clips()) {
      if (other.name == clip.name && !other.mirrored) views.push_back(&other);
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

}  // namespace

PrepareReport prepare(const PrepareOptions& options) {
  check(options);
  const double start = now_s();
  const Inputs inputs = find_inputs(options.inputs);
  ombra::Inputs kept;
  keep(inputs, kept);
  const Outputs outputs = outputs_of(options, !inputs.videos.empty());
  FootageOptions reading = footage_options(options);
  std::vector<Footage> videos = look_up_all(inputs.videos, reading);
  DataTable table;
  table.fps = reading.fps = rate_of(options, videos);
  table.width = options.picture_width();
  table.height = options.size;
  table.picture = options.picture;
  PrepareReport report;
  report.fps = table.fps;
  report.passed_over = inputs.passed_over;
  if (!inputs.motion.empty()) {
    Progress progress("reading", static_cast<std::int64_t>(inputs.motion.size()));
    for (const fs::path& file : inputs.motion) {
      stop_if_interrupted();
      add_motion(read_motion(file), options, table.fps, table, report);
      progress.add();
    }
  }
  const std::size_t motion_clips = table.clips.size();
  normalise_energy(table, table.clips);
  announce(options, table, videos);

  std::optional<PictureFile> file;
  Pictures pictures{table, motion_clips, {}, nullptr};
  if (!videos.empty()) {
    file.emplace(options.output.parent_path(), table.picture_bytes());
    bool nothing_held_out = true;
    for (const DataClip& clip : table.clips) nothing_held_out = nothing_held_out && !clip.held_out;
    for (const Footage& v : videos) nothing_held_out = nothing_held_out && !fits_a_name(v.name, options.hold_out);
    for (Footage& video : videos) {
      if (video.fps > 0.0 && table.fps > 1.02 * video.base_fps) {
        log::warn("{} has {:.2f} frames/s, the data set {:.2f}: some pictures are there twice", video.name,
                  video.base_fps, table.fps);
      }
      read_footage(video, reading, *file);
      for (const ClipPictures& clip : add_footage(video, options, nothing_held_out, table, report))
        pictures.footage.push_back(clip);
      video.speed = {};
    }
    file->flush();
    pictures.file = &*file;
    normalise_energy(table, std::span(table.clips).subspan(motion_clips));
  }
  report.aligned /= static_cast<double>(report.take_frames);
  report.shifted /= static_cast<double>(report.take_frames);
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  report.frames = static_cast<std::int64_t>(table.pose.size());
  {
    Progress progress(motion_clips > 0 ? "drawing" : "writing", report.frames);
    const auto area = static_cast<std::int64_t>(table.picture_bytes());
    write_data_set(options.output, table, [&](std::int64_t first, std::span<std::uint8_t> block) {
      stop_if_interrupted();
      pictures.block(first, block, threads);
      progress.add(static_cast<std::int64_t>(block.size()) / area);
    });
  }
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
