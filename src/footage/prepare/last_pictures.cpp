#include "footage/prepare/last_pictures.hpp"

#include "core/error.hpp"
#include "core/frames.hpp"
#include "core/log.hpp"
#include "footage/prepare/prepare.hpp"
#include "footage/prepare/prepare_words.hpp"
#include "footage/video/blobs.hpp"
#include "footage/video/choose_key.hpp"
#include "footage/video/matte.hpp"
#include "footage/video/picture_maker.hpp"
#include "footage/video/spread_frames.hpp"
#include "media/read/video_reader.hpp"
#include "model/figure/recipe.hpp"
#include "model/figure/strokes.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

constexpr int kLongerSide = 768;  // pixels in which figures are told apart
// Key and background are looked for in so much of the video's end: who stands still at last has moved before.
constexpr double kKeySearchS = 120.0;
constexpr double kMovesS = 6.0;     // eight moves of half a beat, at any tempo
constexpr double kFadedOutS = 1.0;  // at the very end, in which the figure may have gone already
constexpr double kMerged = 1.5;     // times the area of its neighbour in time: the figure has met another one
constexpr double kSmoothS = 0.5;    // of the camera that follows the dancer
// A dancer's height, where it is not seen standing: parts of the highest box, which may have raised its arms.
constexpr double kFramings[] = {1.0, 0.92, 0.84, 0.76, 1.08, 1.18, 1.3};

// What tells the figure from the ground at the end of a video.
struct Key {
  std::shared_ptr<const Background> still;
  std::unique_ptr<Matte> matte;
};

Key find_key(const fs::path& video, double from_s, const PrepareOptions& options, const media::ReadVideoOptions& read) {
  std::vector<media::VideoFrame> pictures =
      spread_frames(video, {.start_s = from_s, .end_s = 0.0, .count = 240, .read = read});
  for (media::VideoFrame& picture : pictures) raise_contrast(picture.rgb, options.key.contrast);
  Key key;
  key.still = std::make_shared<const Background>(pictures);
  const Content content = find_content(pictures);
  const KeyChoice choice = choose_key(pictures, *key.still, content, options.key);
  log::info("{}: key {} ({})", video.filename().string(), name_of(choice.key.kind), choice.reason);
  key.matte = std::make_unique<Matte>(choice.key, key.still, content, pictures[0].width, pictures[0].height);
  return key;
}

struct TimedFrame {
  KeyedFrame frame;
  double time_s = 0.0;
};

// The keyed frames of the video's last so many seconds.
std::deque<TimedFrame> read_end(const fs::path& video, double from_s, double seconds,
                                const media::ReadVideoOptions& read, PictureMaker& maker) {
  media::VideoReader reader(video, read);
  if (from_s > 0.0) reader.seek(from_s);
  std::deque<TimedFrame> timed;
  media::VideoFrame frame;
  while (reader.next(frame)) {
    if (frame.time_s < from_s) continue;
    const double time_s = frame.time_s;
    timed.push_back({maker.keyed(frame), time_s});
    while (timed.front().time_s < time_s - seconds) timed.pop_front();
  }
  return timed;
}

// Only one figure is left in the frame.
void keep_only(KeyedFrame& frame, const Silhouette& one, const Figures& all) {
  for (const Figure& other : all.all()) {
    const Silhouette gone = all.silhouette(other);
    // with the soft edge that does not count as figure
    const auto at = [&](int x, int y) {
      return static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(x);
    };
    if (gone.inside == one.inside) continue;
    constexpr int kEdge = 3;
    std::vector<std::uint8_t> wide = gone.inside;
    grow(wide, frame.width, frame.height, kEdge);
    const std::size_t channels = frame.light.size() / std::max<std::size_t>(1, frame.ink.size());
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) {
        const std::size_t i = at(x, y);
        if (!wide[i] || one.inside[i]) continue;
        frame.ink[i] = 0;
        for (std::size_t c = 0; c < channels; ++c) frame.light[i * channels + c] = 255;
      }
    }
  }
}

