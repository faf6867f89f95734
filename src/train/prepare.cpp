#include "train/prepare.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "model/strokes.hpp"
#include "train/body.hpp"
#include "train/contact_sheet.hpp"
#include "train/filters.hpp"
#include "train/picture_pose.hpp"
#include "train/pulse.hpp"
#include "train/soundtrack.hpp"

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

void check(const PrepareOptions& o) {
  if (o.inputs.empty()) throw UsageError("no footage given\nhint: ombra prepare FOLDER -o DATA.safetensors");
  if (o.output.extension() != ".safetensors") {
    throw UsageError(
        fmt::format("{}: a data set's name ends in .safetensors\nhint: -o data/dance.safetensors", o.output.string()));
  }
  if (!(o.fps >= 5.0 && o.fps <= 240.0)) throw UsageError(fmt::format("{} frames/s\nhint: 5 to 240", o.fps));
  if (o.size < 16 || o.size > 1024) throw UsageError(fmt::format("pictures of {} pixels\nhint: 16 to 1024", o.size));
  if (o.yaws.empty() || o.yaws.size() > 36) throw UsageError("give 1 to 36 camera angles\nhint: --yaw 0 -40 40");
}

bool is_motion(const fs::path& path) {
  std::string kind = path.extension().string();
  for (char& c : kind) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return kind == ".trc" || kind == ".bvh";
}

void stop_if_interrupted() {
  if (interrupted()) throw error("interrupted: no data set was written\nhint: run it again");
}

// Speed of the joints (mean over joints, m/s), smoothed as a window of half a beat would.
std::vector<double> joint_speed(std::span<const Pose2> poses, double fps, double bpm) {
  std::vector<double> v(poses.size(), 0.0);
  for (std::size_t t = 1; t < poses.size(); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j) {
      v[t] += std::hypot(poses[t][j].x - poses[t - 1][j].x, poses[t][j].y - poses[t - 1][j].y) * fps / kJoints;
    }
  }
  if (v.size() > 1) v[0] = v[1];
  const double half_beat_frames = 30.0 / (bpm > 0.0 ? bpm : 110.0) * fps;
  return gaussian_filter(v, half_beat_frames / std::sqrt(12.0));
}

// Beats from the exact tempo, else from the soundtrack, else from the motion. first: frame of the take at which the
// views begin.
Pulse pulse_of(const MotionClip& take, std::span<const std::vector<Pose2>> views, double first, double fps) {
  if (take.exact_bpm > 0.0 || take.soundtrack.empty()) return find_pulse(views, fps, take.exact_bpm);
  std::string reason = take.soundtrack.string() + ": no sure beat is heard";
  try {
    SoundBeats sound = read_beats(take.soundtrack, static_cast<double>(take.frames.size()) / take.fps);
    for (double& beat : sound.times_s) beat = beat * fps - first;
    Pulse pulse = pulse_of_sound(views, fps, sound.times_s, sound.confidence);
    if (pulse.source == "soundtrack" && sound.confidence >= kSureOfSound) return pulse;
  } catch (const Error& e) {
    reason = e.what();
    reason = reason.substr(0, reason.find('\n'));
  }
  log::warn("{}; {} gets its beat from the motion", reason, take.name);
  return find_pulse(views, fps, 0.0);
}

