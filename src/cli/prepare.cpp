#include "footage/prepare/prepare.hpp"

#include "cli/ask.hpp"
#include "cli/command.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/times.hpp"
#include "footage/prepare/prepare_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace ombra::cli {
namespace {

// What was written on the command line; empty or 0: nothing.
struct Words {
  train::PrepareOptions options;
  std::string recipe, size, picture, key, colour, crop, start, end, hold_out_last;
  std::optional<double> fps, threshold, contrast;
  bool mirror = true, invert = false, yes = false;
};

// Explicit options win over the recipe, the recipe over what is chosen automatically.
train::PrepareOptions options_of(const Words& words) {
  train::PrepareOptions o = words.options;
  if (!words.recipe.empty()) train::use_recipe(words.recipe, o);
  if (words.fps) o.fps = *words.fps;
  if (o.every > 0 && !words.fps) o.fps = 0.0;
  if (!words.size.empty()) std::tie(o.width, o.size) = train::parse_size(words.size);
  if (!words.picture.empty()) o.picture = model::picture_kind(words.picture);
  if (!words.key.empty()) {  // another key has another threshold and colour
    const train::KeyKind kind = train::parse_key(words.key);
    if (kind != o.key.kind) o.key = {.kind = kind, .contrast = o.key.contrast};
  }
  if (words.threshold) o.key.threshold = *words.threshold;
  if (!words.colour.empty()) train::parse_key_colour(words.colour, o.key);
  if (words.contrast) o.key.contrast = *words.contrast;
  if (!words.crop.empty()) {
    const double margin = o.crop.margin;
    o.crop = train::parse_crop(words.crop);
    o.crop.margin = margin;
  }
  if (!words.start.empty()) o.start_s = parse_time(words.start);
  if (!words.end.empty()) o.end_s = parse_time(words.end);
  if (!words.hold_out_last.empty()) o.hold_out_last = train::parse_held_out_end(words.hold_out_last);
  if (words.invert) o.invert = true;
  o.mirror = words.mirror;
  if (o.key.kind == train::KeyKind::kNone && o.picture == train::PictureKind::kDistance) {
    throw UsageError(
        "without a key there is no outline to measure distances to\nhint: --picture gray, or another --key");
  }
  if (!words.yes && can_ask()) {
    o.confirm = ask;
  }
  return o;
}

std::string about_pauses(const train::PrepareReport& r) {
  if (r.pauses == 0) return "";
  const std::string cut = r.cut_s > 0.0 ? fmt::format(", {:.1f} s of them left out", r.cut_s) : "";
  return fmt::format("{} pauses without a new picture, {:.1f} s in all: the last one is held{}\n", r.pauses, r.paused_s,
                     cut);
}

std::string about_passed_over(const train::PrepareReport& r) {
  constexpr std::size_t kShown = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, r.passed_over.size()); ++i)
    text += (i == 0 ? "passed over: " : ", ") + r.passed_over[i];
  if (r.passed_over.size() > kShown) text += fmt::format(" and {} more", r.passed_over.size() - kShown);
  return text.empty() ? text : text + "\n";
}

void run(const Words& words) {
  const train::PrepareOptions options = options_of(words);
  const train::PrepareReport r = train::prepare(options);
  const double minutes = static_cast<double>(r.take_frames) / r.fps / 60.0;
  std::string text =
      fmt::format("{} take{}, {:.1f} minutes of dance -> {} clips, {} frames ({} held out), {:.0f} MB in {}\n", r.takes,
                  r.takes == 1 ? "" : "s", minutes, r.clips, r.frames, r.held_out_frames,
                  static_cast<double>(r.bytes) / 1e6, duration_text(r.seconds));
  if (r.draw_ms_a_frame > 0.0) text += fmt::format("drawing {:.3f} ms a frame on one core\n", r.draw_ms_a_frame);
  if (!r.preview.empty()) {
    text += fmt::format("of {} pictures of footage {} touch the edge, {} show no figure; {} frames could not be read\n",
                        r.footage_frames, r.touching, r.empty, r.damaged);
  }
  text += about_pauses(r) + about_passed_over(r);
  text +=
      fmt::format("stops of the movement on the beat {:.2f}, on shifted beats {:.2f}\ndata set {}\ncontact sheet {}",
                  r.aligned, r.shifted, options.output.string(), r.contact_sheet.string());
  if (!r.preview.empty()) text += fmt::format("\npreview {}", r.preview.string());
  std::printf("%s\n", text.c_str());
}

