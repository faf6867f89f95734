#include "media/video_writer.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "media/av_check.hpp"
#include "media/picture_encoder.hpp"
#include "media/sound_track.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace ombra::media {
namespace {

constexpr int kLargestSide = 16384;
constexpr int kThreads = 2;  // fixed: the bytes that x264 writes depend on it

struct Target {
  const char* muxer;
  const char* encoder;
};

Target target_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (ending == ".mp4") return {"mp4", "libx264"};
  if (ending == ".mov") return {"mov", "libx264"};
  if (ending == ".mkv") return {"matroska", "libx264"};
  if (ending == ".gif") return {"gif", "gif"};
  throw error("{}: cannot write this kind of video\nhint: .mp4, .mov, .mkv and .gif can be written", path.string());
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

}  // namespace

class VideoWriter::Impl {
 public:
  Impl(const std::filesystem::path& path, const VideoFormat& format)
      : file_(path.string()),
        format_(format),
        target_(target_of(path)),
        gif_(std::string_view(target_.muxer) == "gif"),
        rate_(av_d2q(format.fps, 100000)),
        path_(path),
        part_(path.string() + ".part"),
        muxer_(part_.string(), file_, target_.muxer) {
    check(format, file_, gif_);
    try {
      picture_.emplace(encoding(), muxer_);
      if (format.sound && !gif_ && format.sound->frames() > 0) sound_.emplace(*format.sound, muxer_);
      muxer_.begin();
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

  void write(std::span<const std::uint8_t> rgb) {
    const std::size_t bytes = static_cast<std::size_t>(format_.width) * static_cast<std::size_t>(format_.height) * 3;
    if (ended_) throw error("{}: a picture after the end\nhint: open another file", file_);
    if (rgb.size() != bytes) throw error("{}: a picture of {} bytes instead of {}", file_, rgb.size(), bytes);
    guarded([&] {
      ++written_;
      const std::int64_t k = written_ - 1;
      picture_->write(rgb, gif_ ? std::llround(static_cast<double>(k) * 100.0 / format_.fps) : k);
      if (sound_) sound_->write_until(static_cast<double>(written_) / format_.fps, false);
    });
  }

  void finish() {
    if (ended_) return;
    if (written_ == 0) throw error("{}: no picture was written\nhint: write at least one", file_);
    guarded([&] {
      picture_->finish();
      if (sound_) sound_->write_until(static_cast<double>(written_) / format_.fps, true);
      muxer_.end();
      std::error_code code;
      std::filesystem::rename(part_, path_, code);
      if (code)
        throw error("{}: cannot be renamed into place: {}\nhint: it is at {}", file_, code.message(), part_.string());
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
    e.encoder = format_.codec.empty() ? target_.encoder : format_.codec;
    e.width = format_.width, e.height = format_.height;
    e.rate = rate_;
    e.time_base = gif_ ? AVRational{1, 100} : av_inv_q(rate_);
    e.quality = format_.quality;
    e.threads = kThreads;
    e.pad_to_even = !gif_;
    return e;
  }

  // immutable after construction
  const std::string file_;
  const VideoFormat format_;
  const Target target_;
  const bool gif_;
  const AVRational rate_;
  const std::filesystem::path path_, part_;
  // state
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

void VideoWriter::write(std::span<const std::uint8_t> rgb) { impl_->write(rgb); }

void VideoWriter::finish() { impl_->finish(); }

}  // namespace ombra::media