void add_take(const MotionClip& take, const PrepareOptions& o, DataTable& table, PrepareReport& report) {
  const std::vector<double> yaws = take.dims == 2 ? std::vector<double>{0.0} : o.yaws;
  std::vector<std::vector<Pose2>> views;
  for (const double yaw : yaws) views.push_back(to_picture(take, o.fps, yaw));
  const FrameRange range = active(views[0], o.fps);
  for (std::vector<Pose2>& view : views) {
    const auto first = view.begin() + static_cast<std::ptrdiff_t>(range.first);
    view = std::vector<Pose2>(first, first + static_cast<std::ptrdiff_t>(range.count));
  }
  const Pulse pulse = pulse_of(take, views, static_cast<double>(range.first), o.fps);
  log::debug("{}: {:.1f} s, {:.0f} BPM ({}), stops on the beat {:.2f}, shifted {:.2f}", take.name,
             static_cast<double>(range.count) / o.fps, pulse.bpm, pulse.source, pulse.alignment.on_beat,
             pulse.alignment.shifted);
  report.aligned += pulse.alignment.on_beat * static_cast<double>(range.count);
  report.shifted += pulse.alignment.shifted * static_cast<double>(range.count);
  report.take_frames += static_cast<std::int64_t>(range.count);
  ++report.takes;
  DataClip clip;
  clip.name = take.name;
  clip.source = take.source;
  clip.licence = take.licence;
  clip.fps = o.fps;
  clip.held_out = std::any_of(o.hold_out.begin(), o.hold_out.end(),
                              [&](const std::string& part) { return take.name.find(part) != std::string::npos; });
  clip.bpm = pulse.bpm;
  clip.beat_source = pulse.source;
  clip.beat_confidence = pulse.confidence;
  clip.beat_aligned = pulse.alignment.on_beat;
  clip.beat_shifted = pulse.alignment.shifted;
  clip.dims = take.dims;
  clip.party_score = take.party_score;
  for (std::size_t v = 0; v < views.size(); ++v) {
    const std::vector<double> energy = joint_speed(views[v], o.fps, pulse.bpm);
    for (const bool mirror : {false, true}) {
      if (mirror && !o.mirror) continue;
      const std::vector<Pose2> poses = mirror ? mirrored(views[v]) : views[v];
      clip.yaw = yaws[v];
      clip.mirrored = mirror;
      clip.start = static_cast<std::int64_t>(table.pose.size());
      clip.length = static_cast<std::int64_t>(poses.size());
      table.clips.push_back(clip);
      table.pose.insert(table.pose.end(), poses.begin(), poses.end());
      for (std::size_t t = 0; t < poses.size(); ++t) {
        table.beat.push_back(static_cast<float>(pulse.beat_at(static_cast<double>(t))));
        table.energy.push_back(static_cast<float>(energy[t]));
      }
    }
  }
}

// Energy so far in m/s -> in parts of the mean over the frames that are trained on.
void normalise_energy(DataTable& table) {
  double sum = 0.0, count = 0.0;
  for (const bool held_out : {false, true}) {
    if (count > 0.0) break;  // when everything is held out its own mean serves
    for (const DataClip& clip : table.clips) {
      if (clip.held_out != held_out) continue;
      for (std::int64_t t = clip.start; t < clip.start + clip.length; ++t)
        sum += table.energy[static_cast<std::size_t>(t)];
      count += static_cast<double>(clip.length);
    }
  }
  const auto scale = static_cast<float>(sum > 0.0 ? count / sum : 0.0);
  for (float& e : table.energy) e *= scale;
}

// -> processor time of this thread: what drawing costs, however busy the machine is
double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Draws frames first .. of the table on several threads.
void draw_block(const DataTable& table, std::int64_t first, std::span<std::uint8_t> pictures, int threads,
                std::atomic<double>& busy_seconds) {
  const std::size_t area = table.picture_bytes();
  const std::size_t count = pictures.size() / area;
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    const double start = thread_seconds();
    for (std::size_t i = next++; i < count; i = next++) {
      draw_picture(table.pose[static_cast<std::size_t>(first) + i], table.height, pictures.subspan(i * area, area));
    }
    busy_seconds += thread_seconds() - start;
  };
  std::vector<std::jthread> helpers;
  for (int t = 1; t < threads; ++t) helpers.emplace_back(work);
  work();
}

