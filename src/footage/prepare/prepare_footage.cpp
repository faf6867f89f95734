#include "footage/prepare/prepare_footage.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "footage/motion/pulse.hpp"
#include "footage/motion/soundtrack.hpp"
#include "footage/prepare/prepare_motion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombra::train {
namespace {

constexpr double kUsualShare = 0.1;  // held out when nobody says otherwise
constexpr double kShortestS = 1.0;   // a part of a video that is shorter is no clip
constexpr double kManyShare = 0.05;  // of pictures with the figure at the edge, or without one: worth a warning

Pose2 unknown_pose() {
  Pose2 pose;
  pose.fill({std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN()});
  return pose;
}

// Beats from the video's own sound, else from how its pictures change.
Pulse pulse_of(const Footage& footage, const PrepareOptions& o, double fps) {
  std::string reason = footage.name + " has no sound";
  if (footage.has_sound) {
    try {
      const Pauses& pauses = footage.pauses;
      const double begin_s = o.start_s - footage.sound_start_s;  // as the sound counts
      const double seconds = begin_s + static_cast<double>(footage.frames) / fps + pauses.cut_s();
      SoundBeats sound = read_beats(footage.path, std::max(0.0, seconds), footage.file_seconds);
      std::vector<double> beats;
      for (const double beat : sound.times_s) {
        if (const auto at_s = pauses.moved(beat - begin_s)) beats.push_back(*at_s * fps);
      }
      sound.times_s = std::move(beats);
      Pulse pulse = pulse_of_sound(footage.speed, fps, sound.times_s, sound.confidence);
      if (pulse.source == "soundtrack" && sound.confidence >= kSureOfSound) return pulse;
      reason = "no clear beat is heard in " + footage.name;
    } catch (const Error& e) {
      reason = e.what();
      reason = first_line(reason);
    }
  }
  log::info("{}: the beat is taken from the movement", reason);
  return find_pulse_of_speed(footage.speed, fps, 0.0);
}

void warn_about(const Footage& footage) {
  const auto frames = static_cast<double>(footage.frames);
  if (footage.damaged > 0)
    log::warn("{}: {} frames could not be read and are left out", footage.path.string(), footage.damaged);
  const Pauses& pauses = footage.pauses;
  if (pauses.count > 0) {
    log::info("{}: {} pauses, {:.1f} s in all: the last picture is held", footage.name, pauses.count, pauses.seconds);
  }
  if (!pauses.cuts.empty()) {
    log::warn("{}: {:.1f} s of its pauses are left out; --start and --end choose a part", footage.name, pauses.cut_s());
  }
  if (footage.skipped_s > 0.0) {
    log::warn("{}: its time stamps jump by {:.1f} s, which is taken for damage; sound may be out of step after it",
              footage.name, footage.skipped_s);
  }
  if (static_cast<double>(footage.touching) > kManyShare * frames) {
    log::warn("{}: the figure touches the edge in {} of {} pictures; see --crop", footage.name, footage.touching,
              footage.frames);
  }
  if (static_cast<double>(footage.empty) > kManyShare * frames) {
    log::warn("{}: no figure in {} of {} pictures; see --key", footage.name, footage.empty, footage.frames);
  }
}

}  // namespace

std::int64_t held_out_frames(std::int64_t frames, double fps, const PrepareOptions& o, bool nothing_held_out) {
  if (!o.hold_out_last && !nothing_held_out) return 0;
  const HeldOutEnd end = o.hold_out_last.value_or(HeldOutEnd{0.0, kUsualShare});
  const auto last = std::llround(end.seconds > 0.0 ? end.seconds * fps : end.share * static_cast<double>(frames));
  const auto shortest = std::max<std::int64_t>(2, std::llround(kShortestS * fps));
  return last >= shortest && frames - last >= shortest ? last : 0;
}

std::vector<ClipPictures> add_footage(const Footage& footage, const PrepareOptions& o, bool nothing_held_out,
                                      DataTable& table, PrepareReport& report) {
  const double fps = table.fps;
  warn_about(footage);
  const Pulse pulse = pulse_of(footage, o, fps);
  count_take(pulse, footage.frames, report);
  report.footage_frames += footage.frames;
  report.damaged += footage.damaged;
  report.touching += footage.touching;
  report.pauses += footage.pauses.count;
  report.paused_s += footage.pauses.seconds;
  report.cut_s += footage.pauses.cut_s();
  report.empty += footage.empty;

  DataClip clip;
  clip.source = footage.path.filename().string();
  clip.fps = footage.fps;
  note_pulse(pulse, clip);
  clip.dims = 2;
  const bool named = is_held_out(footage.name, o);
  const std::int64_t last = named ? 0 : held_out_frames(footage.frames, fps, o, nothing_held_out);
  const bool wanted = o.hold_out_last ? o.hold_out_last->seconds + o.hold_out_last->share > 0.0 : nothing_held_out;
  if (!named && last == 0 && wanted) {
    log::warn("{}: {} pictures are too few to hold some out", footage.name, footage.frames);
  }
  const std::vector<double> energy = smooth_over_half_beat(footage.speed, fps, pulse.bpm);
  std::vector<ClipPictures> pictures;
  const auto add = [&](std::int64_t first, std::int64_t count, const std::string& name, bool held_out) {
    // beats count from a bar near the clip's start
    const double bars = 8.0 * std::floor(pulse.beat_at(static_cast<double>(first)) / 8.0);
    for (const bool mirrored : {false, true}) {
      if (mirrored && !o.mirror) continue;
      clip.name = name;
      clip.held_out = held_out;
      clip.mirrored = mirrored;
      clip.start = static_cast<std::int64_t>(table.pose.size());
      clip.length = count;
      table.clips.push_back(clip);
      pictures.push_back({footage.first + first, mirrored});
      table.pose.resize(table.pose.size() + static_cast<std::size_t>(count), unknown_pose());
      for (std::int64_t t = first; t < first + count; ++t) {
        table.beat.push_back(static_cast<float>(pulse.beat_at(static_cast<double>(t)) - bars));
        table.beat_confidence.push_back(static_cast<float>(pulse.beat_confidence_at(static_cast<double>(t))));
        table.energy.push_back(static_cast<float>(energy[static_cast<std::size_t>(t)]));
      }
    }
  };
  add(0, footage.frames - last, footage.name, named);
  if (last > 0) add(footage.frames - last, last, footage.name + " (end)", true);
  return pictures;
}

}  // namespace ombra::train
