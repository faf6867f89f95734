// A video file as a source of upright RGB frames with time stamps that never fall.
#include "core/error.hpp"
#include "media/read/picture_converter.hpp"
#include "media/read/video_decoder.hpp"
#include "media/read/video_sources.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

namespace ombra::media {
namespace {

// Steps in time beyond these may be faults of the file: a damaged stamp, or two recordings joined without new stamps.
constexpr double kLongestGapS = 60.0, kLongestWayBackS = 1.0;
constexpr double kLongestPauseS = 3600.0;  // a step beyond it is a fault
constexpr double kSameStartS = 0.1;        // sound and picture that begin nearer to each other begin together

double rate_of(AVRational rate) {
  const double hz = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0.0;
  return hz >= 0.001 && hz <= 1000.0 ? hz : 0.0;
}

// FFmpeg reads WebP with one picture alone. (RIFF, extended format, the flag for animation)
bool is_animated_webp(const std::filesystem::path& path) {
  char head[21] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof(head));
  return std::string_view(head + 8, 8) == "WEBPVP8X" && (head[20] & 2) != 0;
}

class VideoFile final : public VideoSource {
 public:
  VideoFile(const std::filesystem::path& path, const ReadVideoOptions& options, PictureSize fixed)
      : file_(path.string()),
        decoder_(file_, is_image_name(path) ? VideoDecoder::Kind::kStill : VideoDecoder::Kind::kVideo,
                 options.threads > 0 ? std::min(options.threads, 16) : 2),
        beside_(options.fill ? 0 : 255),
        frame_(av_frame_alloc()),
        ahead_(av_frame_alloc()) {
    if (!decoder_.next(*frame_)) {
      if (is_animated_webp(path))
        throw error("{}: an animated WebP, which cannot be read here\nhint: make a GIF or a video of it", file_);
      throw error("{}: none of its pictures can be decoded ({} damaged)\nhint: does `ffplay` show it? Is it complete?",
                  file_, decoder_.damaged());
    }
    const AVStream& stream = decoder_.stream();
    if (const std::int64_t stamp = stamp_of(*frame_); stamp != AV_NOPTS_VALUE) first_stamp_ = stamp;
    const PictureSize size = upright_size({frame_->width, frame_->height}, aspect_of(*frame_), turn_of(*frame_),
                                          {options.max_width, options.max_height});
    if (options.fill && fixed.width == 0) fixed = {options.max_width, options.max_height};
    info_.width = fixed.width > 0 ? fixed.width : size.width;
    info_.height = fixed.height > 0 ? fixed.height : size.height;
    info_.fps = rate_of(stream.avg_frame_rate);
    if (info_.fps == 0.0) info_.fps = rate_of(stream.r_frame_rate);
    const double base = rate_of(stream.r_frame_rate);
    info_.base_fps = base <= 61.0 ? base : 0.0;
    info_.duration_s = duration();
    const double frames = info_.duration_s * info_.fps;
    // A header may claim any number: it is believed while it agrees with the duration.
    const bool told =
        stream.nb_frames > 0 && (frames == 0.0 || static_cast<double>(stream.nb_frames) < 2.0 * frames + 2);
    info_.frames = told ? stream.nb_frames : std::llround(std::min(frames, 1e12));
    if (is_image_name(file_)) info_.frames = 1;
    info_.has_sound = decoder_.has_sound();
    if (info_.has_sound) info_.sound_start_s = sound_start();
    info_.codec = avcodec_get_name(stream.codecpar->codec_id);
    pending_ = true;
  }

  const VideoInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return decoder_.damaged() + unconvertible_; }

  double skipped_s() const override { return skipped_s_; }

  bool next(VideoFrame& out) override {
    while (pending_ || advance()) {
      pending_ = false;
      const double time_s = time_of(*frame_);
      try {
        converter_.convert(*frame_, aspect_of(*frame_), turn_of(*frame_), {info_.width, info_.height}, file_, out.rgb,
                           beside_);
      } catch (const Error&) {
        if (!given_) throw;  // the first: its pixels are the trouble, not damage
        ++unconvertible_;
        continue;
      }
      given_ = true;
      out.width = info_.width;
      out.height = info_.height;
      out.time_s = time_s;
      out.duration_s = duration_of(*frame_);
      return true;
    }
    return false;
  }

  void seek(double time_s) override {
    const double unit_s = av_q2d(decoder_.stream().time_base);
    const double ticks = std::isfinite(time_s) ? std::clamp(time_s, 0.0, 1e7) / unit_s : 0.0;
    // Down to the tick; times that the caller has from us are ticks up to rounding.
    decoder_.seek(first_stamp_ + static_cast<std::int64_t>(std::min(std::floor(ticks + 1e-3), 1e17)));
    pending_ = has_ahead_ = false;
    last_s_ = -1.0;
    shift_s_ = 0.0;
  }

 private:
  static std::int64_t stamp_of(const AVFrame& frame) { return frame.best_effort_timestamp; }

