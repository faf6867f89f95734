#include "footage/video/footage.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "footage/video/background.hpp"
#include "footage/video/choose_key.hpp"
#include "footage/video/even_frames.hpp"
#include "footage/video/follower.hpp"
#include "footage/video/letterbox.hpp"
#include "footage/video/matte.hpp"
#include "footage/video/picture_maker.hpp"
#include "footage/video/spread_frames.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace ombra::train {
namespace {

constexpr int kFirstSide = 640;        // pixels of the longer side in the first pass
constexpr double kOversampling = 2.0;  // pixels of the crop for one of the picture, a side, where the video has them
constexpr int kLargeHeight = 300;      // pictures higher than this need less of it
constexpr std::size_t kWaitingBytes = 256u << 20;  // of frames whose dancer is followed

void stop_if_interrupted() {
  if (interrupted()) throw error("interrupted: no data set was written\nhint: run it again");
}

media::ReadVideoOptions reading(const FootageOptions& o, int max_width, int max_height) {
  return {.max_width = max_width, .max_height = max_height, .folder_fps = o.image_fps, .threads = o.threads};
}

// What the first pass decided.
struct Plan {
  KeyChoice key;
  std::shared_ptr<const Background> still;
  Content content;  // of pictures of first_width x first_height
  int first_width = 0, first_height = 0;
  Crop crop;             // in shares of the video's width and height
  bool follows = false;  // the crop's middle is the dancer's
  bool found = true;     // a figure, where one was looked for
};

Matte matte_of(const Plan& plan) {
  return {plan.key.key, plan.still, plan.content, plan.first_width, plan.first_height};
}

// The box of the figure in each picture that shows one; without a key, of what moves.
std::vector<Box> boxes_in(std::span<const media::VideoFrame> pictures, const Plan& plan) {
  KeySpec key = plan.key.key;
  if (key.kind == KeyKind::kNone) {
    key.kind = KeyKind::kBackground;
    key.threshold = plan.still->threshold();
  }
  const Matte matte(key, plan.still, plan.content, plan.first_width, plan.first_height);
  std::vector<float> ink(pictures[0].rgb.size() / 3);
  std::vector<Box> boxes;
  for (const media::VideoFrame& picture : pictures) {
    stop_if_interrupted();
    matte.ink_of(picture.rgb, picture.width, picture.height, ink);
    if (const auto box = box_of(ink, picture.width, picture.height)) boxes.push_back(*box);
  }
  return boxes;
}

// -> the crop in pixels of pictures of the first pass's size. video_width: of the video as it is, for a crop by hand.
Crop crop_of(std::span<const media::VideoFrame> pictures, int video_width, const FootageOptions& o, Plan& plan) {
  using Kind = CropSpec::Kind;
  const double aspect = double(o.width) / o.height;
  const int w = plan.first_width, h = plan.first_height;
  const Content& c = plan.content;
  const Crop whole{double(c.left), double(c.top), double(c.right - c.left), double(c.bottom - c.top)};
  Kind kind = o.crop.kind;
  if (kind == Kind::kDefault) kind = o.picture == PictureKind::kDistance ? Kind::kFigure : Kind::kAuto;
  if (kind == Kind::kByHand) {
    const double scale = double(w) / video_width;
    const Crop& hand = o.crop.by_hand;
    if (hand.x + 1.0 > w / scale || hand.y + 1.0 > h / scale) {
      throw UsageError(fmt::format("the crop begins at ({:.0f}, {:.0f}), outside a video of {} x {}\nhint: --crop auto",
                                   hand.x, hand.y, video_width, std::lround(h / scale)));
    }
    return shaped({hand.x * scale, hand.y * scale, hand.width * scale, hand.height * scale}, aspect);
  }
  if (kind == Kind::kNone) return shaped(whole, aspect);
  const std::vector<Box> boxes = boxes_in(pictures, plan);
  plan.found = !boxes.empty();
  if (boxes.empty()) return shaped(whole, aspect);
  if (kind == Kind::kAuto) return used_crop(boxes, o.crop.margin, aspect, w, h);
  plan.follows = plan.key.key.kind != KeyKind::kNone;
  return figure_crop(boxes, aspect);
}

Plan make_plan(const Footage& footage, const FootageOptions& o) {
  const int video_width = media::VideoReader(footage.path, reading(o, 0, 0)).info().width;
  std::vector<media::VideoFrame> pictures =
      spread_frames(footage.path, {o.start_s, o.end_s, 240, reading(o, kFirstSide, kFirstSide)});
  for (media::VideoFrame& picture : pictures) raise_contrast(picture.rgb, o.key.contrast);
  Plan plan;
  plan.first_width = pictures[0].width;
  plan.first_height = pictures[0].height;
  plan.still = std::make_shared<const Background>(pictures);
  plan.content = find_content(pictures);
  plan.key = choose_key(pictures, *plan.still, plan.content, o.key);
  const Crop crop = crop_of(pictures, video_width, o, plan);
  plan.crop = {crop.x / plan.first_width, crop.y / plan.first_height, crop.width / plan.first_width,
               crop.height / plan.first_height};
  return plan;
}

std::string key_in_words(const KeyChoice& choice) {
  const KeySpec& key = choice.key;
  std::string text = name_of(key.kind);
  if (key.kind == KeyKind::kDistance && key.colour) {
    text += fmt::format(" {} #{:02x}{:02x}{:02x}", key.colour_is_ground ? "from the ground's" : "from",
                        (*key.colour)[0], (*key.colour)[1], (*key.colour)[2]);
  }
  if (key.threshold && key.kind != KeyKind::kNone) text += fmt::format(" at {:.0f}", *key.threshold);
  return text + " (" + choice.reason + ")";
}

// How large frames are read in the second pass: no larger than the crop needs.
media::ReadVideoOptions second_reading(const Plan& plan, const FootageOptions& o) {
  if (plan.key.key.kind == KeyKind::kBackground) return reading(o, kFirstSide, kFirstSide);
  const double more = o.height > kLargeHeight ? 1.25 : kOversampling;
  const auto whole = [&](double pixels, double share) {
    return static_cast<int>(std::clamp(more * pixels / std::max(share, 1e-3), 16.0, 16384.0));
  };
  return reading(o, whole(o.width, plan.crop.width), whole(o.height, plan.crop.height));
}

}  // namespace

