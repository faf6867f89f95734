#include "media/write/picture_encoder.hpp"

#include "core/error.hpp"
#include "media/write/rgb_to_yuv.hpp"

extern "C" {
#include <libavutil/hwcontext.h>
}

#include <algorithm>
#include <cmath>

namespace ombra::media {
namespace {

constexpr std::size_t kPaletteBytes = 48u << 20,
                      kPaletteFrames = 100;  // of pictures from which a GIF's colours are taken
constexpr int kDevicePictures = 8;
constexpr double kBufferS = 1.0;  // a bit rate holds over so long

// With these, presets of x264 from "veryfast" on write the same headers, so that one can take over from another; and no
// picture waits for a later one (with a variable rate each would wait for the next). Without deblocking "ultrafast"
// shows its blocks in dark ramps; it costs it 8 %.
constexpr const char* kLiveX264 =
    "bframes=0:ref=1:weightp=0:cabac=1:8x8dct=1:stitchable=1:rc-lookahead=0:sync-lookahead=0:sliced-threads=1:"
    "force-cfr=1:deblock=0,0";

// The encoder's own format for what we have: 4:2:0 where it can, which every player shows, or the best of ProRes; else
// what is closest to RGB.
AVPixelFormat pixels_of(const AVCodec& encoder, bool alpha) {
  if (!encoder.pix_fmts) return AV_PIX_FMT_YUV420P;
  if (alpha) {
    for (const AVPixelFormat* has = encoder.pix_fmts; *has != AV_PIX_FMT_NONE; ++has) {
      if (*has == AV_PIX_FMT_RGBA || *has == AV_PIX_FMT_RGB32 || *has == AV_PIX_FMT_YUVA444P10) return *has;
    }
    throw error("{}: this encoder has no transparency\nhint: .mov with ProRes, .mkv with FFV1, or .png", encoder.name);
  }
  for (const AVPixelFormat wanted : {AV_PIX_FMT_VAAPI, AV_PIX_FMT_PAL8, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV422P10}) {
    if (encoder.id == AV_CODEC_ID_FFV1) break;  // it is to lose nothing
    for (const AVPixelFormat* has = encoder.pix_fmts; *has != AV_PIX_FMT_NONE; ++has) {
      if (*has == wanted) return wanted;
    }
  }
  return avcodec_find_best_pix_fmt_of_list(encoder.pix_fmts, AV_PIX_FMT_RGB24, 0, nullptr);
}

// Does no picture of it need another one?
bool stands_alone(const AVCodecContext& codec) {
  return codec.codec_id == AV_CODEC_ID_PRORES || codec.codec_id == AV_CODEC_ID_PNG ||
         (codec.codec_id == AV_CODEC_ID_FFV1 && codec.gop_size == 1);
}

bool is_rgb(AVPixelFormat format) {
  return format == AV_PIX_FMT_RGB24 || format == AV_PIX_FMT_BGR0 || format == AV_PIX_FMT_0RGB32 ||
         format == AV_PIX_FMT_GBRP || format == AV_PIX_FMT_RGB32 || format == AV_PIX_FMT_RGBA;
}

}  // namespace

PictureEncoder::PictureEncoder(const PictureEncoding& encoding, Muxer& muxer)
    : encoding_(encoding), muxer_(muxer), codec_(open()), packet_(av_packet_alloc()), last_packet_(av_packet_alloc()) {
  stream_ = muxer.add(*codec_);
  stream_->avg_frame_rate = encoding.rate;
  if (encoding.live && encoding.encoder == "libx264" && codec_->extradata_size > 0) {
    copier_ = H264Copier::make({codec_->extradata, static_cast<std::size_t>(codec_->extradata_size)});
  }
  make_picture();
}

AvPtr<AVCodecContext> PictureEncoder::open() const {
  const PictureEncoding& e = encoding_;
  const AVCodec* encoder = avcodec_find_encoder_by_name(e.encoder.c_str());
  if (!encoder || encoder->type != AVMEDIA_TYPE_VIDEO) {
    throw error("{}: this FFmpeg has no encoder {}\nhint: `ffmpeg -encoders` lists what there is; .gif always works",
                muxer_.file(), e.encoder);
  }
  AvPtr<AVCodecContext> codec(avcodec_alloc_context3(encoder));
  codec->pix_fmt = pixels_of(*encoder, e.alpha);
  const int odd = e.pad_to_even ? 1 : 0;
  codec->width = (e.width + odd) & ~odd;
  codec->height = (e.height + odd) & ~odd;
  codec->time_base = e.time_base;
  codec->framerate = e.rate;
  codec->sample_aspect_ratio = {1, 1};
  codec->thread_count = e.threads;
  codec->gop_size = std::clamp(static_cast<int>(std::lround(av_q2d(e.rate) * (e.live ? 2.0 : 4.0))), 12, 250);
  codec->flags |= AV_CODEC_FLAG_BITEXACT;
  if (codec->pix_fmt != AV_PIX_FMT_PAL8 && !is_rgb(codec->pix_fmt)) {
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
  }
  if (muxer_.wants_global_header()) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (e.encoder == "h264_vaapi") open_device(*codec);
  AVDictionary* options = nullptr;  // those that an encoder does not know are left aside
  if (e.kbit_per_s > 0) {
    codec->bit_rate = codec->rc_max_rate = std::int64_t{1000} * e.kbit_per_s;
    codec->rc_buffer_size = static_cast<int>(kBufferS * static_cast<double>(codec->bit_rate));
  } else {
    av_dict_set_int(&options, "crf", e.quality, 0);
  }
  if (e.encoder == "libx264") {
    av_dict_set(&options, "preset", e.preset.c_str(), 0);
    if (e.kbit_per_s > 0) av_dict_set(&options, "tune", "zerolatency", 0);
    // x264's code for AVX2 lets the bytes depend on where in memory its buffers lie
    av_dict_set(&options, "x264-params", e.live ? kLiveX264 : "cpu-independent=1", 0);
  } else if (e.encoder == "h264_nvenc") {
    av_dict_set(&options, "rc", e.kbit_per_s > 0 ? "cbr" : "vbr", 0);
    if (e.kbit_per_s == 0) av_dict_set_int(&options, "cq", e.quality, 0);
    av_dict_set_int(&options, "bf", 0, 0);
    av_dict_set_int(&options, "delay", 0, 0);
  } else if (e.encoder == "h264_vaapi") {
    if (e.kbit_per_s == 0) av_dict_set_int(&options, "qp", e.quality, 0);
    av_dict_set_int(&options, "bf", 0, 0);
  } else if (e.encoder == "ffv1") {
    codec->level = 3;  // slices, so that threads have something to do
    codec->gop_size = 1;
  }
  const int code = avcodec_open2(codec.get(), encoder, &options);
  av_dict_free(&options);
  av_check(code, muxer_.file(), "the encoder does not start", "does it take this size and rate?");
  return codec;
}

// VAAPI encodes what lies in the graphics card's memory.
void PictureEncoder::open_device(AVCodecContext& codec) const {
  const char* hint = "use the software encoder";
  AVBufferRef* device = nullptr;
  av_check(av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, nullptr, nullptr, 0), muxer_.file(),
           "no encoder in the graphics card", hint);
  codec.hw_frames_ctx = av_hwframe_ctx_alloc(device);
  av_buffer_unref(&device);
  if (!codec.hw_frames_ctx) throw error("{}: no memory on the graphics card\nhint: {}", muxer_.file(), hint);
  auto& frames = *reinterpret_cast<AVHWFramesContext*>(codec.hw_frames_ctx->data);
  frames.format = AV_PIX_FMT_VAAPI;
  frames.sw_format = AV_PIX_FMT_NV12;
  frames.width = codec.width;
  frames.height = codec.height;
  frames.initial_pool_size = kDevicePictures;
  av_check(av_hwframe_ctx_init(codec.hw_frames_ctx), muxer_.file(), "no memory on the graphics card", hint);
}

