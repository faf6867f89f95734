#include "cli/command.hpp"
#include "cli/show_options.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/number.hpp"
#include "show/desk/keys.hpp"
#include "show/params/presets.hpp"
#include "show/session/session.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace ombra::cli {
namespace {

struct PerformOptions {
  show::SessionOptions session;
  ShowOptions show;
  std::string record_size, channels;
  bool json = false, no_session = false, list_parameters = false, list_keys = false;
};

// "3,4" or "3". Throws UsageError.
audio::ChannelPair read_channels(const std::string& text) {
  const std::size_t comma = std::min(text.find(','), text.size());
  const auto one = parse_integer(text.substr(0, comma));
  const auto two = comma < text.size() ? parse_integer(text.substr(comma + 1)) : one;
  const auto there = [](const auto& channel) { return channel && *channel >= 1 && *channel <= audio::kMaxChannels; };
  if (!there(one) || !there(two)) {
    throw UsageError(
        fmt::format("--channels {}: there are channels 1 to {}\nhint: --channels 3,4", text, audio::kMaxChannels));
  }
  return {static_cast<int>(*one) - 1, static_cast<int>(*two) - 1};
}

// Those of the session, which is what the next show will have.
void list_keys(bool session) {
  show::Keys keys;
  const show::Machine machine = session ? show::remembered_machine() : show::Machine{};
  for (const std::string& remark : keys.bind(machine.keys, show::session_path().string())) log::warn("{}", remark);
  std::printf("%s", show::key_page(keys).c_str());
}

void run(PerformOptions options) {
  if (options.list_keys) return list_keys(!options.no_session);
  if (options.list_parameters) {
    std::printf("%s", show::reference_page(show::ShowParams(stage::Stage::looks())).c_str());
    return;
  }
  show::SessionOptions& session = options.session;
  options.show.read_size(session.width, session.height);
  if (session.headless && session.seconds <= 0.0) {
    throw UsageError("--headless needs an end\nhint: add --seconds 10");
  }
  if (!options.channels.empty()) session.channels = read_channels(options.channels);
  session.record = !session.recording.file.empty();
  if (!options.record_size.empty()) {
    ShowOptions::read_size("--record-size", options.record_size, session.recording.width, session.recording.height);
  }
  session.sets = options.show.all_sets();
  session.preset = options.show.preset;
  session.model = options.show.model_folder();
  session.dancer = options.show.dancer();
  session.decoder = show::decoder_mode(options.show.decoder);
  session.keep_session = !options.no_session;
  session.take_dancer = {session.model, options.show.device, options.show.seed, options.show.video,
                         options.show.figure};
  session.version = OMBRA_VERSION;
  show::Session show(session);
  const show::SessionReport report = show.run();
  if (options.json) std::printf("%s\n", show::to_json(report).c_str());
}

}  // namespace

void add_perform(CLI::App& app) {
  const auto options = std::make_shared<PerformOptions>();
  show::SessionOptions& s = options->session;
  CLI::App* command = app.add_subcommand("perform", "The live show: sound in, dancer out (the default command)");
  command->footer(
      "example: ombra perform --input monitor --look neon --set dancer/temperature=1.1\n"
      "exit status: 0 the show was ended, 1 it failed, 2 wrong usage");
  command->add_option("--input", s.input,
                      "sound input, by number or part of its name, or \"bundled track\"; see `ombra devices` [what "
                      "plays on this computer, else the microphone]");
  command->add_option("--channels", options->channels,
                      "channels of the input to listen to, such as 3,4, or 3 alone [the loudest two]");
  command->add_option("--play", s.play, "dance to this sound file instead of an input");
  command->add_flag("--silent", s.silent, "do not play sound files aloud");
  command->add_option("--midi", s.midi, "follow the MIDI clock of this input, a part of its name; see `ombra devices`");
  options->show.declare(*command, "window size in points");
  command
      ->add_option(
          "--output", s.outputs,
          "display that the picture fills alone, by name, part of it, connector or number; up to four; "
          "\"none\": one window for picture and desk; see `ombra devices` [those of the last session, else the "
          "display that is not this computer's own]")
      ->allow_extra_args(false);
  command->add_option(
      "--display", s.display,
      "display of a single window, by number or part of its name; see `ombra devices` [the one of the last "
      "session; the desktop's choice]");
  command->add_flag("--fullscreen", s.fullscreen, "start fullscreen in a single window (F11 changes it)");
  command->add_flag("--headless", s.headless, "no window: off-screen, in real time, without desk and session");
  command->add_flag("--uncapped", s.uncapped, "as fast as possible: no vertical sync, no governor");
  command->add_option("--seconds", s.seconds, "end after this many seconds [when you quit]")
      ->check(CLI::Range(0.0, 1.0e6));
  command->add_option("--record", s.recording.file,
                      "record from the beginning (R stops): .mp4, .mkv, .mov (ProRes), .gif, .png (a folder)");
  command->add_option("--record-folder", s.recording.folder,
                      "folder for other recordings, remembered [the desktop's folder for videos]");
  command->add_option("--record-size", options->record_size,
                      "size of recordings, WIDTHxHEIGHT [the window's, at most 1080 lines; see record/height]");
  command->add_flag("--overwrite", s.recording.overwrite, "replace the file of --record if it exists");
  command->add_option("--take", s.take,
                      "store the show in this new folder, about 20 MB an hour plus sound: `ombra render FOLDER` draws "
                      "it again, at any size");
  command->add_option("--save-frames", s.save_frames, "write the pictures here, frame_000001.png and so on");
  command->add_option("--save-every", s.save_every, "write every n-th frame only")->check(CLI::Range(1, 1000000));
  command->add_flag("--json", options->json, "print a report at the end: one line of JSON");
  command->add_flag("--no-session", options->no_session, "neither restore the last session nor save this one");
  command->add_flag("--list-parameters", options->list_parameters, "print every parameter as a table and exit");
  command->add_flag("--list-keys", options->list_keys, "print every key as a table and exit");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
