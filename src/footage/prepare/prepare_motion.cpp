#include "footage/prepare/prepare_motion.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "footage/motion/body.hpp"
#include "footage/motion/filters.hpp"
#include "footage/motion/picture_pose.hpp"
#include "footage/motion/pulse.hpp"
#include "footage/motion/soundtrack.hpp"
#include "model/figure/strokes.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

// Speed of the joints (mean over joints, m/s).
std::vector<double> joint_speed(std::span<const Pose2> poses, double fps) {
  std::vector<double> v(poses.size(), 0.0);
  for (std::size_t t = 1; t < poses.size(); ++t) {
    for (std::size_t j = 0; j < kJoints; ++j) {
      v[t] += std::hypot(poses[t][j].x - poses[t - 1][j].x, poses[t][j].y - poses[t - 1][j].y) * fps / kJoints;
    }
  }
  if (v.size() > 1) v[0] = v[1];
  return v;
}

// Beats from the exact tempo, else from the soundtrack, else from the motion. first: frame of the take at which the
// views begin.
Pulse pulse_of(const MotionClip& take, std::span<const std::vector<Pose2>> views, double first, double fps) {
  if (take.exact_bpm > 0.0 || take.soundtrack.empty()) return find_pulse(views, fps, take.exact_bpm, first);
  std::string reason = take.soundtrack.string() + ": no clear beat is heard";
  try {
    SoundBeats sound = read_beats(take.soundtrack, take.from_s + static_cast<double>(take.frames.size()) / take.fps);
    for (double& beat : sound.times_s) beat = beat * fps - first;
    Pulse pulse = pulse_of_sound(views, fps, sound.times_s, sound.confidence);
    if (pulse.source == "soundtrack" && sound.confidence >= kSureOfSound) return pulse;
  } catch (const Error& e) {
    reason = e.what();
    reason = first_line(reason);
  }
  log::warn("{}; {} gets its beat from the motion", reason, take.name);
  return find_pulse(views, fps, 0.0, first);
}

void forget_depth(std::vector<Pose3>& poses) {
  for (Pose3& pose : poses) pose.fill({NAN, NAN, NAN});
}

// A stroke of a picture with a smaller share of a larger one: both have the same lower edge and the same middle.
model::Stroke shrunk(const model::Stroke& s, float share) {
  return {s.ax * share, s.ay * share, s.ra * share, s.bx * share, s.by * share, s.rb * share};
}

}  // namespace

std::vector<double> smooth_over_half_beat(std::span<const double> speed, double fps, double bpm) {
  const double half_beat_frames = 30.0 / (bpm > 0.0 ? bpm : 110.0) * fps;
  return gaussian_filter(speed, half_beat_frames / std::sqrt(12.0));
}

void count_take(const Pulse& pulse, std::int64_t frames, PrepareReport& report) {
  report.aligned += pulse.alignment.on_beat * static_cast<double>(frames);
  report.shifted += pulse.alignment.shifted * static_cast<double>(frames);
  report.take_frames += frames;
  ++report.takes;
}

void note_pulse(const Pulse& pulse, DataClip& clip) {
  clip.bpm = pulse.bpm;
  clip.beat_source = pulse.source;
  clip.beat_confidence = pulse.confidence;
  clip.beat_aligned = pulse.alignment.on_beat;
  clip.beat_shifted = pulse.alignment.shifted;
}

bool is_held_out(const std::string& name, const PrepareOptions& o) {
  return std::any_of(o.hold_out.begin(), o.hold_out.end(),
                     [&](const std::string& part) { return name.find(part) != std::string::npos; });
}

// Every side of a take and its mirror, danced by one figure or by the mannequin (person < 0).
void add_views(const std::vector<std::vector<Pose3>>& views, const Pulse& pulse, const PrepareOptions& o,
               std::span<const double> yaws, DataClip clip, int person, DataTable& table, PeoplePictures& people) {
  for (std::size_t v = 0; v < views.size(); ++v) {
    const std::vector<double> energy =
        smooth_over_half_beat(joint_speed(flat(views[v]), clip.fps), clip.fps, pulse.bpm);
    for (const bool mirror : {false, true}) {
      if (mirror && !o.mirror) continue;
      std::vector<Pose3> space = mirror ? mirrored(views[v]) : views[v];
      const std::vector<Pose2> poses = flat(space);
      clip.yaw = yaws[v];
      clip.mirrored = mirror;
      clip.start = static_cast<std::int64_t>(table.pose.size());
      clip.length = static_cast<std::int64_t>(poses.size());
      if (person >= 0) people.add_clip(person, clip);
      table.clips.push_back(clip);
      table.pose.insert(table.pose.end(), poses.begin(), poses.end());
      if (clip.dims == 2) forget_depth(space);
      table.pose3.insert(table.pose3.end(), space.begin(), space.end());
      for (std::size_t t = 0; t < poses.size(); ++t) {
        table.beat.push_back(static_cast<float>(pulse.beat_at(static_cast<double>(t))));
        table.beat_confidence.push_back(static_cast<float>(pulse.beat_confidence_at(static_cast<double>(t))));
        table.energy.push_back(static_cast<float>(energy[t]));
      }
    }
  }
}

