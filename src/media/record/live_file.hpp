#pragma once
// One file of a recording while it grows, or one connection of a stream: pictures at a constant rate, and sound beside
// them. A place that has no picture of its own shows the one before it, so that times stay true. Whatever happens to
// the program, what was written up to about a second ago plays. Thread: one owner (encoders use threads of their own).

#include "media/record/sound_aligner.hpp"
#include "media/write/picture_encoder.hpp"
#include "media/write/sound_encoder.hpp"
#include "media/write/video_kind.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace ombra::media {

struct LiveFormat {
  VideoKind kind = VideoKind::kMp4;
  int width = 1280, height = 720;   // even, 16 .. 8192
  double fps = 30.0;                // of the pictures, exactly (a GIF: as near as hundredths of a second come)
  int quality = 20;                 // as VideoFormat::quality
  std::string encoder = "";         // one of FFmpeg's; "": of the graphics card where one opens, else software
  int kbit_per_s = 0;               // as PictureEncoding's
  std::string preset = "veryfast";  // of libx264
  bool sound = true;                // none in a GIF or beside numbered pictures
};

// -> the longest recording of this kind, in seconds: GIFs and numbered pictures are for loops
double most_seconds(VideoKind kind);

class LiveFile {
 public:
  // start_s: when the first picture is seen; sound begins there. Replaces what is there. Throws Error.
  LiveFile(const std::filesystem::path& path, const LiveFormat& format, double start_s);
  // To a muxer that nothing was added to; of the format's kind only codecs are taken.
  LiveFile(std::unique_ptr<Muxer> muxer, const LiveFormat& format, double start_s);
  ~LiveFile();
  LiveFile(const LiveFile&) = delete;
  LiveFile& operator=(const LiveFile&) = delete;

  // rgba: [height][width][4], with PictureEncoder::kSlack bytes behind it. time_s rises; the nearest place that is free
  // is taken. Throws Error.
  void picture(std::span<const std::uint8_t> rgba, double time_s);
  // The newest picture stays until time_s. Nothing before the first one. Throws Error.
  void hold_until(double time_s);
  // Holds the newest picture where sound has run seconds ahead of it: a hidden window has none. Throws Error.
  void follow_sound();
  // As SoundAligner::push.
  void sound(std::span<const float> stereo, int rate_hz, double end_s);
  // Sound before time_s that has not come is silence.
  void no_sound_before(double time_s);
  // -> is all sound there for the pictures so far?
  bool heard() const { return !aligner_ || aligner_->known_s() >= end_s_; }
  // Ends the file; the sound ends with the picture. Throws Error.
  void finish();

  bool set_preset(const std::string& preset) { return picture_->set_preset(preset); }
  std::int64_t bytes() const { return muxer_->bytes(); }
  double seconds() const { return end_s_ - start_s_; }
  double end_s() const { return end_s_; }  // of the last picture: where the next file begins
  std::uint64_t pictures() const { return static_cast<std::uint64_t>(next_); }  // that are in the file
  std::uint64_t repeated() const { return repeated_; }                          // of these, the one before once more
  const std::string& remark() const { return remark_; }  // why no hardware encoder was taken, or empty
  const PictureEncoding& encoding() const { return picture_->encoding(); }

 private:
  void open_encoder(const LiveFormat& format);
  void encode_sound(bool last);

  std::int64_t place(double time_s) const;
  std::int64_t stamp(std::int64_t place) const;

  const double start_s_;
  const AVRational rate_;
  std::unique_ptr<Muxer> muxer_;
  std::optional<PictureEncoder> picture_;
  std::optional<SoundEncoder> sound_;
  std::optional<SoundAligner> aligner_;
  AVRational time_base_;
  std::int64_t next_ = 0;  // place of the next picture
  std::uint64_t repeated_ = 0;
  double end_s_;  // of the last picture
  std::string remark_;
  bool ended_ = false;
};

}  // namespace ombra::media