// The frame that pictures are converted into.
void PictureEncoder::make_picture() {
  const AVCodecContext& codec = *codec_;
  const AVPixelFormat format = codec.hw_frames_ctx ? AV_PIX_FMT_NV12 : codec.pix_fmt;
  picture_.reset(av_frame_alloc());
  picture_->width = codec.width;
  picture_->height = codec.height;
  picture_->format = format;
  picture_->color_range = codec.color_range;
  picture_->colorspace = codec.colorspace;
  av_check(av_frame_get_buffer(picture_.get(), 0), muxer_.file(), "no memory for a picture");
  if (codec.hw_frames_ctx) on_device_.reset(av_frame_alloc());
  if (format == AV_PIX_FMT_PAL8) return;
  const AVPixelFormat opaque = encoding_.channels == 4 ? AV_PIX_FMT_RGB0 : AV_PIX_FMT_RGB24;
  const AVPixelFormat from = encoding_.alpha ? AV_PIX_FMT_RGBA : opaque;
  const int flags = encoding_.live ? SWS_BILINEAR : SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT;
  scaler_.reset(sws_getContext(codec.width, codec.height, from, codec.width, codec.height, format, flags, nullptr,
                               nullptr, nullptr));
  if (!scaler_) throw error("{}: pictures cannot be converted for {}", muxer_.file(), encoding_.encoder);
  const int* table = sws_getCoefficients(SWS_CS_ITU709);
  sws_setColorspaceDetails(scaler_.get(), table, 1, table, 0, 0, 1 << 16, 1 << 16);
  padded_.resize(static_cast<std::size_t>(codec.width) * static_cast<std::size_t>(codec.height) *
                     static_cast<std::size_t>(encoding_.channels) +
                 kSlack);
}

