// A video file as a source of upright RGB frames with time stamps that never fall.
#include "core/error.hpp"
#include "media/picture_converter.hpp"
#include "media/video_decoder.hpp"
#include "media/video_sources.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ombra::media {
namespace {

// Steps in time beyond these are faults of the file: a damaged stamp, or two recordings joined without new stamps.
constexpr double kLongestGapS = 60.0, kLongestWayBackS = 1.0;

double rate_of(AVRational rate) {
  const double hz = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0.0;
  return hz >= 0.001 && hz <= 1000.0 ? hz : 0.0;
}

class VideoFile final : public VideoSource {
 public:
  VideoFile(const std::filesystem::path& path, const ReadVideoOptions& options, PictureSize fixed)
      : file_(path.string()),
        decoder_(file_, is_image_name(path) ? VideoDecoder::Kind::kStill : VideoDecoder::Kind::kVideo,
                 options.threads > 0 ? std::min(options.threads, 16) : 2),
        beside_(options.fill ? 0 : 255),
        frame_(av_frame_alloc()) {
    if (!decoder_.next(*frame_)) {
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
    info_.duration_s = duration();
    const double frames = info_.duration_s * info_.fps;
    // A header may claim any number: it is believed while it agrees with the duration.
    const bool told =
        stream.nb_frames > 0 && (frames == 0.0 || static_cast<double>(stream.nb_frames) < 2.0 * frames + 2);
    info_.frames = told ? stream.nb_frames : std::llround(std::min(frames, 1e12));
    if (is_image_name(file_)) info_.frames = 1;
    info_.has_sound = decoder_.has_sound();
    info_.codec = avcodec_get_name(stream.codecpar->codec_id);
    pending_ = true;
  }

  const VideoInfo& info() const override { return info_; }
  std::int64_t damaged() const override { return decoder_.damaged() + unconvertible_; }

  bool next(VideoFrame& out) override {
    while (pending_ || decoder_.next(*frame_)) {
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
      return true;
    }
    return false;
  }

  void seek(double time_s) override {
    const double unit_s = av_q2d(decoder_.stream().time_base);
    const double ticks = std::isfinite(time_s) ? std::clamp(time_s, 0.0, 1e7) / unit_s : 0.0;
    // Down to the tick; times that the caller has from us are ticks up to rounding.
    decoder_.seek(first_stamp_ + static_cast<std::int64_t>(std::min(std::floor(ticks + 1e-3), 1e17)));
    pending_ = false;
    last_s_ = -1.0;
    shift_s_ = 0.0;
  }

 private:
  static std::int64_t stamp_of(const AVFrame& frame) { return frame.best_effort_timestamp; }

  // From the start of the video; a frame without a believable stamp follows the last one after one period.
  double time_of(const AVFrame& frame) {
    const double period_s = info_.fps > 0.0 ? 1.0 / info_.fps : 0.04;
    const double expected_s = last_s_ < 0.0 ? 0.0 : last_s_ + period_s;
    const std::int64_t stamp = stamp_of(frame);
    double time_s = expected_s;
    if (stamp != AV_NOPTS_VALUE) {
      const double ticks = static_cast<double>(stamp) - static_cast<double>(first_stamp_);
      const double told_s = ticks * av_q2d(decoder_.stream().time_base);
      if (last_s_ >= 0.0 &&
          (told_s + shift_s_ > last_s_ + kLongestGapS || told_s + shift_s_ < last_s_ - kLongestWayBackS))
        shift_s_ = expected_s - told_s;
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
  AvPtr<AVFrame> frame_;
  bool pending_ = false;  // frame_ is decoded, not yet given
  bool given_ = false;
  std::int64_t unconvertible_ = 0;
  double last_s_ = -1.0;  // under 0: none since the start or a seek
  double shift_s_ = 0.0;  // added to stamps after a fault in them
};

}  // namespace

std::unique_ptr<VideoSource> open_video_file(const std::filesystem::path& path, const ReadVideoOptions& options,
                                             int width, int height) {
  return std::make_unique<VideoFile>(path, options, PictureSize{width, height});
}

}  // namespace ombra::media
