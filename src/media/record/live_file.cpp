#include "media/record/live_file.hpp"

#include "core/error.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace ombra::media {
namespace {

constexpr int kSoundHz = 48000;
constexpr double kMaxLoopS = 60.0;
constexpr double kMaxAheadS = 2.0;  // of sound that waits for a picture: a hidden window has none

// One core is the show's where there are two.
int encoder_threads() { return std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2, 1, 4); }

// What the muxer writes to: numbered pictures lie in a folder.
std::string target(const std::filesystem::path& path, VideoKind kind) {
  if (kind != VideoKind::kPng) return path.string();
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) {
    throw error("{}: cannot be made: {}\nhint: may you write there?", path.string(), code.message());
  }
  return numbered(path);
}

}  // namespace

double most_seconds(VideoKind kind) { return kind == VideoKind::kGif || kind == VideoKind::kPng ? kMaxLoopS : 1e9; }

LiveFile::LiveFile(const std::filesystem::path& path, const LiveFormat& format, double start_s)
    : LiveFile(
          std::make_unique<Muxer>(target(path, format.kind), path.string(), about(format.kind).muxer, Keep::kPieces),
          format, start_s) {}

LiveFile::LiveFile(std::unique_ptr<Muxer> muxer, const LiveFormat& format, double start_s)
    : start_s_(start_s),
      rate_(frame_rate(format.fps)),
      muxer_(std::move(muxer)),
      time_base_(format.kind == VideoKind::kGif ? AVRational{1, 100} : av_inv_q(rate_)),
      end_s_(start_s) {
  open_encoder(format);
  if (format.sound && about(format.kind).sound) {
    sound_.emplace(about(format.kind).sound, kSoundHz, 2, *muxer_);
    aligner_.emplace(start_s, sound_->rate_hz(), muxer_->file());
  }
  muxer_->begin();
}

LiveFile::~LiveFile() {
  if (!ended_) muxer_->discard();
}

// Those of the graphics card first. What does not open is told, and the next one is tried.
void LiveFile::open_encoder(const LiveFormat& format) {
  PictureEncoding e;
  e.width = format.width, e.height = format.height;
  e.channels = 4;
  e.rate = rate_;
  e.time_base = time_base_;
  e.quality = format.quality;
  e.kbit_per_s = format.kbit_per_s;
  e.threads = encoder_threads();
  e.live = true;
  e.preset = format.preset;
  e.pad_to_even = format.kind != VideoKind::kGif;
  std::vector<std::string> names(about(format.kind).encoders.begin(), about(format.kind).encoders.end());
  if (!format.encoder.empty()) names = {format.encoder};
  for (const std::string& name : names) {
    e.encoder = name;
    try {
      picture_.emplace(e, *muxer_);
      return;
    } catch (const Error& fault) {
      if (name == names.back()) throw;
      log::debug("recording: {} does not open: {}", name, fault.what());
      remark_ = "no encoder of a graphics card opens";
    }
  }
}

std::int64_t LiveFile::place(double time_s) const {
  return static_cast<std::int64_t>(std::llround((time_s - start_s_) * av_q2d(rate_)));
}

std::int64_t LiveFile::stamp(std::int64_t place) const { return av_rescale_q(place, av_inv_q(rate_), time_base_); }

void LiveFile::picture(std::span<const std::uint8_t> rgba, double time_s) {
  hold_until(time_s);
  picture_->write(rgba, stamp(next_));
  end_s_ = start_s_ + static_cast<double>(++next_) / av_q2d(rate_);
  encode_sound(false);
}

void LiveFile::hold_until(double time_s) {
  if (next_ == 0) return;
  for (const std::int64_t until = place(time_s); next_ < until; ++repeated_) {
    picture_->repeat(stamp(next_));
    end_s_ = start_s_ + static_cast<double>(++next_) / av_q2d(rate_);
    encode_sound(false);
  }
}

void LiveFile::follow_sound() {
  if (aligner_) hold_until(aligner_->known_s() - kMaxAheadS);
}

void LiveFile::sound(std::span<const float> stereo, int rate_hz, double end_s) {
  if (!aligner_) return;
  aligner_->push(stereo, rate_hz, end_s);
  encode_sound(false);
}

void LiveFile::no_sound_before(double time_s) {
  if (!aligner_) return;
  aligner_->fill_until(time_s);
  encode_sound(false);
}

// Whole blocks, and at the end the rest.
void LiveFile::encode_sound(bool last) {
  if (!sound_) return;
  const auto until = static_cast<std::int64_t>(std::llround((end_s_ - start_s_) * sound_->rate_hz()));
  while (sound_->written() < until) {
    const auto wanted = std::min(sound_->block(), static_cast<std::size_t>(until - sound_->written()));
    const std::span<const float> ready = aligner_->ready();
    if (ready.size() < 2 * wanted || (wanted < sound_->block() && !last)) break;
    sound_->write(ready.first(2 * wanted));
    aligner_->take(wanted);
  }
  if (last) sound_->finish();
}

void LiveFile::finish() {
  if (ended_) return;
  ended_ = true;
  try {
    if (aligner_) aligner_->fill_until(end_s_ + 0.1);
    picture_->finish();
    encode_sound(true);
    muxer_->end();
  } catch (...) {
    muxer_->discard();
    throw;
  }
}

}  // namespace ombra::media
