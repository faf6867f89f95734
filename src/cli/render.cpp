#include "audio/beat/analysis.hpp"
#include "audio/beat/hindsight.hpp"
#include "cli/command.hpp"
#include "cli/render_plan.hpp"
#include "cli/render_take.hpp"
#include "cli/render_video.hpp"
#include "cli/show_options.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/times.hpp"
#include "media/read/audio_reader.hpp"
#include "show/offline/continued_show.hpp"
#include "show/offline/offline.hpp"
#include "show/offline/take.hpp"

#include <fmt/format.h>

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
  RenderPlan plan;
  ShowOptions show;
  double fps = 0.0;  // 0: by the output's ending
  std::string from, to;
  int quality = 20;
};

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

void tell(const show::OfflineReport& report, const show::OfflineOptions& show, const fs::path& output,
          const RenderedVideo& done, double took_s) {
  const double seconds = static_cast<double>(done.frames) / show.fps;
  std::printf("%s\n",
              fmt::format("{}: {} of {}x{} at {:g} frames/s, {:.1f} BPM, {} moves; rendered in {}, {:.2f} times "
                          "real time",
                          output.string(), duration_text(seconds), show.width, show.height, show.fps, report.tempo_bpm,
                          report.moves, duration_text(took_s), seconds / took_s)
                  .c_str());
  std::fflush(stdout);
}

void render_song(const RenderOptions& options, const RenderItem& item) {
  if (!item.refused.empty()) throw error("{}", item.refused);
  show::OfflineOptions offline;
  options.show.read_size(offline.width, offline.height);
  offline.fps = options.fps > 0.0 ? options.fps : item.kind == media::VideoKind::kGif ? kGifFps : kFps;
  offline.from_s = options.from.empty() ? 0.0 : parse_time(options.from);
  if (show::is_take(item.song)) {
    return render_take({.take = item.song,
                        .output = item.output,
                        .fps = offline.fps,
                        .from_s = offline.from_s,
                        .to_s = options.to.empty() ? 0.0 : parse_time(options.to),
                        .kind = item.kind,
                        .transparent = options.plan.transparent,
                        .quality = options.quality},
                       options.show);
  }
  const double start_s = now_s();
  media::Sound song = media::read_audio(item.song);
  const double end_s = song.seconds();
  offline.to_s = options.to.empty() ? end_s : std::min(parse_time(options.to), end_s);
  if (offline.from_s >= offline.to_s) {
    throw UsageError(
        fmt::format("--from {} --to {}: nothing is left of {}, which lasts {:.2f} s\nhint: times are counted "
                    "from the beginning of the song",
                    offline.from_s, offline.to_s, item.song.string(), end_s));
  }
  offline.transparent = options.plan.transparent;
  offline.dancer = options.show.dancer();
  offline.decoder = show::decoder_mode(options.show.decoder);
  offline.model = options.show.model_folder();
  offline.preset = options.show.preset;
  offline.sets = options.show.all_sets();
  // all of the song is heard, so that the beat is known from the first picture on wherever the part begins
  show::OfflineShow show(offline, audio::analyse_whole(audio::mix_to_mono(song.samples, song.channels), song.rate_hz));
  cut(song, offline.from_s, offline.to_s);
  std::optional<show::ContinuedShow> whole;
  if (!options.show.video.empty() && !offline.transparent) {
    whole.emplace(options.show.video, show, offline.width, offline.height, offline.fps);
    show::put_before(song, options.show.video, whole->seconds());
  }
  show::PictureSource& pictures = whole ? static_cast<show::PictureSource&>(*whole) : show;
  const RenderedVideo done = render_video(pictures, item.output,
                                          {.fps = offline.fps,
                                           .alpha = offline.transparent,
                                           .kind = item.kind,
                                           .quality = options.quality,
                                           .sound = &song});

  const show::OfflineReport report = show.report();
  if (report.scrubbed > 0) log::warn("{}: {} numbers were not finite and left out", report.model, report.scrubbed);
  if (done.frames < pictures.frames()) {
    throw error("interrupted: {}\nhint: the same command with --overwrite starts again",
                done.frames > 0 ? fmt::format("{} can be played, up to {:.2f} s of {:.2f} s", item.output.string(),
                                              static_cast<double>(done.frames) / offline.fps,
                                              static_cast<double>(pictures.frames()) / offline.fps)
                                : fmt::format("{} was not started", item.output.string()));
  }
  tell(report, offline, item.output, done, now_s() - start_s);
}

// What is wrong with the words themselves is told before anything slow begins, and once.
void check(const RenderOptions& options) {
  int width = 0, height = 0;
  options.show.read_size(width, height);
  for (const std::string& time : {options.from, options.to}) {
    if (!time.empty()) parse_time(time);
  }
  show::Director().assign(options.show.all_sets());
}

void run(const RenderOptions& options) {
  check(options);
  Inputs inputs({options.show.video, options.show.preset, options.show.model});
  const std::vector<RenderItem> items = items_of(options.plan, inputs);
  if (items.size() == 1) return render_song(options, items.front());
  std::size_t failed = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    log::info("{} of {}: {}", i + 1, items.size(), items[i].song.string());
    try {
      render_song(options, items[i]);
    } catch (const std::exception& fault) {
      if (interrupted()) throw;
      std::fprintf(stderr, "ombra: %s\n", fault.what());
      ++failed;
    }
  }
  if (failed > 0) {
    throw error("{} of {} songs failed, the others are in {}\nhint: the reasons are above", failed, items.size(),
                options.plan.output.string());
  }
}

}  // namespace

void add_render(CLI::App& app) {
  const auto options = std::make_shared<RenderOptions>();
  CLI::App* command = app.add_subcommand("render", "Render a song or a take to a video with sound");
  command->footer(
      "example: ombra render song.flac -o dance.mp4 --look neon --dancers 3\n"
      "         ombra render '*.flac' more/*.mp3 -o videos/\n"
      "         ombra render night/ -o scream.mp4 --size 3840x2160 --from 1:12:00 --to 1:14:30\n"
      "The same song, seed, parameters and model give the same pictures. Needs no display.\n"
      "Ctrl-C ends early with a video that plays (exit status 1).");
  command
      ->add_option("song", options->plan.songs,
                   "sound files, patterns such as '*.flac', or the folder of `perform --take`")
      ->required();
  command
      ->add_option("-o,--output", options->plan.output,
                   "the video: .mp4, .mkv, .mov (ProRes), or silent .gif, .png (a folder of numbered pictures) or "
                   "x_%05d.png; of several songs the folder")
      ->required();
  options->show.declare(*command, "picture size");
  command->add_option("--fps", options->fps, "frames a second [60; of a .gif 25]")->check(CLI::Range(1.0, 240.0));
  command->add_option("--from", options->from, "start here in the song: seconds, m:ss or h:mm:ss");
  command->add_option("--to", options->to, "end here [the song's end]");
  command->add_option("--quality", options->quality, "constant rate factor of H.264: 0 lossless, 51 worst")
      ->check(CLI::Range(0, 51))
      ->capture_default_str();
  command
      ->add_option("--codec", options->plan.codec,
                   "h264, prores (.mov), ffv1 (.mkv, lossless), gif, png [by the ending]")
      ->check(CLI::IsMember({"h264", "prores", "ffv1", "gif", "png"}));
  command->add_flag("--transparent", options->plan.transparent,
                    "only the dancers and their light, with straight alpha: .mov (ProRes 4444), .mkv (FFV1) or .png");
  command->add_flag("--overwrite", options->plan.overwrite, "replace an existing video");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