void add_motion(const MotionClip& take, const PrepareOptions& o, double fps, DataTable& table, PeoplePictures& people,
                PrepareReport& report) {
  const std::vector<double> yaws = take.dims == 2 ? std::vector<double>{0.0} : o.yaws;
  std::vector<Pose3> space = to_space(take, fps);
  std::vector<std::vector<Pose3>> views;
  for (const double yaw : yaws) views.push_back(seen_from(space, fps, yaw));
  const FrameRange range = active(flat(views[0]), fps);
  const auto cut = [&](auto& frames) {
    const auto first = frames.begin() + static_cast<std::ptrdiff_t>(range.first);
    frames = std::decay_t<decltype(frames)>(first, first + static_cast<std::ptrdiff_t>(range.count));
  };
  cut(space);
  std::vector<std::vector<Pose2>> pictures;
  for (std::vector<Pose3>& view : views) cut(view), pictures.push_back(flat(view));
  const Pulse pulse = pulse_of(take, pictures, take.from_s * fps + static_cast<double>(range.first), fps);
  log::debug("{}: {:.1f} s, {:.0f} BPM ({}), stops on the beat {:.2f}, shifted {:.2f}", take.name,
             static_cast<double>(range.count) / fps, pulse.bpm, pulse.source, pulse.alignment.on_beat,
             pulse.alignment.shifted);
  count_take(pulse, static_cast<std::int64_t>(range.count), report);
  DataClip clip;
  clip.name = take.name;
  clip.source = take.source;
  clip.licence = take.licence;
  clip.fps = fps;
  clip.style = take.style;
  clip.pair = take.pair;
  clip.held_out = is_held_out(take.name, o);
  note_pulse(pulse, clip);
  clip.phrase_confidence = pulse.phrase_confidence;
  clip.dims = take.dims;
  clip.party_score = take.party_score;
  if (people.size() == 0) return add_views(views, pulse, o, yaws, clip, -1, table, people);
  people.add_take(std::move(space));
  for (const int person : people.next(o.people)) {
    clip.person = people.name(person);
    add_views(views, pulse, o, yaws, clip, person, table, people);
  }
}

void store_field(std::span<const float> field, int side, const DataTable& format, std::span<std::uint8_t> picture) {
  const int left = (side - format.width) / 2, top = side - format.height;
  const float scale = kUnitsPerPixel * static_cast<float>(side);
  const auto channels = static_cast<std::size_t>(format.channels());
  std::uint8_t* to = picture.data();
  for (int y = 0; y < format.height; ++y) {
    for (int x = 0; x < format.width; ++x, to += channels) {
      const float d = field[static_cast<std::size_t>((top + y) * side + left + x)] * scale;
      const float units = std::clamp(d, static_cast<float>(-kMaxUnits), static_cast<float>(kMaxUnits));
      if (format.picture == PictureKind::kDistance) {
        *to = static_cast<std::uint8_t>(static_cast<std::int8_t>(units + (units < 0.0f ? -0.5f : 0.5f)));
      } else if (format.picture == PictureKind::kBinary) {
        *to = units < 0.0f ? 0 : 255;
      } else {
        std::fill_n(to, channels,
                    static_cast<std::uint8_t>(255.0f * std::clamp(0.5f + units / kUnitsPerPixel, 0.0f, 1.0f) + 0.5f));
      }
    }
  }
}

void draw_picture(const Pose2& pose, const DataTable& format, std::span<std::uint8_t> picture) {
  const int side = side_of(format);
  thread_local std::vector<float> field;
  field.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  auto strokes = body_strokes(pose);
  if (side != format.height) {
    for (model::Stroke& stroke : strokes)
      stroke = shrunk(stroke, static_cast<float>(format.height) / static_cast<float>(side));
  }
  model::draw_strokes(strokes, side, field);
  store_field(field, side, format, picture);
}

void draw_picture(const Pose2& pose, int size, std::span<std::uint8_t> picture) {
  DataTable format;
  format.width = format.height = size;
  draw_picture(pose, format, picture);
}

}  // namespace ombra::train
