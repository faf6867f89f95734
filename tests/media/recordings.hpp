#pragma once
// A show that tests record: grey pictures that flash white, and clicks that belong to the flashes.

#include "media/record/recorder.hpp"
#include "videos.hpp"

#include <chrono>
#include <thread>

namespace ombra::media::test {

constexpr int kWide = 128, kHigh = 96;

// Is there a flash (and a click) at this time of the show? One of 0.1 s at every full second.
inline bool flash(double time_s) { return time_s > 0.5 && time_s - std::floor(time_s) < 0.1; }

inline Picture flashing(double time_s, int width = kWide, int height = kHigh) {
  return Picture(static_cast<std::size_t>(width) * height * 4, flash(time_s) ? 255 : 40);
}

inline RecorderOptions recording(const std::filesystem::path& path, VideoKind kind = VideoKind::kMp4) {
  RecorderOptions o;
  o.path = path;
  o.format.kind = kind;
  o.format.width = kWide, o.format.height = kHigh;
  o.least_free_bytes = 0;
  return o;
}

// Waits until no more than a picture is on its way, so that a slow machine loses none.
inline void be_patient(const Recorder& recorder) {
  for (int i = 0; i < 5000; ++i) {
    const RecorderStatus status = recorder.status();
    if (status.ended || status.waiting <= 1) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Performs from..to, in seconds of the show's clock, as fast as the recorder takes it: pictures at fps, sound in pieces
// of 10 ms that come late_s behind them. patient: waits for the encoder rather than losing pictures.
inline void perform(Recorder& recorder, double from_s, double to_s, double fps = 60.0, bool patient = true,
                    int width = kWide, int height = kHigh) {
  constexpr int kHz = 48000;
  double sound_s = from_s;
  for (int i = 0;; ++i) {
    const double time_s = from_s + i / fps;
    if (time_s >= to_s - 1e-9) break;
    while (sound_s < time_s) {
      std::vector<float> stereo;
      for (int k = 0; k < kHz / 100; ++k) {
        const double t = sound_s + static_cast<double>(k) / kHz;
        const float x = flash(t) ? (k % 24 < 12 ? 0.7f : -0.7f) : 0.0f;
        stereo.insert(stereo.end(), {x, x});
      }
      sound_s += 0.01;
      recorder.sound(stereo, kHz, sound_s);
    }
    if (recorder.wants(time_s)) {
      recorder.picture(flashing(time_s, width, height), time_s);
      if (patient) be_patient(recorder);
    }
  }
}

inline RecorderStatus wait_for_end(Recorder& recorder) {
  recorder.stop();
  for (int i = 0; i < 3000 && !recorder.status().ended; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return recorder.status();
}

// Where pictures turn bright and where sound begins, in seconds from the first picture, read by our own readers; where
// the two streams begin is ffprobe's word (an encoder of sound begins a block earlier, and a player leaves that out).
struct Seen {
  std::vector<double> flashes, clicks, times;
};
inline Seen look_and_listen(const std::filesystem::path& file) {
  Seen seen;
  double begin_s[2] = {0.0, 0.0};
  if (const auto told = probe(file); told.is_object() && told["streams"].size() == 2u) {
    for (int i = 0; i < 2; ++i) begin_s[i] = number(told["streams"][i]["start_time"]);
  }
  VideoReader reader(file);
  bool bright = false;
  for (VideoFrame frame; reader.next(frame);) {
    const bool now = grey(frame, frame.width / 2, frame.height / 2) > 150;
    if (now && !bright) seen.flashes.push_back(frame.time_s);
    bright = now;
    seen.times.push_back(frame.time_s);
  }
  const Sound sound = read_audio(file, {.rate_hz = 48000, .channels = 1});
  double quiet_s = 1.0;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    quiet_s += 1.0 / 48000.0;
    if (std::abs(sound.samples[i]) < 0.3f) continue;
    if (quiet_s > 0.3) seen.clicks.push_back(begin_s[1] - begin_s[0] + static_cast<double>(i) / 48000.0);
    quiet_s = 0.0;
  }
  return seen;
}

}  // namespace ombra::media::test