  double duration_of(const AVFrame& frame) const {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    const std::int64_t ticks = frame.duration;
#else
    const std::int64_t ticks = frame.pkt_duration;
#endif
    const double seconds = static_cast<double>(ticks) * av_q2d(decoder_.stream().time_base);
    return seconds > 0.0 && seconds < 1e7 ? seconds : 0.0;
  }

  bool advance() {
    if (!has_ahead_) return decoder_.next(*frame_);
    std::swap(frame_, ahead_);
    has_ahead_ = false;
    return true;
  }

  // -> a long step to told_s, from the first frame, is one that the recording made: within the file's length, and the
  // next frame does not step back
  bool is_pause(double told_s, double step_s) {
    if (step_s > kLongestPauseS || told_s > info_.duration_s + 1.0) return false;
    if (!has_ahead_) has_ahead_ = decoder_.next(*ahead_);
    if (!has_ahead_ || stamp_of(*ahead_) == AV_NOPTS_VALUE) return true;
    return seconds_of(stamp_of(*ahead_)) >= told_s - kLongestWayBackS;
  }

  double seconds_of(std::int64_t stamp) const {
    return (static_cast<double>(stamp) - static_cast<double>(first_stamp_)) * av_q2d(decoder_.stream().time_base);
  }

  // From the start of the video; a frame without a believable stamp follows the last one after one period.
  double time_of(const AVFrame& frame) {
    const double period_s = info_.fps > 0.0 ? 1.0 / info_.fps : 0.04;
    const double expected_s = last_s_ < 0.0 ? 0.0 : last_s_ + period_s;
    const std::int64_t stamp = stamp_of(frame);
    double time_s = expected_s;
    if (stamp != AV_NOPTS_VALUE) {
      const double told_s = seconds_of(stamp), step_s = told_s + shift_s_ - last_s_;
      const bool odd = last_s_ >= 0.0 && (step_s > kLongestGapS || step_s < -kLongestWayBackS);
      if (odd && !(step_s > 0.0 && is_pause(told_s, step_s))) {
        skipped_s_ += std::clamp(step_s, 0.0, 1e7);
        shift_s_ = expected_s - told_s;
      }
      time_s = std::max({0.0, last_s_, told_s + shift_s_});
    }
    last_s_ = time_s;
    return time_s;
  }

  double duration() const {
    const AVStream& stream = decoder_.stream();
    double seconds = 0.0;
    if (stream.duration != AV_NOPTS_VALUE) {
      seconds = static_cast<double>(stream.duration) * av_q2d(stream.time_base);
    } else if (decoder_.format().duration != AV_NOPTS_VALUE) {
      seconds = static_cast<double>(decoder_.format().duration) / AV_TIME_BASE;
    }
    return seconds > 0.0 && seconds < 1e7 ? seconds : 0.0;
  }

  double sound_start() const {
    const int sound = av_find_best_stream(&decoder_.format(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    if (sound < 0) return 0.0;
    const AVStream& stream = *decoder_.format().streams[sound];
    if (stream.start_time == AV_NOPTS_VALUE) return 0.0;
    const double start = static_cast<double>(stream.start_time) * av_q2d(stream.time_base) -
                         static_cast<double>(first_stamp_) * av_q2d(decoder_.stream().time_base);
    return std::abs(start) >= kSameStartS && std::abs(start) <= kLongestPauseS ? start : 0.0;
  }

  AVRational aspect_of(AVFrame& frame) const {
    return av_guess_sample_aspect_ratio(&decoder_.format(), &decoder_.stream(), &frame);
  }

  // The picture's own matrix (a photograph's) comes before the stream's (a phone's video).
  Turn turn_of(const AVFrame& frame) const {
    const AVFrameSideData* own = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (own && own->size >= 9 * sizeof(std::int32_t))
      return media::turn_of(reinterpret_cast<const std::int32_t*>(own->data));
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&decoder_.stream(), AV_PKT_DATA_DISPLAYMATRIX, &size);
    return media::turn_of(size >= 9 * sizeof(std::int32_t) ? reinterpret_cast<const std::int32_t*>(data) : nullptr);
  }

  // immutable after construction
  const std::string file_;
  VideoInfo info_;
  std::int64_t first_stamp_ = 0;
  // state
  VideoDecoder decoder_;
  PictureConverter converter_;
  const std::uint8_t beside_;
  AvPtr<AVFrame> frame_, ahead_;
  bool has_ahead_ = false;  // ahead_ is decoded: the one behind frame_
  bool pending_ = false;    // frame_ is decoded, not yet given
  bool given_ = false;
  std::int64_t unconvertible_ = 0;
  double last_s_ = -1.0;  // under 0: none since the start or a seek
  double skipped_s_ = 0.0;
  double shift_s_ = 0.0;  // added to stamps after a fault in them
};

}  // namespace

std::unique_ptr<VideoSource> open_video_file(const std::filesystem::path& path, const ReadVideoOptions& options,
                                             int width, int height) {
  return std::make_unique<VideoFile>(path, options, PictureSize{width, height});
}

}  // namespace ombra::media
