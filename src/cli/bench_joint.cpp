// ombra bench joint: how much of a film's last pose a dance takes up that goes on from there.

#include "cli/command.hpp"
#include "cli/show_options.hpp"
#include "drawing/canvas.hpp"
#include "footage/prepare/last_pictures.hpp"
#include "show/dance/dance.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace ombra::cli {
namespace {

struct JointOptions {
  ShowOptions show;
  std::vector<std::filesystem::path> films;
  std::string pictures;  // a folder
};

// Both silhouettes beside each other.
void draw(const train::Silhouette& film, const train::Silhouette& dance, const std::filesystem::path& file) {
  constexpr int kHeight = 256;
  const int width = film.width * kHeight / std::max(1, film.height);
  Canvas canvas(width + kHeight + 8, kHeight, {40, 60, 90});
  int left = 0;
  for (const train::Silhouette* s : {&film, &dance}) {
    const int wide = s == &film ? width : kHeight;
    std::vector<float> grey(static_cast<std::size_t>(wide) * kHeight);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < wide; ++x) {
        const int from = y * s->height / kHeight * s->width + x * s->width / wide;
        grey[static_cast<std::size_t>(y * wide + x)] = s->inside[static_cast<std::size_t>(from)] ? 0.0f : 1.0f;
      }
    }
    canvas.image(left, 0, wide, kHeight, grey);
    left += wide + 8;
  }
  canvas.write(file);
}

// -> intersection over union of the film's last silhouette and the dance's first one
double overlap(const JointOptions& options, const std::filesystem::path& film) {
  constexpr int kSide = 256;
  const train::LastPictures last =
      train::last_pictures(film, options.show.model_folder(), train::parse_figure(options.show.figure));
  const show::DancerFactory dancer =
      show::model_dancers(options.show.device, options.show.seed, [&](const std::filesystem::path&) {
        return show::Beginning{last.numbers, last.count, last.framings};
      });
  show::Dance dance(dancer(options.show.model_folder()));
  FieldImage image;
  show::DanceRequest request;
  request.field_size = kSide;
  dance.step(request, image);
  train::Silhouette first{kSide, kSide, {}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(kSide) * kSide; ++i)
    first.inside.push_back(image.distance[i] < 0.0f ? 1 : 0);
  if (!options.pictures.empty())
    draw(last.end, first, std::filesystem::path(options.pictures) / (film.stem().string() + ".png"));
  return train::pose_overlap(last.end, first);
}

void run(const JointOptions& options) {
  double sum = 0.0, least = 1.0;
  for (const std::filesystem::path& film : options.films) {
    const double here = overlap(options, film);
    sum += here, least = std::min(least, here);
    std::printf("%s\n", fmt::format("{:.3f}  {}", here, film.string()).c_str());
    std::fflush(stdout);
  }
  std::printf("%s\n", fmt::format("{:.3f}  mean of {}, {:.3f} the least",
                                  sum / static_cast<double>(options.films.size()), options.films.size(), least)
                          .c_str());
}

}  // namespace

void add_bench_joint(CLI::App& bench) {
  const auto options = std::make_shared<JointOptions>();
  CLI::App* command = bench.add_subcommand("joint", "How well `--continue` matches the last pose of a video");
  command->footer(
      "Intersection over union of the silhouettes in the video's last picture and the dance's first, after the best "
      "shift\nand scale. 1: the same pose.\nexample: ombra bench joint friend.mp4 other.mp4");
  command->add_option("films", options->films, "as for `render --continue`")->required();
  command->add_option("--figure", options->show.figure, "largest, left, right, or a number counted from the left")
      ->capture_default_str();
  options->show.declare_model(*command);
  command
      ->add_option("--pictures", options->pictures, "existing folder for a picture of both silhouettes of each video")
      ->check(CLI::ExistingDirectory);
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
