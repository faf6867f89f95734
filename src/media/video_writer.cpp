#include "media/video_writer.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "media/av_check.hpp"
#include "media/muxer.hpp"
#include "media/palette.hpp"
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
constexpr std::size_t kPaletteBytes = 48u << 20,
                      kPaletteFrames = 100;  // of pictures from which a GIF's colours are taken

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

// The encoder's own format for what we have: 4:2:0 where it can, which every player shows; else what is closest to RGB.
AVPixelFormat pixels_of(const AVCodec& encoder) {
  if (!encoder.pix_fmts) return AV_PIX_FMT_YUV420P;
  for (const AVPixelFormat wanted : {AV_PIX_FMT_PAL8, AV_PIX_FMT_YUV420P}) {
    for (const AVPixelFormat* has = encoder.pix_fmts; *has != AV_PIX_FMT_NONE; ++has) {
      if (*has == wanted) return wanted;
    }
  }
  return avcodec_find_best_pix_fmt_of_list(encoder.pix_fmts, AV_PIX_FMT_RGB24, 0, nullptr);
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
      open_codec();
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
      if (codec_->pix_fmt != AV_PIX_FMT_PAL8) return encode(rgb);
      if (!palette_.colours().empty()) return encode(rgb);
      palette_.look_at(rgb);
      early_.insert(early_.end(), rgb.begin(), rgb.end());
      if (early_.size() + bytes > kPaletteBytes || early_.size() >= kPaletteFrames * bytes) encode_early();
    });
  }

  void finish() {
    if (ended_) return;
    if (written_ == 0) throw error("{}: no picture was written\nhint: write at least one", file_);
    guarded([&] {
      encode_early();
      send(nullptr);
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

  void open_codec() {
    const std::string name = format_.codec.empty() ? target_.encoder : format_.codec;
    const AVCodec* encoder = avcodec_find_encoder_by_name(name.c_str());
    if (!encoder || encoder->type != AVMEDIA_TYPE_VIDEO) {
      throw error("{}: this FFmpeg has no encoder {}\nhint: `ffmpeg -encoders` lists what there is; .gif always works",
                  file_, name);
    }
    codec_.reset(avcodec_alloc_context3(encoder));
    codec_->pix_fmt = pixels_of(*encoder);
    const int odd = gif_ ? 0 : 1;
    codec_->width = (format_.width + odd) & ~odd;
    codec_->height = (format_.height + odd) & ~odd;
    codec_->time_base = gif_ ? AVRational{1, 100} : av_inv_q(rate_);
    codec_->framerate = rate_;
    codec_->sample_aspect_ratio = {1, 1};
    codec_->thread_count = kThreads;
    codec_->gop_size = std::clamp(static_cast<int>(std::lround(format_.fps * 4.0)), 12, 250);
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    if (codec_->pix_fmt != AV_PIX_FMT_PAL8) {
      codec_->color_range = AVCOL_RANGE_MPEG;
      codec_->colorspace = AVCOL_SPC_BT709;
      codec_->color_primaries = AVCOL_PRI_BT709;
      codec_->color_trc = AVCOL_TRC_BT709;
    }
    if (muxer_.wants_global_header()) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    AVDictionary* options = nullptr;  // those that an encoder does not know are left aside
    av_dict_set_int(&options, "crf", format_.quality, 0);
    av_dict_set(&options, "preset", "veryfast", 0);
    // x264's code for AVX2 lets the bytes depend on where in memory its buffers lie
    if (name == "libx264") av_dict_set(&options, "x264-params", "cpu-independent=1", 0);
    const int code = avcodec_open2(codec_.get(), encoder, &options);
    av_dict_free(&options);
    av_check(code, file_, "the encoder does not start", "does it take this size and rate?");
    stream_ = muxer_.add(*codec_);
    stream_->avg_frame_rate = rate_;

    picture_.reset(av_frame_alloc());
    picture_->width = codec_->width;
    picture_->height = codec_->height;
    picture_->format = codec_->pix_fmt;
    picture_->color_range = codec_->color_range;
    picture_->colorspace = codec_->colorspace;
    av_check(av_frame_get_buffer(picture_.get(), 0), file_, "no memory for a picture");
    if (codec_->pix_fmt == AV_PIX_FMT_PAL8) return;
    scaler_.reset(sws_getContext(codec_->width, codec_->height, AV_PIX_FMT_RGB24, codec_->width, codec_->height,
                                 codec_->pix_fmt, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr,
                                 nullptr));
    if (!scaler_) throw error("{}: pictures cannot be converted for {}", file_, name);
    const int* table = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(scaler_.get(), table, 1, table, 0, 0, 1 << 16, 1 << 16);
    padded_.resize(static_cast<std::size_t>(codec_->width) * static_cast<std::size_t>(codec_->height) * 3 + 64);
  }

  void encode_early() {
    if (codec_->pix_fmt != AV_PIX_FMT_PAL8 || !palette_.colours().empty()) return;
    palette_.choose();
    const std::size_t bytes = static_cast<std::size_t>(format_.width) * static_cast<std::size_t>(format_.height) * 3;
    const std::vector<std::uint8_t> early = std::move(early_);
    for (std::size_t at = 0; at < early.size(); at += bytes) encode(std::span(early).subspan(at, bytes));
  }

  void encode(std::span<const std::uint8_t> rgb) {
    av_check(av_frame_make_writable(picture_.get()), file_, "no memory for a picture");
    if (codec_->pix_fmt == AV_PIX_FMT_PAL8) {
      fill_by_palette(rgb);
    } else {
      fill(rgb);
    }
    picture_->pts = gif_ ? std::llround(static_cast<double>(encoded_) * 100.0 / format_.fps) : encoded_;
    ++encoded_;
    send(picture_.get());
    if (sound_) sound_->write_until(static_cast<double>(encoded_) / format_.fps, false);
  }

  void fill(std::span<const std::uint8_t> rgb) {
    const auto width = static_cast<std::size_t>(format_.width), height = static_cast<std::size_t>(format_.height);
    const std::size_t in = width * 3, out = static_cast<std::size_t>(codec_->width) * 3;
    for (std::size_t y = 0; y < static_cast<std::size_t>(codec_->height); ++y) {
      const std::uint8_t* from = rgb.data() + std::min(y, height - 1) * in;
      std::uint8_t* to = padded_.data() + y * out;
      std::copy_n(from, in, to);
      if (out > in) std::copy_n(from + in - 3, 3, to + in);
    }
    const std::uint8_t* const planes[] = {padded_.data(), nullptr, nullptr, nullptr};
    const int strides[] = {codec_->width * 3, 0, 0, 0};
    av_check(sws_scale(scaler_.get(), planes, strides, 0, codec_->height, picture_->data, picture_->linesize), file_,
             "a picture cannot be converted");
  }

  void fill_by_palette(std::span<const std::uint8_t> rgb) {
    auto* colours = reinterpret_cast<std::uint32_t*>(picture_->data[1]);
    std::fill_n(colours, AVPALETTE_COUNT, 0xff000000u);
    for (const auto& [r, g, b] : palette_.colours()) {
      *colours++ = 0xff000000u | static_cast<std::uint32_t>(r) << 16 | static_cast<std::uint32_t>(g) << 8 | b;
    }
    const auto width = static_cast<std::size_t>(format_.width);
    for (int y = 0; y < format_.height; ++y) {
      const auto row = rgb.subspan(static_cast<std::size_t>(y) * width * 3, width * 3);
      palette_.map(row, y, {picture_->data[0] + static_cast<std::ptrdiff_t>(y) * picture_->linesize[0], width});
    }
  }

  void send(const AVFrame* frame) { muxer_.encode(*codec_, *stream_, frame, gif_ ? 0 : 1); }

  // immutable after construction
  const std::string file_;
  const VideoFormat format_;
  const Target target_;
  const bool gif_;
  const AVRational rate_;
  const std::filesystem::path path_, part_;
  // state
  Muxer muxer_;
  AvPtr<AVCodecContext> codec_;
  AVStream* stream_ = nullptr;  // of muxer_
  std::optional<SoundTrack> sound_;
  AvPtr<AVFrame> picture_;
  AvPtr<SwsContext> scaler_;
  std::vector<std::uint8_t> padded_;
  Palette palette_;
  std::vector<std::uint8_t> early_;  // a GIF's first pictures, until its colours are chosen
  std::int64_t written_ = 0, encoded_ = 0;
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
