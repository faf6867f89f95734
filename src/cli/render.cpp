#include "audio/analysis.hpp"
#include "audio/hindsight.hpp"
#include "cli/command.hpp"
#include "cli/show_options.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "media/audio_reader.hpp"
#include "media/video_writer.hpp"
#include "show/offline.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

namespace ombra::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kFps = 60.0, kGifFps = 25.0;  // when --fps is not given

struct RenderOptions {
  fs::path song, output;
  ShowOptions show;
  double fps = 0.0;  // 0: by the output's ending
  double from_s = 0.0;
  double to_s = 0.0;  // 0: to the end
  int quality = 20;
  bool overwrite = false;
};

// Before anything slow begins: may the output be written at all?
void check_output(const RenderOptions& options) {
  std::error_code ignored;
  const fs::path& output = options.output;
  if (fs::equivalent(options.song, output, ignored)) {
    throw UsageError(fmt::format("{}: is the song itself\nhint: choose another name for the video", output.string()));
  }
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) {
    throw error("{}: no such folder\nhint: make it first, or choose another", folder.string());
  }
  if (::access(folder.c_str(), W_OK) != 0) {
    throw error("{}: this folder cannot be written\nhint: choose another with -o", folder.string());
  }
  if (fs::is_directory(output, ignored)) {
    throw error("{}: is a folder\nhint: name a file in it, e.g. {}", output.string(), (output / "dance.mp4").string());
  }
  if (fs::exists(output, ignored) && !options.overwrite) {
    throw error("{}: exists already\nhint: --overwrite replaces it", output.string());
  }
}

// Leaves the song between two times, as it is muxed. In place: a long song is large.
void cut(media::Sound& song, double from_s, double to_s) {
  const auto sample = [&song](double time_s) {
    const auto frame = static_cast<std::size_t>(std::llround(std::max(0.0, time_s) * song.rate_hz));
    return song.samples.begin() +
           static_cast<std::ptrdiff_t>(std::min(frame, song.frames()) * static_cast<std::size_t>(song.channels));
  };
  song.samples.erase(sample(to_s), song.samples.end());
  song.samples.erase(song.samples.begin(), sample(from_s));
}

void run(RenderOptions options) {
  show::OfflineOptions offline;
  options.show.read_size(offline.width, offline.height);
  if (options.fps <= 0.0) options.fps = options.output.extension() == ".gif" ? kGifFps : kFps;
  check_output(options);
  media::Sound song = media::read_audio(options.song);
  const double end_s = song.seconds();
  options.to_s = options.to_s > 0.0 ? std::min(options.to_s, end_s) : end_s;
  if (options.from_s >= options.to_s) {
    throw UsageError(
        fmt::format("--from {} --to {}: nothing is left of {}, which lasts {:.2f} s\nhint: times are in "
                    "seconds from the beginning of the song",
                    options.from_s, options.to_s, options.song.string(), end_s));
  }
  const double start_s = now_s();
  offline.dancer = options.show.dancer();
  offline.model = options.show.model_folder();
  offline.preset = options.show.preset;
  offline.sets = options.show.all_sets();
  offline.fps = options.fps;
  offline.from_s = options.from_s, offline.to_s = options.to_s;
  // all of the song is heard, so that the beat is known from the first picture on wherever the part begins
  show::OfflineShow show(offline, audio::analyse_whole(audio::mix_to_mono(song.samples, song.channels), song.rate_hz));
  cut(song, options.from_s, options.to_s);

  std::optional<media::VideoWriter> video;
  {
    Progress progress("rendering", show.frames());
    gfx::Image picture;
    while (!interrupted() && show.next(picture)) {
      if (!video) {
        video.emplace(options.output, media::VideoFormat{.width = picture.width,
                                                         .height = picture.height,
                                                         .fps = options.fps,
                                                         .quality = options.quality,
                                                         .sound = &song});
      }
      video->write(picture.pixels);
      progress.add();
    }
    if (video) video->finish();
  }
  const show::OfflineReport report = show.report();
  const double seconds = static_cast<double>(report.frames) / options.fps, took_s = now_s() - start_s;
  if (report.scrubbed > 0) log::warn("{}: {} numbers were not finite and left out", report.model, report.scrubbed);
  if (report.frames < show.frames()) {
    throw error("interrupted: {}\nhint: the same command with --overwrite starts again",
                video ? fmt::format("{} plays, up to {:.2f} s of {:.2f} s", options.output.string(), seconds,
                                    options.to_s - options.from_s)
                      : fmt::format("{} was not begun", options.output.string()));
  }
  std::printf("%s\n",
              fmt::format("{}: {} of {}x{} at {:g} frames/s, {:.1f} BPM, {} moves; rendered in {}, {:.2f} times "
                          "real time",
                          options.output.string(), duration_text(seconds), offline.width, offline.height, options.fps,
                          report.tempo_bpm, report.moves, duration_text(took_s), seconds / took_s)
                  .c_str());
}

}  // namespace

void add_render(CLI::App& app) {
  const auto options = std::make_shared<RenderOptions>();
  CLI::App* command = app.add_subcommand("render", "The same show as a video: song in, video with its sound out");
  command->footer(
      "example: ombra render song.flac -o dance.mp4 --look neon --dancers 3\n"
      "The same song, seed, parameters and model give the same pictures. Needs no display.\n"
      "Ctrl-C ends early with a video that plays (exit status 1).");
  command->add_option("song", options->song, "whatever FFmpeg reads")->required();
  command->add_option("-o,--output", options->output, "the video: .mp4, .mov, .mkv, or .gif without sound")->required();
  options->show.declare(*command, "of the picture");
  command->add_option("--fps", options->fps, "frames a second [60; of a .gif 25]")->check(CLI::Range(1.0, 240.0));
  command->add_option("--from", options->from_s, "begin at this second of the song")
      ->check(CLI::Range(0.0, 7200.0))
      ->capture_default_str();
  command->add_option("--to", options->to_s, "end at this second [the song's end]")->check(CLI::Range(0.0, 7200.0));
  command->add_option("--quality", options->quality, "constant rate factor of H.264: 0 lossless, 51 worst")
      ->check(CLI::Range(0, 51))
      ->capture_default_str();
  command->add_flag("--overwrite", options->overwrite, "replace a video that exists");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
