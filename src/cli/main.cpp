// ombra: reads the command line, runs one command, turns errors into one message and an exit status.
// 0: done, 1: failed, 2: wrong usage.

#include "cli/command.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/locale.hpp"
#include "core/log.hpp"

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

constexpr const char* kDefaultCommand = "perform";

// `ombra` and `ombra --some-option` mean the show, where it is built in.
std::vector<std::string> with_command(CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const std::string first = words.empty() ? "" : words.front();
  const bool about_program =
      first == "-h" || first == "--help" || first == "--version" || first.rfind("--log-level", 0) == 0;
  if (!first.empty() && first[0] != '-') {
    const auto known = [&](CLI::App* command) { return command->check_name(first); };
    if (app.get_subcommands(known).empty()) {
      throw ombra::UsageError(first + ": no such command\nhint: `ombra --help` lists them");
    }
  }
  const bool unnamed = words.empty() || (first[0] == '-' && !about_program);
  const auto named = [](CLI::App* command) { return command->check_name(kDefaultCommand); };
  if (unnamed && !app.get_subcommands(named).empty()) words.insert(words.begin(), kDefaultCommand);
  return words;
}

int report(const char* text, int status) {
  std::fprintf(stderr, "ombra: %s\n", text);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  ombra::use_plain_numbers();
  CLI::App app(
      "Ombra, a live AI shadow dancer: it listens to the music in the room and dances to it.\n"
      "`ombra` alone starts the show; options of `perform` may follow it directly.",
      "ombra");
  app.set_version_flag("--version", "ombra " OMBRA_VERSION);
  app.require_subcommand(1);
  app.fallthrough();  // --log-level may stand behind the command, too
  app.get_formatter()->column_width(34);
  std::string level = "info";
  app.add_option("--log-level", level, "trace, debug, info, warn, error or off")->capture_default_str();
  app.parse_complete_callback([&] { ombra::set_log_level(level); });
  ombra::cli::add_perform(app);
  ombra::cli::add_render(app);
  ombra::cli::add_evaluate(app);
  ombra::cli::add_prepare(app);
  ombra::cli::add_prepare_music(app);
  ombra::cli::add_train(app);
  ombra::cli::add_import(app);
  ombra::cli::add_bench(app);
  ombra::cli::add_devices(app);
  try {
    ombra::watch_interrupts();
    std::vector<std::string> words = with_command(app, argc, argv);
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const ombra::UsageError& e) {
    return report(e.what(), 2);
  } catch (const std::exception& e) {
    return report(e.what(), 1);
  }
  return 0;
}