// A row a take: twelve moments, seen from each side in turn; takes held out are tinted.
void write_sheet(const fs::path& path, const DataSet& data) {
  std::set<std::string> names;
  std::vector<SheetPicture> pictures;
  for (const DataClip& clip : data.clips()) {
    if (!names.insert(clip.name).second) continue;
    std::vector<const DataClip*> views;
    for (const DataClip& other : data.clips()) {
      if (other.name == clip.name && !other.mirrored) views.push_back(&other);
    }
    for (int k = 0; k < kSheetColumns; ++k) {
      const DataClip& view = *views[static_cast<std::size_t>(k) % views.size()];
      const std::int64_t at = view.start + (2 * k + 1) * view.length / (2 * kSheetColumns);
      pictures.push_back({data.picture(at), view.held_out});
    }
  }
  write_contact_sheet(path, pictures, {data.kind(), data.width(), data.height(), kSheetColumns});
}

}  // namespace

std::vector<fs::path> find_motion(const std::vector<fs::path>& inputs) {
  std::vector<fs::path> files;
  for (const fs::path& input : inputs) {
    std::error_code code;
    if (fs::is_directory(input, code)) {
      for (const auto& entry : fs::directory_iterator(input, code)) {
        if (is_motion(entry.path())) files.push_back(entry.path());
      }
      if (code) throw error("{}: {}\nhint: may the folder be read?", input.string(), code.message());
    } else if (fs::exists(input, code)) {
      files.push_back(input);
    } else {
      throw error("{}: no such file or folder\nhint: check the name", input.string());
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  if (files.empty()) throw error("{}: no motion file there\nhint: .trc and .bvh are read", inputs.front().string());
  return files;
}

void draw_picture(const Pose2& pose, int size, std::span<std::uint8_t> picture) {
  thread_local std::vector<float> field;
  field.resize(picture.size());
  model::draw_strokes(body_strokes(pose), size, field);
  const float scale = kUnitsPerPixel * static_cast<float>(size);
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const float units = std::clamp(field[i] * scale, static_cast<float>(-kMaxUnits), static_cast<float>(kMaxUnits));
    picture[i] = static_cast<std::uint8_t>(static_cast<std::int8_t>(units + (units < 0.0f ? -0.5f : 0.5f)));
  }
}

PrepareReport prepare(const PrepareOptions& options) {
  check(options);
  const double start = now_s();
  const std::vector<fs::path> files = find_motion(options.inputs);
  DataTable table;
  table.fps = options.fps;
  table.width = table.height = options.size;
  PrepareReport report;
  {
    Progress progress("reading", static_cast<std::int64_t>(files.size()));
    for (const fs::path& file : files) {
      stop_if_interrupted();
      add_take(read_motion(file), options, table, report);
      progress.add();
    }
  }
  report.aligned /= static_cast<double>(report.take_frames);
  report.shifted /= static_cast<double>(report.take_frames);
  normalise_energy(table);
  const int threads =
      options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  std::atomic<double> busy_seconds{0.0};
  report.frames = static_cast<std::int64_t>(table.pose.size());
  {
    Progress progress("drawing", report.frames);
    const auto area = static_cast<std::int64_t>(table.picture_bytes());
    write_data_set(options.output, table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
      stop_if_interrupted();
      draw_block(table, first, pictures, threads, busy_seconds);
      progress.add(static_cast<std::int64_t>(pictures.size()) / area);
    });
  }
  report.contact_sheet = fs::path(options.output).replace_extension(".png");
  write_sheet(report.contact_sheet, DataSet(options.output));
  for (const DataClip& clip : table.clips) report.held_out_frames += clip.held_out ? clip.length : 0;
  report.clips = static_cast<std::int64_t>(table.clips.size());
  report.bytes = fs::file_size(options.output);
  report.draw_ms_a_frame = 1e3 * busy_seconds.load() / static_cast<double>(std::max<std::int64_t>(1, report.frames));
  report.seconds = now_s() - start;
  return report;
}

}  // namespace ombra::train
