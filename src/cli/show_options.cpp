#include "cli/show_options.hpp"

#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/frames.hpp"
#include "footage/prepare/last_pictures.hpp"

#include <charconv>

namespace ombra::cli {

void ShowOptions::declare_model(CLI::App& command) {
  command.add_option("--model", model, "folder of the dancer [the one that comes with Ombra]");
}

void ShowOptions::declare(CLI::App& command, const std::string& size_of) {
  command.add_option("--model", model, "folder of the dancer [models/ombra]");
  command.add_option("--set", sets, "set a parameter, path=value; may be repeated; see `ombra --list-parameters`")
      ->allow_extra_args(false);
  command.add_option("--preset", preset,
                     "parameters and modulation from a TOML file, or the name of a preset that was saved");
  command.add_option("--continue", video, "begin where the dancer of this video ends: its last pictures are the seed");
  command
      .add_option("--figure", figure,
                  "which figure, where the video of --continue shows several: largest, left, right, or a number "
                  "counted from the left")
      ->capture_default_str();
  command.add_option("--look", look, "how the dancer is drawn, the same as --set look/name=");
  command.add_option("--dancers", dancers, "how many, the same as --set dancer/count=")
      ->check(CLI::Range(1, kMaxDancers));
  command.add_option("--size", size, size_of + ", WIDTHxHEIGHT")
      ->capture_default_str()
      ->each([this](const std::string&) { size_given = true; });
  command.add_option("--seed", seed, "random seed: the same seed and music give the same choices")
      ->capture_default_str();
  command.add_option("--device", device, "where the networks run")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  command
      .add_option(
          "--decoder", decoder,
          "who makes pictures of latents: gl (shaders) or cpu; auto measures once and takes the faster one, in a video "
          "cpu: other graphics cards round otherwise; torch: LibTorch, which the others are held against")
      ->check(CLI::IsMember({"auto", "gl", "cpu", "torch"}))
      ->capture_default_str();
}

std::vector<std::string> ShowOptions::all_sets() const {
  std::vector<std::string> all;
  if (!look.empty()) all.push_back("look/name=" + look);
  if (dancers > 0) all.push_back(fmt::format("dancer/count={}", dancers));
  all.insert(all.end(), sets.begin(), sets.end());
  return all;
}

std::filesystem::path ShowOptions::model_folder() const {
  return model.empty() ? data_folder() / "models" / "ombra" : model;
}

show::DancerFactory ShowOptions::dancer() const {
  if (video.empty()) return show::model_dancers(device, seed);
  return show::model_dancers(device, seed, [video = video, figure = figure](const std::filesystem::path& folder) {
    train::LastPictures last = train::last_pictures(video, folder, train::parse_figure(figure));
    return show::Beginning{std::move(last.numbers), last.count, last.framings};
  });
}

void ShowOptions::read_size(const char* option, const std::string& size, int& width, int& height) {
  const char* end = size.data() + size.size();
  const auto first = std::from_chars(size.data(), end, width);
  const bool cross = first.ec == std::errc{} && first.ptr != end && (*first.ptr == 'x' || *first.ptr == 'X');
  const auto second = cross ? std::from_chars(first.ptr + 1, end, height) : first;
  if (!cross || second.ec != std::errc{} || second.ptr != end || width < 64 || height < 64 || width > 16384 ||
      height > 16384) {
    throw UsageError(
        fmt::format("{} {}: not a size\nhint: for example {} 1280x720", option, size.substr(0, 40), option));
  }
}

}  // namespace ombra::cli