bool PictureEncoder::set_preset(const std::string& preset) {
  if (!encoding_.live || encoding_.encoder != "libx264") return false;
  PictureEncoding before = encoding_;
  encoding_.preset = preset;
  AvPtr<AVCodecContext> next = open();
  if (next->extradata_size != codec_->extradata_size ||
      !std::equal(next->extradata, next->extradata + next->extradata_size, codec_->extradata)) {
    encoding_ = std::move(before);
    return false;
  }
  finish();
  codec_ = std::move(next);
  return true;
}

void PictureEncoder::write(std::span<const std::uint8_t> pixels, std::int64_t stamp) {
  if (codec_->pix_fmt != AV_PIX_FMT_PAL8) return encode(pixels, stamp);
  std::vector<std::uint8_t> rgb;
  if (encoding_.channels == 4) {
    rgb.reserve(pixels.size() / 4 * 3);
    for (std::size_t i = 0; i < pixels.size(); i += 4) rgb.insert(rgb.end(), {pixels[i], pixels[i + 1], pixels[i + 2]});
  } else {
    rgb.assign(pixels.begin(), pixels.end());
  }
  if (!palette_.colours().empty()) return encode(rgb, stamp);
  palette_.look_at(rgb);
  early_.emplace_back(stamp, std::move(rgb));
  if ((early_.size() + 1) * early_.front().second.size() > kPaletteBytes || early_.size() >= kPaletteFrames) {
    encode_early();
  }
}

void PictureEncoder::encode_early() {
  if (codec_->pix_fmt != AV_PIX_FMT_PAL8 || !palette_.colours().empty()) return;
  palette_.choose();
  for (const auto& [stamp, rgb] : std::exchange(early_, {})) rgb.empty() ? encode_same(stamp) : encode(rgb, stamp);
}

void PictureEncoder::encode(std::span<const std::uint8_t> pixels, std::int64_t stamp) {
  av_check(av_frame_make_writable(picture_.get()), muxer_.file(), "no memory for a picture");
  if (codec_->pix_fmt == AV_PIX_FMT_PAL8) {
    fill_by_palette(pixels);
  } else {
    fill(pixels);
  }
  if (on_device_) {
    av_frame_unref(on_device_.get());
    av_check(av_hwframe_get_buffer(codec_->hw_frames_ctx, on_device_.get(), 0), muxer_.file(), "cannot encode");
    av_check(av_hwframe_transfer_data(on_device_.get(), picture_.get(), 0), muxer_.file(), "cannot encode");
  }
  stamp_ = stamp;
  encode_same(stamp);
}

// What lies in the frame already.
void PictureEncoder::encode_same(std::int64_t stamp) {
  AVFrame* frame = on_device_ ? on_device_.get() : picture_.get();
  frame->pts = stamp;
  // of copies the encoder knows nothing
  frame->pict_type = copier_ && since_key_ >= codec_->gop_size ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  send(frame);
}

void PictureEncoder::repeat(std::int64_t stamp) {
  if (!early_.empty()) {
    early_.emplace_back(stamp, std::vector<std::uint8_t>());
  } else if (stands_alone(*codec_)) {
    repeats_.emplace_back(stamp_, stamp);
    write_again();
  } else if (copier_ && since_key_ < codec_->gop_size) {
    give_packet(copier_->copy());
    packet_->pts = packet_->dts = stamp;
    packet_->duration = period();
    ++since_key_;
    muxer_.put(*packet_, codec_->time_base, *stream_);
  } else {
    encode_same(stamp);
  }
}

// Other bytes for the packet, whose times stay.
void PictureEncoder::give_packet(std::span<const std::uint8_t> bytes) {
  AvPtr<AVPacket> other(av_packet_alloc());
  av_check(av_new_packet(other.get(), static_cast<int>(bytes.size())), muxer_.file(), "no memory for a picture");
  std::copy(bytes.begin(), bytes.end(), other->data);
  av_check(av_packet_copy_props(other.get(), packet_.get()), muxer_.file(), "no memory for a picture");
  av_packet_unref(packet_.get());
  av_packet_move_ref(packet_.get(), other.get());
}

