#include "show/live/calibrate.hpp"

#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <numbers>

namespace ombra::show {
namespace {

constexpr double kTrackS = 2.0;
constexpr double kClickS = 0.012, kPitchHz = 1900.0, kLoud = 0.8;

}  // namespace

audio::Track click_track(int rate_hz) {
  audio::Track track{"click", {}, 1, rate_hz};
  track.samples.assign(static_cast<std::size_t>(kTrackS * rate_hz), 0.0f);
  const auto every = static_cast<std::size_t>(kClickEveryS * rate_hz);
  const auto length = static_cast<std::size_t>(kClickS * rate_hz);
  for (std::size_t click = 0; click < track.samples.size(); click += every) {
    for (std::size_t i = 0; i < length; ++i) {
      const double t = static_cast<double>(i) / rate_hz;
      track.samples[click + i] =
          static_cast<float>(kLoud * std::exp(-t / 0.0025) * std::cos(2.0 * std::numbers::pi * kPitchHz * t));
    }
  }
  return track;
}

Calibration::Calibration(bool audible) : wanted_(audible) {
  grid_.click_s = now_s();
  sound_ = audible ? "Opening the sound output ..." : "No click: the show runs with --silent.";
  if (!audible) return;
  opening_ =
      run_detached([] { return std::make_unique<audio::Player>(std::make_shared<audio::Track>(click_track()), true); });
}

// Where the clicks are, from the output's own clock.
void Calibration::follow_player(double now_s) {
  if (opening_.valid() && opening_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    try {
      player_ = opening_.get();
      sound_ = "The click comes from this computer's sound output.";
    } catch (const Error& fault) {
      log::warn("calibration: {}", fault.what());
      sound_ = "No click (" + first_line(fault.what()) + "). Plug one in, then calibrate anew.";
    }
  }
  if (!player_) return;
  if (!player_->healthy(now_s)) {
    player_.reset();
    sound_ = "No click: the sound output has stopped.";
    return;
  }
  std::array<float, 4096> heard;
  double end_s = 0.0;
  while (const std::size_t n = player_->read(heard, end_s)) {
    const double frames = std::fmod(static_cast<double>(player_->position()), kClickEveryS * player_->rate_hz());
    grid_.click_s = end_s - frames / player_->rate_hz();
    if (n < heard.size()) break;
  }
}

CalibrationView Calibration::at(double now_s, double seen_s, double offset_s) {
  follow_player(now_s);
  CalibrationView view;
  view.on = true;
  view.flash = grid_.flash(seen_s, offset_s);
  view.since_click_s = grid_.since_click(seen_s, offset_s);
  view.sound = sound_;
  view.audible = player_ != nullptr;
  return view;
}

}  // namespace ombra::show
