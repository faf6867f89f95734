#pragma once
// What happened in a show. Thread: one owner.

#include "core/frames.hpp"
#include "show/params/show_params.hpp"

#include <cstdint>
#include <string>

namespace ombra::show {

// For --json and for tests.
struct SessionReport {
  std::uint64_t frames = 0, dropped = 0;
  double seconds = 0.0, fps = 0.0, p50_ms = 0.0, p95_ms = 0.0, p99_ms = 0.0;  // percentiles of the last ten seconds
  double draw_ms = 0.0;          // of the GPU, for a picture, median of the last ten seconds
  double first_picture_s = 0.0;  // from the start of the process
  double memory_mb = 0.0;        // held in RAM at the end
  double render_scale = 1.0;     // at the end: share of the window's width and height that is drawn
  int refreshes = 1;             // that a picture stays for
  std::uint64_t governed = 0;    // times that the governor changed them
  std::uint64_t onsets = 0, drops = 0;
  double beats = 0.0, tempo_bpm = 0.0, confidence = 0.0, level_mean = 0.0, level_max = 0.0;
  double temperature_mean = 0.0, energy_mean = 0.0, glow_mean = 0.0;  // as pushed by the music
  std::uint64_t moves = 0, jumps = 0, freezes = 0, misses = 0, faults = 0, overruns = 0;
  std::string decoder;  // "gl" or "cpu"
  double decode_ms = 0.0;
  double network_ms = 0.0, latency_ms = 0.0;
  std::string lead;  // who led the beat at the end
  int link_peers = 0;
  std::string recording, encoder;                          // the last recording: its file, what encoded it
  std::uint64_t recorded = 0, repeated = 0, left_out = 0;  // pictures in the file, repeats among them, and not taken
  std::string take;                                        // its folder
  std::int64_t take_bytes = 0;
  std::string source, channels, message, look, model, renderer;
};
std::string to_json(const SessionReport& report);

// Sums over the frames; the report gives them and their means.
class ReportSums {
 public:
  void add(const AudioFrame& audio, const ShowParams& params, double step_s);
  void shown();     // a frame is on the screen
  void governed();  // the governor changed something
  std::uint64_t frames() const { return frames_; }
  // Fills in its part of a report.
  void report(SessionReport& to) const;

 private:
  std::uint64_t frames_ = 0, governed_ = 0;
  double first_picture_s_ = 0.0, beats_ = 0.0, level_ = 0.0, level_max_ = 0.0;
  double temperature_ = 0.0, energy_ = 0.0, glow_ = 0.0;
};

}  // namespace ombra::show
