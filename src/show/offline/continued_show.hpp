#pragma once
// Somebody's video that goes on as a dance: first its pictures, at the size and rate of the dance, with black beside
// them where the shapes differ; then the dance, over whose beginning the last of them fades away. Thread: one owner.

#include "media/read/audio_reader.hpp"
#include "media/read/video_reader.hpp"
#include "show/offline/picture_source.hpp"

#include <filesystem>

namespace ombra::show {

class ContinuedShow final : public PictureSource {
 public:
  // dance: RGB pictures of that size and rate; must outlive this. The video is read once, for its length.
  // Throws Error: no such video.
  ContinuedShow(const std::filesystem::path& video, PictureSource& dance, int width, int height, double fps);

  std::int64_t frames() const override { return before_ + dance_.frames(); }
  bool next(gfx::Image& picture) override;
  // When the dance begins.
  double seconds() const { return static_cast<double>(before_) / fps_; }

 private:
  bool read_until(double time_s);

  // immutable after construction
  const double fps_;
  const std::int64_t before_, fading_;  // pictures of the video, and of the dance while it fades in
  // state
  PictureSource& dance_;
  media::VideoReader reader_;
  media::VideoFrame shown_, coming_;
  bool more_ = true;
  std::int64_t given_ = 0;
};

// Puts the sound of a video, cut or with silence behind it to last seconds, before song. A video without sound is
// silent.
void put_before(media::Sound& song, const std::filesystem::path& video, double seconds);

}  // namespace ombra::show