Footage look_up(const std::filesystem::path& path, const FootageOptions& options) {
  const media::VideoReader reader(path, reading(options, kFirstSide, kFirstSide));
  Footage footage;
  footage.path = path;
  const std::filesystem::path clean = path.has_filename() ? path : path.parent_path();
  footage.name = std::filesystem::is_directory(clean) ? clean.filename().string() : clean.stem().string();
  footage.fps = reader.info().fps;
  // a quarter more is no rounding: frames are left out while nothing moves
  footage.base_fps = reader.info().base_fps > 1.25 * footage.fps ? reader.info().base_fps : footage.fps;
  footage.sound_start_s = reader.info().sound_start_s;
  footage.has_sound = reader.info().has_sound;
  const double end = footage.file_seconds = reader.info().duration_s;
  footage.duration_s = std::max(0.0, (options.end_s > 0.0 ? std::min(options.end_s, end) : end) - options.start_s);
  return footage;
}

void read_footage(Footage& footage, const FootageOptions& o, PictureFile& pictures) {
  const Plan plan = make_plan(footage, o);
  footage.key = key_in_words(plan.key);
  const Matte matte = matte_of(plan);
  EvenFrames source(footage.path, second_reading(plan, o), o.start_s, o.end_s, o.fps);
  const int w = source.info().width, h = source.info().height;
  const Crop crop{plan.crop.x * w, plan.crop.y * h, plan.crop.width * w, plan.crop.height * h};
  footage.crop = fmt::format("{:.0f} % x {:.0f} % of the video{}", 100.0 * plan.crop.width, 100.0 * plan.crop.height,
                             plan.follows ? ", following the dancer" : "");
  log::info("{}: key {}; crop {}", footage.name, footage.key, footage.crop);
  if (!plan.key.confident) log::warn("{}: look at the contact sheet; --key names another key", footage.name);
  if (!plan.found)
    log::warn("{}: no figure found to frame, so all of the video is taken; see --key and --crop", footage.name);

  PictureMaker maker(matte, o.picture, o.width, o.height, o.invert);
  std::vector<std::uint8_t> picture(static_cast<std::size_t>(o.width) * static_cast<std::size_t>(o.height) *
                                    static_cast<std::size_t>(model::channels_of(o.picture)));
  footage.first = pictures.count();
  Progress progress(footage.name.substr(0, 14), static_cast<std::int64_t>(footage.duration_s * o.fps));
  std::deque<int> repeats;  // how many pictures each frame stands for that was pushed and has not come out yet
  const auto store = [&](const KeyedFrame& frame, double middle) {
    Crop here = crop;
    if (plan.follows) here.x = middle - 0.5 * here.width;
    const PictureFacts facts = maker.make(frame, here, picture);
    const int times = repeats.front();
    repeats.pop_front();
    for (int k = 0; k < times; ++k) {
      pictures.append(picture);
      footage.speed.push_back(k == 0 ? maker.change() : 0.0);
    }
    footage.touching += facts.touches ? times : 0;
    footage.empty += facts.empty ? times : 0;
    progress.add(times);
  };
  const double rate = std::min(o.fps, footage.base_fps > 0.0 ? footage.base_fps : o.fps);
  Follower follower(rate, crop.x + 0.5 * crop.width, kWaitingBytes, store);
  media::VideoFrame frame;
  while (const int times = source.next(frame)) {
    stop_if_interrupted();
    repeats.push_back(times);
    KeyedFrame keyed = maker.keyed(frame);
    if (plan.follows) {
      follower.push(std::move(keyed));
    } else {
      store(keyed, 0.0);
    }
  }
  follower.finish();
  footage.damaged = source.damaged();
  footage.skipped_s = source.skipped_s();
  footage.pauses = source.pauses();
  footage.frames = pictures.count() - footage.first;
  if (footage.frames == 0) {
    throw error("{}: no frame could be read, {} are damaged\nhint: does `ffprobe` understand the file?",
                footage.path.string(), footage.damaged);
  }
  if (footage.speed.size() > 1) footage.speed[0] = footage.speed[1];
}

}  // namespace ombra::train
