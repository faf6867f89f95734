#include "train/free_dance.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "model/generator.hpp"
#include "train/energy_walk.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

FreeDance free_dance(const FreeDanceOptions& o) {
  FreeDance all;
  Progress progress(o.freeze_guard ? "guarded dance" : fmt::format("dance at {}", o.temperature),
                    o.pictures * o.parties * o.dancers);
  const auto a_move = std::max<std::int64_t>(1, std::llround(o.fps * 30.0 / o.bpm));
  for (int party = 0; party < o.parties; ++party) {
    const std::uint64_t seed = o.seed * 1000 + static_cast<std::uint64_t>(party);
    model::Generator generator(o.model, "cpu", seed, o.dancers);
    const auto z = static_cast<std::int64_t>(generator.info().latent_size);
    const torch::Tensor latents = torch::zeros({o.pictures, o.dancers, z});
    EnergyWalk walk(seed);
    model::DanceControls controls;
    controls.temperature = static_cast<float>(o.temperature);
    controls.pulse = static_cast<float>(o.pulse);
    controls.accent = 0.0f;
    controls.freeze_guard = o.freeze_guard;
    const auto row = static_cast<std::size_t>(o.dancers * z);
    for (std::int64_t i = 0; i < o.pictures; ++i) {
      if (interrupted()) throw error("interrupted");
      const double time_s = static_cast<double>(i) / o.fps;
      const model::Moment moment{time_s, time_s * o.bpm / 60.0};
      if (i % a_move == 0) walk.step();
      controls.energy = walk.energy();
      generator.advance(moment, controls);
      generator.pull(moment, controls, {latents.data_ptr<float>() + static_cast<std::size_t>(i) * row, row});
      progress.add(o.dancers);
    }
    for (int d = 0; d < o.dancers; ++d) all.latents.push_back(latents.select(1, d).contiguous());
    const model::DanceCounters counters = generator.counters();
    all.jumps += counters.jumps;
    all.steps += counters.moves;
    all.minutes += static_cast<double>(o.pictures * o.dancers) / o.fps / 60.0;
  }
  return all;
}

std::vector<double> played_beats(std::int64_t pictures, double fps, double bpm) {
  std::vector<double> beats;
  const double period = fps * 60.0 / bpm;
  for (double b = period; b < static_cast<double>(pictures) - 2.0; b += period) beats.push_back(b);
  return beats;
}

}  // namespace ombra::train