// The figure that is followed: where it is in the frames that are left.
struct Followed {
  std::vector<Box> boxes;  // of each frame
  Silhouette end;
};

// Goes back from the last frame that shows the figure which is meant; what comes after it and what lies before it is
// lost go. Throws where there is none.
Followed follow(const fs::path& video, std::deque<TimedFrame>& timed, const FigureChoice& choice) {
  const auto figures_of = [](const KeyedFrame& f) { return Figures(f.ink, f.width, f.height); };
  const double end_s = timed.back().time_s;
  std::size_t most = 0;
  while (!timed.empty()) {
    const Figures all = figures_of(timed.back().frame);
    most = std::max(most, all.all().size());
    if (all.chosen(choice) || timed.back().time_s < end_s - kFadedOutS) break;
    timed.pop_back();
  }
  if (most == 0 || timed.empty()) {
    throw error(
        "{}: no figure is seen in its last second\nhint: a dancer who stands out against the ground, "
        "as `ombra prepare` would need it",
        video.string());
  }
  const Figures last = figures_of(timed.back().frame);
  const Figure* figure = last.chosen(choice);
  if (!figure) {
    throw UsageError(fmt::format("--figure {}: {} ends with {} figure{}\nhint: 1 is the one on the left", choice.number,
                                 video.string(), most, most > 1 ? "s" : ""));
  }
  if (most > 1) {
    const auto number = figure - last.all().data() + 1;
    log::info("{}: ends with {} figures; number {} from the left is followed (--figure)", video.filename().string(),
              last.all().size(), number);
  }
  Followed followed;
  Silhouette seen = followed.end = last.silhouette(*figure);
  double area = static_cast<double>(figure->area);
  std::size_t first = timed.size();
  while (first > 0) {
    KeyedFrame& frame = timed[first - 1].frame;
    const Figures all = figures_of(frame);
    const Figure* same = all.same_as(seen);
    if (!same || static_cast<double>(same->area) > kMerged * area) break;
    seen = all.silhouette(*same);
    area += 0.2 * (static_cast<double>(same->area) - area);
    keep_only(frame, seen, all);
    followed.boxes.insert(followed.boxes.begin(), same->box);
    --first;
  }
  timed.erase(timed.begin(), timed.begin() + static_cast<std::ptrdiff_t>(first));
  return followed;
}

// Where the picture's middle is at a frame: a Gaussian over the figure's own, even to both sides as far as it goes.
double middle_at(std::size_t at, const std::deque<TimedFrame>& timed, const std::vector<Box>& boxes) {
  const double here_s = timed[at].time_s;
  const double reach_s = std::min({2.5 * kSmoothS, here_s - timed.front().time_s, timed.back().time_s - here_s});
  double sum = 0.0, weights = 0.0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const double off = timed[i].time_s - here_s;
    if (std::abs(off) > reach_s + 1e-6) continue;
    const double weight = std::exp(-0.5 * off * off / (kSmoothS * kSmoothS));
    sum += weight * boxes[i].centre(), weights += weight;
  }
  return sum / weights;
}

// The frames that a dance at fps begins with, counted back from the last one.
std::vector<std::size_t> frames_at(double fps, std::int64_t wanted, const std::deque<TimedFrame>& timed) {
  std::vector<std::size_t> chosen;
  std::size_t at = timed.size() - 1;
  for (std::int64_t k = 0; k < wanted; ++k) {
    const double time_s = timed.back().time_s - static_cast<double>(k) / fps;
    if (time_s < timed.front().time_s - 0.5 / fps) break;
    while (at > 0 && std::abs(timed[at - 1].time_s - time_s) <= std::abs(timed[at].time_s - time_s)) --at;
    chosen.insert(chosen.begin(), at);
  }
  return chosen;
}

bool is_framed(const PrepareOptions& options) {
  using Kind = CropSpec::Kind;
  return options.crop.kind == Kind::kFigure ||
         (options.crop.kind == Kind::kDefault && options.picture == PictureKind::kDistance);
}