// A GIF's pictures last until the next one; others one period.
std::int64_t PictureEncoder::period() const {
  if (codec_->pix_fmt == AV_PIX_FMT_PAL8) return 0;
  return av_rescale_q(1, av_inv_q(encoding_.rate), encoding_.time_base);
}

// Those repeats whose picture has come out of the encoder (with several threads that is some pictures later).
void PictureEncoder::write_again() {
  while (!repeats_.empty() && last_packet_->data && last_stamp_ == repeats_.front().first) {
    av_check(av_packet_ref(packet_.get(), last_packet_.get()), muxer_.file(), "no memory for a picture");
    packet_->pts = packet_->dts = repeats_.front().second;
    repeats_.pop_front();
    muxer_.put(*packet_, codec_->time_base, *stream_);
  }
}

// null: the end.
void PictureEncoder::send(AVFrame* frame) {
  const bool alone = stands_alone(*codec_);
  av_check(avcodec_send_frame(codec_.get(), frame), muxer_.file(), "cannot encode");
  while (true) {
    const int code = avcodec_receive_packet(codec_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    av_check(code, muxer_.file(), "cannot encode");
    if (packet_->duration == 0) packet_->duration = period();
    if (copier_) {
      since_key_ = (packet_->flags & AV_PKT_FLAG_KEY) != 0 ? 1 : since_key_ + 1;
      const auto other = copier_->renumbered({packet_->data, static_cast<std::size_t>(packet_->size)});
      if (other) give_packet(*other);
    }
    if (alone) {
      av_packet_unref(last_packet_.get());
      av_check(av_packet_ref(last_packet_.get(), packet_.get()), muxer_.file(), "no memory for a picture");
      last_stamp_ = packet_->pts;
    }
    muxer_.put(*packet_, codec_->time_base, *stream_);
    if (alone) write_again();
  }
}

void PictureEncoder::fill(std::span<const std::uint8_t> pixels) {
  const auto width = static_cast<std::size_t>(encoding_.width), height = static_cast<std::size_t>(encoding_.height);
  const auto channels = static_cast<std::size_t>(encoding_.channels);
  const std::size_t in = width * channels, out = static_cast<std::size_t>(codec_->width) * channels;
  const auto rows = static_cast<std::size_t>(codec_->height);
  const std::uint8_t* from = pixels.data();
  if (!encoding_.live || in != out || rows != height) {
    for (std::size_t y = 0; y < rows; ++y) {
      const std::uint8_t* row = pixels.data() + std::min(y, height - 1) * in;
      std::uint8_t* to = padded_.data() + y * out;
      std::copy_n(row, in, to);
      if (out > in) std::copy_n(row + in - channels, channels, to + in);
    }
    from = padded_.data();
  }
  if (encoding_.live && channels == 4 && picture_->format == AV_PIX_FMT_YUV420P) {
    AVFrame& p = *picture_;
    rgb_to_yuv420(from, codec_->width, codec_->height, {p.data[0], p.linesize[0]}, {p.data[1], p.linesize[1]},
                  {p.data[2], p.linesize[2]});
    return;
  }
  const std::uint8_t* const planes[] = {from, nullptr, nullptr, nullptr};
  const int strides[] = {static_cast<int>(out), 0, 0, 0};
  av_check(sws_scale(scaler_.get(), planes, strides, 0, codec_->height, picture_->data, picture_->linesize),
           muxer_.file(), "a picture cannot be converted");
}

void PictureEncoder::fill_by_palette(std::span<const std::uint8_t> rgb) {
  auto* colours = reinterpret_cast<std::uint32_t*>(picture_->data[1]);
  std::fill_n(colours, AVPALETTE_COUNT, 0xff000000u);
  for (const auto& [r, g, b] : palette_.colours()) {
    *colours++ = 0xff000000u | static_cast<std::uint32_t>(r) << 16 | static_cast<std::uint32_t>(g) << 8 | b;
  }
  const auto width = static_cast<std::size_t>(encoding_.width);
  for (int y = 0; y < encoding_.height; ++y) {
    const auto row = rgb.subspan(static_cast<std::size_t>(y) * width * 3, width * 3);
    palette_.map(row, y, {picture_->data[0] + static_cast<std::ptrdiff_t>(y) * picture_->linesize[0], width});
  }
}

void PictureEncoder::finish() {
  encode_early();
  send(nullptr);
}

}  // namespace ombra::media
