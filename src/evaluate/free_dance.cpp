#include "evaluate/free_dance.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/energy_walk.hpp"

#include <cmath>
#include <utility>

namespace ombra::train {

FreeDance free_dance(const FreeDanceOptions& o) {
  FreeDance all;
  Progress progress(o.words, o.pictures * o.batches * o.dancers);
  for (int batch = 0; batch < o.batches; ++batch) {
    const std::uint64_t seed = o.seed * 1000 + static_cast<std::uint64_t>(batch);
    model::Generator generator(o.model, "cpu", seed, o.dancers);
    const auto z = static_cast<std::int64_t>(generator.info().latent_size);
    const auto first = all.moves.size();
    all.moves.resize(first + static_cast<std::size_t>(o.dancers));
    const torch::Tensor latents = torch::zeros({o.pictures, o.dancers, z});
    EnergyWalk walk(seed);
    model::DanceControls controls = o.controls;
    const auto row = static_cast<std::size_t>(o.dancers * z);
    std::vector<std::uint64_t> known(static_cast<std::size_t>(o.dancers), 0);  // moves of each
    double stepped = 0.0;  // half beats that the energy has wandered
    for (std::int64_t i = 0; i < o.pictures; ++i) {
      if (interrupted()) throw error("interrupted");
      const double time_s = static_cast<double>(i) / o.fps;
      const model::Timestamp timestamp{time_s, o.tempo.beat_at(time_s)};
      for (; stepped <= std::floor(2.0 * timestamp.beat); stepped += 1.0) walk.step();
      controls.energy = o.energy.value_or(walk.energy());
      generator.advance(timestamp, controls);
      for (int d = 0; d < o.dancers; ++d) {
        const auto who = static_cast<std::size_t>(d);
        if (const std::uint64_t made = generator.counters(d).moves; std::exchange(known[who], made) == made) continue;
        if (auto move = generator.last_move(d); !move.empty()) all.moves[first + who].push_back(std::move(move));
      }
      generator.pull(timestamp, controls, {latents.data_ptr<float>() + static_cast<std::size_t>(i) * row, row});
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

}  // namespace ombra::train
