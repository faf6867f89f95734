#include "cli/measure/beat_dancer.hpp"

#include "core/error.hpp"
#include "model/dancers/generator.hpp"
#include "model/figure/dancer_file.hpp"
#include "show/dance/dance_clock.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace ombra::cli {
namespace {

constexpr double kFps = 30.0, kFromS = 5.0;
constexpr std::uint64_t kSeed = 1;

model::PoseCode pose_of(const std::filesystem::path& folder) {
  model::PoseCode pose = model::read_dancer(folder).pose;
  if (pose.size() == 0) throw error("{}: its codes are no poses, so no stops are seen in them", folder.string());
  return pose;
}

// -> distance of the joints between two pictures
double moved(std::span<const float> from, std::span<const float> to) {
  double sum = 0.0;
  for (std::size_t i = 0; i < from.size(); ++i) sum += std::pow(static_cast<double>(to[i]) - from[i], 2);
  return std::sqrt(sum);
}

}  // namespace

BeatDancer::BeatDancer(std::filesystem::path model) : model_(std::move(model)), seen_(pose_of(model_)) {}

train::Alignment BeatDancer::dance(std::span<const AudioFrame> hops, std::span<const double> beats_s) const {
  if (hops.empty()) return {};
  model::Generator generator(model_, "cpu", kSeed);
  show::DanceClock clock;
  const auto z = static_cast<std::size_t>(generator.info().latent_size);
  std::vector<float> latent(z), before(seen_.size(z)), now(seen_.size(z));
  std::vector<double> speed;
  std::size_t hop = 0;
  for (double time_s = hops.front().time_s; time_s < hops.back().time_s; time_s += 1.0 / kFps) {
    while (hop + 1 < hops.size() && hops[hop + 1].time_s <= time_s) ++hop;
    const model::Timestamp timestamp = clock.at(time_s, hops[hop].grid, 0.0);
    generator.advance(timestamp, {});
    generator.pull(timestamp, clock.claimed({}), latent);
    seen_.see(latent, now);
    speed.push_back(speed.empty() ? 0.0 : kFps * moved(before, now));
    std::swap(before, now);
  }
  std::vector<double> beats;
  for (const double beat_s : beats_s) {
    if (beat_s >= kFromS && beat_s < hops.back().time_s) beats.push_back((beat_s - hops.front().time_s) * kFps);
  }
  return beats.empty() ? train::Alignment{} : train::alignment(speed, kFps, beats);
}

}  // namespace ombra::cli
