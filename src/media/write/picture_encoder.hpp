#pragma once
// One stream of pictures in a file: 8-bit RGB, or RGBA with straight alpha, in, packets of the chosen encoder out.
// Thread: one owner.

#include "media/write/h264_copy.hpp"
#include "media/write/muxer.hpp"
#include "media/write/palette.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ombra::media {

struct PictureEncoding {
  std::string encoder;  // of FFmpeg's: "libx264", "h264_nvenc", "h264_vaapi", "prores_ks", "ffv1", "gif", "png", ...
  int width = 0, height = 0;
  int channels = 3;                // of a pixel: 3 RGB, 4 RGB and one that is left aside
  bool alpha = false;              // of four channels the last is kept: ProRes 4444, FFV1, PNG
  AVRational rate{}, time_base{};  // pictures a second (nominal), and the unit of their stamps
  int quality = 20;                // constant rate factor of H.264, or what is nearest to it
  int kbit_per_s = 0;              // a bit rate that a network can carry, instead of the quality; 0: none
  int threads = 2;
  // Live: the packets of a picture come out with it, presets can be changed, speed goes before exact colours, and
  // kSlack bytes behind a picture may be read. Else: the same pictures give the same bytes.
  bool live = false;
  std::string preset = "veryfast";  // of libx264
  bool pad_to_even = true;          // a repeated edge where width or height is odd
};

class PictureEncoder {
 public:
  static constexpr std::size_t kSlack = 64;

  // Adds a stream to muxer, which must outlive it. Throws Error: no such encoder, it does not open.
  PictureEncoder(const PictureEncoding& encoding, Muxer& muxer);

  // pixels: [height][width][channels]; stamp: in units of the time base, rising. Throws Error.
  void write(std::span<const std::uint8_t> pixels, std::int64_t stamp);
  // The picture before once more, at a later stamp. Where every picture stands for itself (ProRes, FFV1, PNG) its
  // packet is written again, and x264's live streams get a copy that no encoder has to make
  // (media/write/h264_copy.hpp): both cost next to nothing. Else it is encoded again, to a few bytes. After write().
  // Throws Error.
  void repeat(std::int64_t stamp);
  // Goes on with another preset of libx264 in the same stream, live only. -> false: it cannot, and the old one stays
  bool set_preset(const std::string& preset);
  // Ends the stream.
  void finish();

  const PictureEncoding& encoding() const { return encoding_; }

 private:
  AvPtr<AVCodecContext> open() const;
  void open_device(AVCodecContext& codec) const;
  void make_picture();
  void encode(std::span<const std::uint8_t> pixels, std::int64_t stamp);
  void encode_same(std::int64_t stamp);
  void encode_early();
  void send(AVFrame* frame);
  void write_again();
  void give_packet(std::span<const std::uint8_t> bytes);
  std::int64_t period() const;
  void fill(std::span<const std::uint8_t> pixels);
  void fill_by_palette(std::span<const std::uint8_t> rgb);

  PictureEncoding encoding_;
  Muxer& muxer_;
  AvPtr<AVCodecContext> codec_;
  AVStream* stream_ = nullptr;          // of muxer_
  std::unique_ptr<H264Copier> copier_;  // where repeats are copies
  int since_key_ = 0;                   // pictures since the newest that needs no other, this one counted
  AvPtr<AVPacket> packet_, last_packet_;
  std::int64_t stamp_ = -1, last_stamp_ = -1;                  // of the newest picture that went in, and that came out
  std::deque<std::pair<std::int64_t, std::int64_t>> repeats_;  // stamps of a picture and of its repeat, not yet written
  AvPtr<AVFrame> picture_, on_device_;
  AvPtr<SwsContext> scaler_;
  std::vector<std::uint8_t> padded_;
  Palette palette_;
  // a GIF's, until its colours are chosen; without pixels: the one before once more
  std::vector<std::pair<std::int64_t, std::vector<std::uint8_t>>> early_;
};

}  // namespace ombra::media
