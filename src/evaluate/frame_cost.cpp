#include "evaluate/frame_cost.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "footage/motion/filters.hpp"
#include "model/dancers/generator.hpp"

#include <algorithm>

namespace ombra::train {
namespace {

constexpr int kWarm = 4, kMin = 12;

// Everything that was measured of one model.
struct Samples {
  std::vector<double> pictures, steps, decodes, rounds;  // ms; rounds: medians
  double dance_s = 0.0;
  std::uint64_t made = 0;
};

void one_round(const std::filesystem::path& model, const FrameCostOptions& o, std::uint64_t seed, Samples& samples) {
  model::Generator generator(model, "cpu", seed);
  std::vector<float> latent(static_cast<std::size_t>(generator.info().latent_size));
  std::vector<float> figure(static_cast<std::size_t>(generator.info().figure_size));
  FieldImage image;
  const model::DanceControls controls;
  std::vector<double> mine;
  std::uint64_t known = 0;
  const double begun = now_s();
  for (int i = 0; i < o.pictures + kWarm; ++i) {
    if (static_cast<int>(mine.size()) >= kMin && now_s() - begun > o.round_s) break;
    const double time_s = i / o.pictures_per_second;
    const model::Timestamp timestamp{time_s, time_s * 2.0};
    const double from = now_s();
    generator.advance(timestamp, controls);
    generator.pull(timestamp, controls, latent);
    generator.embody(latent, time_s, {}, figure);
    generator.decode(figure, o.size, image);
    const double ms = (now_s() - from) * 1e3;
    const model::DanceCounters counters = generator.counters();
    if (i >= kWarm) {
      mine.push_back(ms);
      samples.decodes.push_back(counters.decode_ms);
      if (counters.moves != known) samples.steps.push_back(counters.step_ms);
      samples.made += counters.moves - known;
    }
    known = counters.moves;
  }
  samples.dance_s += static_cast<double>(mine.size()) / o.pictures_per_second;
  samples.rounds.push_back(quantile(mine, 0.5));
  samples.pictures.insert(samples.pictures.end(), mine.begin(), mine.end());
}

}  // namespace

std::vector<std::optional<FrameCost>> frame_costs(const std::vector<std::filesystem::path>& models,
                                                  const FrameCostOptions& o) {
  std::vector<Samples> samples(models.size());
  std::vector<bool> usable(models.size(), true);
  Progress progress("cost of a picture", static_cast<std::int64_t>(models.size()) * o.rounds);
  for (int round = 0; round < o.rounds; ++round) {
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (interrupted()) throw error("interrupted");
      progress.add();
      if (!usable[i]) continue;
      try {
        one_round(models[i], o, static_cast<std::uint64_t>(round) + 1, samples[i]);
      } catch (const Error&) {
        usable[i] = false;
      }
    }
  }
  std::vector<std::optional<FrameCost>> costs;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Samples& s = samples[i];
    if (!usable[i] || s.pictures.empty()) {
      costs.emplace_back();
      continue;
    }
    double sum = 0.0;
    for (const double ms : s.pictures) sum += ms;
    costs.push_back(FrameCost{.picture_ms = quantile(s.pictures, 0.5),
                              .lowest_ms = *std::min_element(s.rounds.begin(), s.rounds.end()),
                              .highest_ms = *std::max_element(s.rounds.begin(), s.rounds.end()),
                              .mean_ms = sum / static_cast<double>(s.pictures.size()),
                              .step_ms = quantile(s.steps, 0.5),
                              .decode_ms = quantile(s.decodes, 0.5),
                              .steps_per_second = static_cast<double>(s.made) / s.dance_s});
  }
  return costs;
}

}  // namespace ombra::train
