#include "audio/material/prepare_music.hpp"

#include "cli/command.hpp"
#include "core/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

namespace ombra::cli {
namespace {

constexpr std::size_t kShown = 8;

void run(const audio::PrepareMusicOptions& options) {
  const audio::PrepareMusicReport report = audio::prepare_music(options);
  std::map<std::pair<std::string, std::string>, std::pair<int, double>> table;  // split, source -> pieces, hours
  for (const audio::EarPiece& piece : report.pieces) {
    auto& [pieces, hours] = table[{piece.split, piece.source}];
    ++pieces;
    hours += static_cast<double>(piece.length) * piece.hop_s / 3600.0;
  }
  std::string text = fmt::format("{:<12} {:<10} {:>7} {:>7}\n", "split", "source", "pieces", "hours");
  for (const auto& [key, sum] : table)
    text += fmt::format("{:<12} {:<10} {:>7} {:>7.2f}\n", key.first, key.second, sum.first, sum.second);
  for (std::size_t i = 0; i < std::min(kShown, report.passed_over.size()); ++i)
    text += fmt::format("passed over: {}\n", report.passed_over[i]);
  if (report.passed_over.size() > kShown)
    text += fmt::format("passed over: {} more\n", report.passed_over.size() - kShown);
  text += fmt::format("{}: {:.0f} MB in {}", options.output.string(), static_cast<double>(report.bytes) / 1e6,
                      duration_text(report.seconds));
  std::printf("%s\n", text.c_str());
}

}  // namespace

void add_prepare_music(CLI::App& app) {
  const auto options = std::make_shared<audio::PrepareMusicOptions>();
  const auto no_made_up = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "prepare-music", "Turn MIDI performances of drummers into what Ombra's ear learns from: music with known beats");
  command->footer(
      "example: ombra prepare-music groove/ -o data/ear.safetensors --midi /usr/share/games/openttd/baseset/openmsx");
  command->add_option("drums", options->drums, "folder of the Groove MIDI Dataset, with its info.csv");
  command->add_option("-o,--output", options->output, "the file to write (.safetensors)")->required();
  command->add_option("--midi", options->midi,
                      "folder of composed pieces (.mid) with tempo and metre; may be repeated");
  command
      ->add_option("--versions", options->versions,
                   "how often each piece is played: another band, another kit, another room")
      ->capture_default_str()
      ->check(CLI::Range(1, 20));
  command->add_option("--pieces", options->pieces, "no more than so many pieces of sound, for a quick try; 0: all")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000000));
  command->add_option("--seed", options->seed, "another number, other music")->capture_default_str();
  command->add_flag("--no-made-up", *no_made_up, "leave out the music that Ombra makes up itself");
  command->callback([options, no_made_up] {
    options->made_up = !*no_made_up;
    run(*options);
  });
}

}  // namespace ombra::cli
