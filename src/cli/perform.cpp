#include "cli/command.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "show/session.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <memory>

namespace ombra::cli {
namespace {

struct PerformOptions {
  show::SessionOptions session;
  std::string size = "1280x720", look, device = "auto";
  int dancers = 0;
  std::uint64_t seed = 1;
  bool json = false, no_session = false, list_parameters = false;
};

void read_size(const std::string& text, int& width, int& height) {
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  const bool cross = first.ec == std::errc{} && first.ptr != end && (*first.ptr == 'x' || *first.ptr == 'X');
  const auto second = cross ? std::from_chars(first.ptr + 1, end, height) : first;
  if (!cross || second.ec != std::errc{} || second.ptr != end || width < 64 || height < 64 || width > 16384 ||
      height > 16384) {
    throw UsageError(fmt::format("--size {}: not a size\nhint: for example --size 1280x720", text.substr(0, 40)));
  }
}

void run(PerformOptions options) {
  if (options.list_parameters) {
    std::printf("%s", show::reference_page(show::ShowParams(stage::Stage::looks())).c_str());
    return;
  }
  show::SessionOptions& session = options.session;
  read_size(options.size, session.width, session.height);
  if (session.headless && session.seconds <= 0.0) {
    throw UsageError("--headless needs an end\nhint: add --seconds 10");
  }
  // plain options are short names for parameters; --set comes last and wins
  std::vector<std::string> sets;
  if (!options.look.empty()) sets.push_back("look/name=" + options.look);
  if (options.dancers > 0) sets.push_back(fmt::format("dancer/count={}", options.dancers));
  session.sets.insert(session.sets.begin(), sets.begin(), sets.end());
  if (session.model.empty()) session.model = data_folder() / "models" / "ombra";
  session.dancer = show::model_dancers(options.device, options.seed);
  session.keep_session = !options.no_session;
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
  command->add_option("--model", s.model, "folder of the dancer [models/ombra]");
  command->add_option("--input", s.input,
                      "sound input, by number or part of its name; see `ombra devices` [the default]");
  command->add_option("--play", s.play, "dance to this sound file instead of an input");
  command->add_flag("--silent", s.silent, "do not play recordings aloud");
  command->add_option("--set", s.sets, "a parameter, path=value; may be given often, see --list-parameters")
      ->allow_extra_args(false);
  command->add_option("--preset", s.preset, "parameters and modulation from a TOML file");
  command->add_option("--look", options->look, "how the dancer is drawn, the same as --set look/name=");
  command->add_option("--dancers", options->dancers, "how many, the same as --set dancer/count=")
      ->check(CLI::Range(1, 16));
  command->add_option("--size", options->size, "of the window in points, WIDTHxHEIGHT")->capture_default_str();
  command->add_flag("--fullscreen", s.fullscreen, "start fullscreen (F11 changes it)");
  command->add_option("--seed", options->seed, "of the dance: the same seed and music give the same choices")
      ->capture_default_str();
  command->add_option("--device", options->device, "where the networks run")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  command->add_flag("--headless", s.headless, "no window: off-screen, in real time, without desk and session");
  command->add_option("--seconds", s.seconds, "end after so long [when the operator quits]")
      ->check(CLI::Range(0.0, 1.0e6));
  command->add_option("--save-frames", s.save_frames, "write the pictures here, frame_000001.png and so on");
  command->add_option("--save-every", s.save_every, "write only every so many")->check(CLI::Range(1, 1000000));
  command->add_flag("--json", options->json, "print at the end what happened, as one line of JSON");
  command->add_flag("--no-session", options->no_session, "neither restore the last session nor keep this one");
  command->add_flag("--list-parameters", options->list_parameters, "print every parameter as a table and end");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