void add_footage_options(CLI::App& command, Words& words) {
  constexpr const char* kFootage = "Footage";
  command.add_option("--every", words.options.every, "take every n-th frame")
      ->check(CLI::Range(1, 1000))
      ->group(kFootage);
  command.add_option("--image-fps", words.options.image_fps, "frame rate of numbered images")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 240.0))
      ->group(kFootage);
  command.add_option("--start", words.start, "start at: seconds, or h:mm:ss")->group(kFootage);
  command.add_option("--end", words.end, "end there")->group(kFootage);
  command
      .add_option("--crop", words.crop,
                  "auto (the box that the dancer uses), figure (standing on a floor, followed sideways; usual for "
                  "distances), none, or X,Y,WIDTH,HEIGHT in pixels of the video")
      ->group(kFootage);
  command
      .add_option("--key", words.key,
                  "what is the figure: auto (chosen and explained), below or above a level, distance from a colour, "
                  "green or blue screen, remove-blue, background (fixed camera), rim (a dark figure with light all "
                  "round it), none")
      ->group(kFootage);
  command
      .add_option("--threshold", words.threshold,
                  "threshold of the key, in levels 0..255 (distance: 0..441); measured if not given")
      ->check(CLI::Range(0.0, 442.0))
      ->group(kFootage);
  command
      .add_option("--colour", words.colour,
                  "of --key distance: \"#rrggbb\" the figure's, \"ground:#rrggbb\" the ground's")
      ->group(kFootage);
  command.add_option("--contrast", words.contrast, "contrast factor, applied first")
      ->check(CLI::Range(0.01, 100.0))
      ->group(kFootage);
  command.add_flag("--invert", words.invert, "swap black and white")->group(kFootage);
  command
      .add_option("--hold-out-last", words.hold_out_last,
                  "keep the end of each video for evaluation: seconds, or a share such as 10%; 10% when nothing "
                  "else is held out")
      ->group(kFootage);
  command.add_flag("--yes", words.yes, "do not ask before writing a very large data set")->group(kFootage);
}

}  // namespace

void add_prepare(CLI::App& app) {
  const auto words = std::make_shared<Words>();
  train::PrepareOptions& options = words->options;
  CLI::App* command = app.add_subcommand(
      "prepare", "Turn dance footage into a data set: videos, numbered images, or motion capture drawn as silhouettes");
  command->footer(
      "example: ombra prepare friend.mp4 -o data/friend.safetensors\n"
      "         ombra prepare silhouettes.mp4 --recipe deepdance-2020 -o data/deepdance.safetensors\n"
      "         ombra prepare motion/ -o data/dance.safetensors --hold-out TikTok\n"
      "         ombra prepare motion/ --bodies figures/ -o data/people.safetensors --size 192");
  command
      ->add_option("footage", options.inputs,
                   "videos, folders of numbered images, motion files (.trc, .bvh), or folders of any of these; a sound "
                   "file beside motion (clip.trc, clip.wav) is its soundtrack and gives the beat")
      ->required();
  command
      ->add_option("-o,--output", options.output,
                   "the data set (.safetensors); its contact sheet (.png) and preview (.preview.mp4) lie beside it")
      ->required();
  command->add_option("--recipe", words->recipe, "take size, rate, picture type and key from this recipe");
  command->add_option("--fps", words->fps, "frames a second [that of the video, at most 30]");
  command->add_option("--size", words->size, "of a picture, pixels: WIDTHxHEIGHT, or one number; 96 if not given");
  command->add_option("--picture", words->picture, "picture type: distance, binary, gray or rgb [distance]");
  command->add_option("--yaw", options.yaws, "camera angles for 3-D motion, degrees")->capture_default_str();
  command->add_flag("--mirror,!--no-mirror", words->mirror, "with or without mirrored copies; usually with");
  command->add_option("--bodies", options.bodies,
                      "folder of figures that dance the motion: skinned glTF 2.0 (.glb, .gltf, .vrm) with the bones of "
                      "MakeHuman, Mixamo, VRM or Unreal; without it a mannequin does");
  command->add_option("--people", options.people, "of these figures, how many dance each take, in turn; 0: all of them")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command->add_option("--clips", options.clips,
                      "table (.csv) of what is known of the clips: style, pair and more by name; wins over a "
                      "manifest.csv beside them");
  command->add_option("--hold-out", options.hold_out, "keep clips with one of these in their name for evaluation")
      ->delimiter(',');
  command->add_option("--threads", options.threads, "threads that decode and draw; 0: one per core")
      ->capture_default_str()
      ->check(CLI::Range(0, 256));
  add_footage_options(*command, *words);
  command->callback([words] { run(*words); });
}

}  // namespace ombra::cli
