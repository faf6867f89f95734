#include "show/live/recording.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/new_file.hpp"
#include "core/number.hpp"
#include "core/outputs.hpp"
#include "core/text.hpp"
#include "show/live/audio_input.hpp"
#include "show/live/picture_size.hpp"
#include "show/live/record_files.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <system_error>
#include <thread>

namespace ombra::show {
namespace {

constexpr double kMaxGifFps = 25.0;
constexpr double kTellAfterS = 2.0;  // then a person is told what the end of the show waits for

media::VideoKind kind_of(const ShowParams& p) { return static_cast<media::VideoKind>(p.get(p.record_format)); }

std::int64_t roll_bytes(const ShowParams& p) {
  const std::string& word = p.name(p.record_roll);  // "4 GB"
  return parse_integer(word.substr(0, word.find(' '))).value_or(0) * 1'000'000'000;
}

}  // namespace

Recording::Recording(RecordingOptions options, const ShowParams& params) : options_(std::move(options)) {
  asked_kind_ = kind_of(params);
  if (!options_.file.empty()) options_.file = asked_recording(options_.file, options_.overwrite, asked_kind_);
  if (options_.folder.empty()) options_.folder = videos_folder();
}

Recording::~Recording() = default;

void Recording::start(const ShowParams& params, int width, int height) {
  media::RecorderOptions o;
  media::LiveFormat& f = o.format;
  f.kind = options_.file.empty() ? kind_of(params) : asked_kind_;
  const PictureSize size = options_.width > 0 ? PictureSize{encodable(options_.width), encodable(options_.height)}
                                              : picture_size(params.name(params.record_height), width, height);
  f.width = size.width, f.height = size.height;
  f.fps = parse_number(params.name(params.record_fps)).value_or(30.0);
  if (f.kind == media::VideoKind::kGif) f.fps = std::min(f.fps, kMaxGifFps);
  f.quality = params.get(params.record_quality);
  f.encoder = options_.encoder;
  o.roll_bytes = roll_bytes(params);
  if (options_.file.empty()) {
    std::error_code code;
    std::filesystem::create_directories(options_.folder, code);
    if (code) {
      throw error("{}: cannot be made: {}\nhint: --record-folder names another", options_.folder.string(),
                  code.message());
    }
    o.path = dated_recording(options_.folder, f.kind, std::time(nullptr));
  } else {
    o.replace = std::exchange(first_, false) && options_.overwrite;
    o.path = o.replace ? options_.file : free_path(options_.file);
  }
  if (!readback_ || readback_->width() != f.width || readback_->height() != f.height) {
    readback_ = std::make_unique<gfx::Readback>(f.width, f.height);
  }
  recorder_ = std::make_unique<media::Recorder>(std::move(o));
}

void Recording::collect() {
  if (!readback_) return;
  readback_->collect([this](std::span<const std::uint8_t> rgba, double time_s) {
    if (recorder_) recorder_->picture(rgba, time_s, true);
  });
}

void Recording::listen(AudioInput& input) {
  const bool shared = std::any_of(sharers_.begin(), sharers_.end(), [](const SoundSharer& s) { return s.needs(); });
  const bool needed = recorder_ || ending_ || wanted_ || shared;
  if (needed != tapped_) input.tap(tapped_ = needed);
  if (!tapped_) return;
  while (input.next_sound(sound_)) {
    if (recorder_) recorder_->sound(sound_.stereo, sound_.rate_hz, sound_.end_s);
    if (ending_) ending_->sound(sound_.stereo, sound_.rate_hz, sound_.end_s);
    for (const SoundSharer& sharer : sharers_) {
      if (sharer.needs()) sharer.take(sound_);
    }
  }
}

bool Recording::step(const ShowParams& params, AudioInput& input) {
  wanted_ = params.get(params.record_on);
  collect();
  listen(input);
  return look_after(input);
}

// Recorders that are to end, or have ended. -> has one ended by itself?
bool Recording::look_after(AudioInput& input) {
  bool by_itself = std::exchange(failed_, false);
  if (recorder_ && recorder_->status().ended) {
    last_ = recorder_->status();
    tell(last_);
    recorder_.reset();
    by_itself = true;
  }
  if (by_itself) wanted_ = false;
  // the pictures that the GPU still holds belong to it; only one file is completed at a time
  if (recorder_ && !wanted_ && readback_->under_way() == 0 && !ending_) {
    recorder_->stop();
    ending_ = std::move(recorder_);
  }
  if (ending_ && ending_->status().ended) {
    last_ = ending_->status();
    tell(last_);
    ending_.reset();
  }
  listen(input);
  return by_itself;
}

void Recording::tell(const media::RecorderStatus& status) {
  news_ = !status.message.empty() ? first_line(status.message) : fmt::format("recorded {}", status.path.string());
  if (status.failed) news_ = "The recording has ended: " + news_;
  log::info("{} ({:.1f} s, {} pictures, {} of them repeated, {} left out)", news_, status.seconds, status.pictures,
            status.repeated, status.left_out);
}

void Recording::picture(const ShowParams& params, const gfx::Surface& surface, double seen_s) {
  if (!wanted_ || surface.width <= 0 || surface.height <= 0) return;
  try {
    if (!recorder_) start(params, surface.width, surface.height);
  } catch (const Error& fault) {
    news_ = "The recording did not begin: " + std::string(fault.what());
    news_ = first_line(news_);
    log::warn("{}", fault.what());
    failed_ = true;
    return;
  }
  const std::optional<double> at_s = recorder_->wants(seen_s);
  if (at_s && !readback_->copy(surface, *at_s)) recorder_->refuse();
}

void Recording::finish(AudioInput& input) {
  if (recorder_ && readback_) {
    readback_->finish(
        [this](std::span<const std::uint8_t> rgba, double time_s) { recorder_->picture(rgba, time_s, true); });
    recorder_->stop();
  }
  wanted_ = false;
  const auto running = [this] {
    return (recorder_ && !recorder_->status().ended) || (ending_ && !ending_->status().ended);
  };
  // Until the file is complete, however slow the machine: what waits is bounded by the recorder's queue, and the counts
  // that are told are those of the file.
  bool told = false;
  for (const double since_s = now_s(); running();) {
    listen(input);
    if (!told && now_s() - since_s > kTellAfterS) {
      told = true;
      const media::RecorderStatus status = view().status;
      log::info("{}: the last {} pictures are being written", status.path.string(), status.waiting);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto* each : {&ending_, &recorder_}) {
    if (!*each) continue;
    last_ = (*each)->status();
    if (last_.ended) tell(last_);
    each->reset();
  }
  listen(input);
}

RecordingView Recording::view() const {
  RecordingView v;
  v.on = recorder_ != nullptr;
  v.status = recorder_ ? recorder_->status() : ending_ ? ending_->status() : last_;
  v.folder = options_.file.empty() ? options_.folder : options_.file.parent_path();
  return v;
}

}  // namespace ombra::show
