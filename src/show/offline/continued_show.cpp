#include "show/offline/continued_show.hpp"

#include "core/arithmetic.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ombra::show {
namespace {

constexpr double kFadeS = 0.5;
constexpr double kEarlyS = 1e-4;    // a picture that is due so soon is due
constexpr double kSoftenS = 0.005;  // of the sound at the seam, against a click

// -> pictures of a video at another rate, at least one
std::int64_t length_of(const std::filesystem::path& video, double fps) {
  media::VideoReader reader(video, {.max_width = 32, .max_height = 32});
  media::VideoFrame frame;
  double last_s = 0.0;
  std::int64_t count = 0;
  while (reader.next(frame)) last_s = frame.time_s, ++count;
  const double usual_s = reader.info().fps > 0.0 ? 1.0 / reader.info().fps : 0.04;
  const double period_s = count > 1 ? last_s / static_cast<double>(count - 1) : usual_s;
  return std::max<std::int64_t>(1, std::llround((last_s + period_s) * fps));
}

}  // namespace

ContinuedShow::ContinuedShow(const std::filesystem::path& video, PictureSource& dance, int width, int height,
                             double fps)
    : fps_(fps),
      before_(length_of(video, fps)),
      fading_(std::llround(kFadeS * fps)),
      dance_(dance),
      reader_(video, {.max_width = width, .max_height = height, .fill = true}) {
  more_ = reader_.next(coming_);
}

// shown_ becomes the picture that is seen at time_s.
bool ContinuedShow::read_until(double time_s) {
  while (more_ && (shown_.rgb.empty() || coming_.time_s <= time_s + kEarlyS)) {
    std::swap(shown_, coming_);
    more_ = reader_.next(coming_);
  }
  return !shown_.rgb.empty();
}

bool ContinuedShow::next(gfx::Image& picture) {
  if (given_ < before_ && read_until(static_cast<double>(given_) / fps_)) {
    picture.width = shown_.width, picture.height = shown_.height, picture.channels = 3;
    picture.pixels.assign(shown_.rgb.begin(), shown_.rgb.end());
    ++given_;
    return true;
  }
  if (!dance_.next(picture)) return false;
  const std::int64_t danced = given_++ - before_ + 1;
  if (danced <= fading_ && picture.pixels.size() == shown_.rgb.size()) {
    const double t = static_cast<double>(danced) / static_cast<double>(fading_ + 1);
    const int share = static_cast<int>(std::lround(256.0 * smoothstep(t)));
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
      const int from = shown_.rgb[i], to = picture.pixels[i];
      picture.pixels[i] = static_cast<std::uint8_t>(from + (to - from) * share / 256);
    }
  }
  return true;
}

void put_before(media::Sound& song, const std::filesystem::path& video, double seconds) {
  const auto channels = static_cast<std::size_t>(song.channels);
  const auto wanted = static_cast<std::size_t>(std::llround(seconds * song.rate_hz));
  media::Sound before{.samples = {}, .channels = song.channels, .rate_hz = song.rate_hz};
  if (media::VideoReader(video).info().has_sound) {
    before = media::read_audio(video, {.rate_hz = song.rate_hz, .channels = song.channels});
  }
  before.samples.resize(wanted * channels, 0.0f);
  const auto soft = std::min(static_cast<std::size_t>(kSoftenS * song.rate_hz), std::min(wanted, song.frames()));
  for (std::size_t i = 0; i < soft; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(soft);
    for (std::size_t c = 0; c < channels; ++c) {
      before.samples[(wanted - 1 - i) * channels + c] *= share;
      song.samples[i * channels + c] *= share;
    }
  }
  song.samples.insert(song.samples.begin(), before.samples.begin(), before.samples.end());
}

}  // namespace ombra::show
