#include "cli/render_take.hpp"

#include "cli/render_video.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "media/read/audio_reader.hpp"
#include "show/offline/take_show.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <system_error>

namespace ombra::cli {
namespace {

// The sound of the part, silence where there is none any more.
std::optional<media::Sound> sound_of(const std::filesystem::path& take, double from_s, double to_s) {
  const std::filesystem::path file = take / "sound.flac";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  try {
    media::Sound sound = media::read_audio(file);
    const auto sample = [&sound](double time_s) {
      return static_cast<std::size_t>(std::llround(time_s * sound.rate_hz)) * static_cast<std::size_t>(sound.channels);
    };
    sound.samples.resize(sample(to_s), 0.0f);
    sound.samples.erase(sound.samples.begin(), sound.samples.begin() + static_cast<std::ptrdiff_t>(sample(from_s)));
    return sound;
  } catch (const Error& fault) {
    log::warn("the video will be silent: {}", fault.what());
    return {};
  }
}

}  // namespace

void render_take(const TakeRender& render, const ShowOptions& options) {
  const auto of_titles = [](const std::string& set) { return set.starts_with("title/") || set.starts_with("logo/"); };
  if (!std::ranges::all_of(options.sets, of_titles) || !options.preset.empty() || options.dancers > 0 ||
      !options.video.empty()) {
    throw UsageError(
        "a take is drawn as it was played: of the show's options only --look, --size, --model, --decoder and --set "
        "title/... or logo/... count");
  }
  show::TakeShowOptions o;
  o.folder = render.take;
  o.model = options.model;
  o.look = options.look;
  o.sets = options.sets;
  o.decoder = show::decoder_mode(options.decoder);
  o.fps = render.fps;
  o.transparent = render.transparent;
  o.from_s = render.from_s, o.to_s = render.to_s;
  if (options.size_given) options.read_size(o.width, o.height);
  o.dancer = [](const show::TakeDancer& dancer) {
    ShowOptions same;
    same.device = dancer.device, same.seed = dancer.seed, same.video = dancer.video, same.figure = dancer.figure;
    return same.dancer();
  };
  if (o.from_s > 60.0) log::info("dancing from the beginning first, without pictures");
  o.while_waiting = [] { return !interrupted(); };
  const double start_s = now_s();
  show::TakeShow show(o);
  const std::optional<media::Sound> sound = sound_of(render.take, show.from_s(), show.to_s());
  const RenderedVideo done = render_video(show, render.output,
                                          {.fps = render.fps,
                                           .alpha = render.transparent,
                                           .kind = render.kind,
                                           .quality = render.quality,
                                           .sound = sound ? &*sound : nullptr});
  const double seconds = static_cast<double>(done.frames) / render.fps, took_s = now_s() - start_s;
  if (done.frames < show.frames() && interrupted()) {
    throw error("interrupted: {}\nhint: the same command with --overwrite starts again",
                done.frames > 0 ? fmt::format("{} can be played, up to {:.2f} s", render.output.string(), seconds)
                                : fmt::format("{} was not started", render.output.string()));
  }
  std::printf("%s\n",
              fmt::format("{}: {} of {}x{} at {:g} frames/s, of {}, played {}; rendered in {}, {:.2f} times real time",
                          render.output.string(), duration_text(seconds), show.width(), show.height(), render.fps,
                          render.take.string(), show.facts().started, duration_text(took_s), seconds / took_s)
                  .c_str());
}

}  // namespace ombra::cli