Crop scaled(const Crop& crop, double part) {  // about the middle of its lower edge's floor
  const double floor = crop.y + crop.height * (1.0 - kFloorMetres / kPictureMetres);
  const double height = crop.height * part, width = crop.width * part;
  return {crop.x + 0.5 * (crop.width - width), floor - height * (1.0 - kFloorMetres / kPictureMetres), width, height};
}

// The crops that are tried, the likeliest first; boxes: of the figure, empty where none is looked for.
std::vector<Crop> crops_of(std::span<const Box> boxes, const KeyedFrame& frame, const PrepareOptions& options,
                           double aspect) {
  const Crop whole{0.0, 0.0, double(frame.width), double(frame.height)};
  if (is_framed(options) && !boxes.empty()) {
    const Crop standing = figure_crop(boxes, aspect);
    std::vector<Crop> crops;
    for (const double part : kFramings) crops.push_back(scaled(standing, part));
    return crops;
  }
  using Kind = CropSpec::Kind;
  if (options.crop.kind == Kind::kNone || boxes.empty()) return {shaped(whole, aspect)};
  return {used_crop(boxes, options.crop.margin, aspect, frame.width, frame.height)};
}

// A picture as a data set stores it, as the recipe's networks see it.
void append(std::span<const std::uint8_t> picture, const model::FramesSpec& frames, std::vector<float>& numbers) {
  const std::size_t channels = static_cast<std::size_t>(model::channels_of(frames.picture)),
                    area = picture.size() / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < area; ++i) {
      const std::uint8_t byte = picture[i * channels + c];
      if (frames.picture == PictureKind::kDistance) {
        const float pixels = static_cast<float>(static_cast<std::int8_t>(byte)) / kUnitsPerPixel;
        numbers.push_back(
            std::clamp(pixels / static_cast<float>(frames.height), -model::kMaxDistance, model::kMaxDistance));
      } else {
        numbers.push_back(static_cast<float>(byte) / 255.0f);
      }
    }
  }
}

}  // namespace

LastPictures last_pictures(const fs::path& video, const fs::path& model, const FigureChoice& figure) {
  const model::Recipe recipe = model::read_recipe(model / "recipe.toml");
  const model::FramesSpec& frames = recipe.frames;
  const auto wanted = recipe.kind == "moves" ? static_cast<std::int64_t>(std::ceil(kMovesS * frames.fps))
                                             : std::max<std::int64_t>(2, recipe.dancer.context);
  PrepareOptions options;
  use_frames(frames, options);
  const media::ReadVideoOptions read{.max_width = kLongerSide, .max_height = kLongerSide};
  const double duration_s = media::VideoReader(video, read).info().duration_s;
  const Key key = find_key(video, std::max(0.0, duration_s - kKeySearchS), options, read);
  const int width = static_cast<int>(frames.width), height = static_cast<int>(frames.height);
  PictureMaker maker(*key.matte, frames.picture, width, height, options.invert);
  const double seconds = static_cast<double>(wanted) / frames.fps + kFadedOutS;
  std::deque<TimedFrame> timed = read_end(video, std::max(0.0, duration_s - seconds - 1.0), seconds, read, maker);
  if (timed.empty()) throw error("{}: no picture could be read from its end\nhint: does it play?", video.string());

  LastPictures last;
  const bool one = key.matte->finds_figure();
  Followed followed;
  if (one) followed = follow(video, timed, figure);
  last.end = std::move(followed.end);
  const std::vector<std::size_t> chosen = frames_at(frames.fps, wanted, timed);
  last.count = chosen.size();
  const std::vector<Crop> crops = crops_of(followed.boxes, timed.back().frame, options, double(width) / height);
  last.framings = crops.size();
  std::vector<std::uint8_t> picture(static_cast<std::size_t>(width * height * model::channels_of(frames.picture)));
  const bool follows = one && is_framed(options);
  for (const Crop& crop : crops) {
    for (const std::size_t at : chosen) {
      Crop here = crop;
      if (follows) here.x = middle_at(at, timed, followed.boxes) - 0.5 * here.width;
      maker.make(timed[at].frame, here, picture);
      append(picture, frames, last.numbers);
    }
  }
  return last;
}

}  // namespace ombra::train
