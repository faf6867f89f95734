#pragma once
// What `perform` and `render` have in common on the command line: the dancer, and how it is shown.
// Thread: main.

#include "show/dance/dancer_source.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::cli {

struct ShowOptions {
  std::filesystem::path model, preset;
  std::filesystem::path video;     // --continue: the dance goes on from its last pictures; may be empty
  std::string figure = "largest";  // of the video
  std::vector<std::string> sets;
  std::string size = "1280x720", look, device = "auto", decoder = "auto";
  bool size_given = false;
  int dancers = 0;
  std::uint64_t seed = 1;

  // Declares the options; size_of: what --size is the size of.
  void declare(CLI::App& command, const std::string& size_of);
  // --model alone, of commands that measure
  void declare_model(CLI::App& command);
  // The options' short names for parameters, then --set, which wins.
  std::vector<std::string> all_sets() const;
  // -> the folder given, or the dancer that comes with the program
  std::filesystem::path model_folder() const;
  show::DancerFactory dancer() const;
  // Throws UsageError when --size is none.
  void read_size(int& width, int& height) const { read_size("--size", size, width, height); }
  // text: "1280x720"; option: for the message
  static void read_size(const char* option, const std::string& text, int& width, int& height);
};

}  // namespace ombra::cli
