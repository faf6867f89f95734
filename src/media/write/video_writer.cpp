#include "media/write/video_writer.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/new_file.hpp"
#include "core/outputs.hpp"
#include "media/read/av_check.hpp"
#include "media/write/picture_encoder.hpp"
#include "media/write/sound_track.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <system_error>

namespace ombra::media {
namespace {

constexpr int kLargestSide = 16384;
constexpr int kThreads = 2;  // fixed: the bytes that x264 writes depend on it

VideoKind kind_to_write(const std::filesystem::path& path, const VideoFormat& format) {
  return format.kind ? *format.kind : kind_of(path, "", format.alpha);
}

// The pattern of numbered pictures, which are complete one by one; their folder is made.
std::filesystem::path pattern_of(const std::filesystem::path& path) {
  std::error_code code;
  if (!is_pattern(path)) std::filesystem::create_directories(path, code);
  if (code) throw error("{}: cannot be made: {}\nhint: may you write there?", path.string(), code.message());
  return numbered(path);
}

void check(const VideoFormat& format, const std::string& file, bool gif) {
  if (format.width < 1 || format.height < 1 || format.width > kLargestSide || format.height > kLargestSide) {
    throw error("{}: {} x {} pixels\nhint: 1 to {} on each side", file, format.width, format.height, kLargestSide);
  }
  const double most = gif ? 50.0 : 1000.0;
  if (!(format.fps > 0.0 && format.fps <= most)) {
    throw error("{}: {} frames a second\nhint: over 0, up to {:.0f}", file, format.fps, most);
  }
  if (format.quality < 0 || format.quality > 51) {
    throw error("{}: quality {}\nhint: 0 (best) to 51", file, format.quality);
  }
}

// A file beside its place until it is complete, or numbered pictures, for which those of an earlier series make way.
class Place {
 public:
  Place(const std::filesystem::path& path, VideoKind kind) {
    if (kind != VideoKind::kPng) {
      file_.emplace(path);
      return;
    }
    pattern_ = pattern_of(path);
    old_.emplace(pattern_, true);
  }
  ~Place() {
    if (old_ && !begun_) old_->restore();
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const std::filesystem::path& to_write() const { return file_ ? file_->part() : pattern_; }
  void begin() { begun_ = true; }  // the first picture is there
  void complete() {
    if (file_) file_->commit();
    if (old_) old_->forget();
  }

 private:
  std::optional<NewFile> file_;
  std::filesystem::path pattern_;
  std::optional<SetAside> old_;
  bool begun_ = false;
};

}  // namespace

class VideoWriter::Impl {
 public:
  Impl(const std::filesystem::path& path, const VideoFormat& format)
      : file_(path.string()),
        format_(format),
        kind_(kind_to_write(path, format)),
        gif_(kind_ == VideoKind::kGif),
        rate_(frame_rate(format.fps)),
        place_(path, kind_),
        muxer_(place_.to_write().string(), file_, about(kind_).muxer) {
    check(format, file_, gif_);
    try {
      picture_.emplace(encoding(), muxer_);
      const char* encoder = about(kind_).sound;
      if (format.sound && encoder && format.sound->frames() > 0) sound_.emplace(*format.sound, encoder, muxer_);
      muxer_.begin(format.comment);
    } catch (...) {
      muxer_.discard();
      throw;
    }
  }

  // -> what was written so far, as far as that is possible
  ~Impl() {
    try {
      if (!ended_ && written_ > 0) finish();
    } catch (const std::exception& e) {
      log::warn("{}", e.what());
    }
    if (!ended_) muxer_.discard();
  }

  void write(std::span<const std::uint8_t> pixels) {
    const std::size_t bytes =
        static_cast<std::size_t>(format_.width) * static_cast<std::size_t>(format_.height) * (format_.alpha ? 4 : 3);
    if (ended_) throw error("{}: a picture after the end\nhint: open another file", file_);
    if (pixels.size() != bytes) throw error("{}: a picture of {} bytes instead of {}", file_, pixels.size(), bytes);
    guarded([&] {
      ++written_;
      const std::int64_t k = written_ - 1;
      picture_->write(pixels, gif_ ? std::llround(static_cast<double>(k) * 100.0 / format_.fps) : k);
      if (sound_) sound_->write_until(static_cast<double>(written_) / format_.fps, false);
      place_.begin();
    });
  }

  void finish() {
    if (ended_) return;
    if (written_ == 0) throw error("{}: no picture was written\nhint: write at least one", file_);
    guarded([&] {
      picture_->finish();
      if (sound_) sound_->write_until(static_cast<double>(written_) / format_.fps, true);
      muxer_.end();
      place_.complete();
    });
    ended_ = true;
  }

 private:
  // A failed write leaves no half file behind, and later calls do nothing more to it.
  template <typename F>
  void guarded(const F& work) {
    try {
      work();
    } catch (...) {
      ended_ = true;
      muxer_.discard();
      throw;
    }
  }

  PictureEncoding encoding() const {
    PictureEncoding e;
    e.encoder = format_.codec.empty() ? about(kind_).encoders.back() : format_.codec;
    e.channels = format_.alpha ? 4 : 3;
    e.alpha = format_.alpha;
    e.width = format_.width, e.height = format_.height;
    e.rate = rate_;
    e.time_base = gif_ ? AVRational{1, 100} : av_inv_q(rate_);
    e.quality = format_.quality;
    e.threads = kThreads;
    e.pad_to_even = !gif_ && kind_ != VideoKind::kPng;
    return e;
  }

  // immutable after construction
  const std::string file_;
  const VideoFormat format_;
  const VideoKind kind_;
  const bool gif_;
  const AVRational rate_;
  // state
  Place place_;
  Muxer muxer_;
  std::optional<PictureEncoder> picture_;
  std::optional<SoundTrack> sound_;
  std::int64_t written_ = 0;
  bool ended_ = false;  // finished, or failed
};

VideoWriter::VideoWriter(const std::filesystem::path& path, const VideoFormat& format) {
  av_quiet();
  impl_ = std::make_unique<Impl>(path, format);
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::write(std::span<const std::uint8_t> pixels) { impl_->write(pixels); }

void VideoWriter::finish() { impl_->finish(); }

}  // namespace ombra::media
