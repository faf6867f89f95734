#include "train/prepare.hpp"

#include "cli/command.hpp"
#include "core/progress.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace ombra::cli {
namespace {

void run(const train::PrepareOptions& options) {
  const train::PrepareReport r = train::prepare(options);
  const double minutes = static_cast<double>(r.take_frames) / options.fps / 60.0;
  std::printf("%s\n", fmt::format("{} takes, {:.1f} minutes of dance -> {} clips, {} frames ({} held out), {:.0f} MB\n"
                                  "drawing {:.3f} ms a frame on one core, {} in all\n"
                                  "stops of the movement on the beat {:.2f}, on shifted beats {:.2f}\n"
                                  "data set {}\ncontact sheet {}",
                                  r.takes, minutes, r.clips, r.frames, r.held_out_frames,
                                  static_cast<double>(r.bytes) / 1e6, r.draw_ms_a_frame, duration_text(r.seconds),
                                  r.aligned, r.shifted, options.output.string(), r.contact_sheet.string())
                          .c_str());
}

}  // namespace

void add_prepare(CLI::App& app) {
  const auto options = std::make_shared<train::PrepareOptions>();
  const auto no_mirror = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("prepare", "Turn dance footage into a data set: motion capture, drawn as silhouettes");
  command->footer("example: ombra prepare footage/ -o data/dance.safetensors --hold-out TikTok");
  command
      ->add_option("footage", options->inputs,
                   "motion files (.trc, .bvh) or folders of them; a sound file beside one (clip.trc, clip.wav) is its "
                   "soundtrack and gives the beat")
      ->required();
  command
      ->add_option("-o,--output", options->output,
                   "the data set (.safetensors); its contact sheet (.png) lies beside it")
      ->required();
  command->add_option("--fps", options->fps, "frames a second")->capture_default_str();
  command->add_option("--size", options->size, "pixels a side")->capture_default_str();
  command->add_option("--yaw", options->yaws, "camera angles for 3-D clips, degrees")->capture_default_str();
  command->add_flag("--no-mirror", *no_mirror, "leave out the mirrored copies");
  command->add_option("--hold-out", options->hold_out, "keep clips with one of these in their name for evaluation")
      ->delimiter(',');
  command->add_option("--threads", options->threads, "threads that draw; 0: one per core")->capture_default_str();
  command->callback([options, no_mirror] {
    options->mirror = !*no_mirror;
    run(*options);
  });
}

}  // namespace ombra::cli
